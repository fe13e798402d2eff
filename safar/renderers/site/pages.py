"""All files of a site, one after the other."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Callable, Iterator

from safar.renderers.html import page
from safar.renderers.html.markup import joined, tag
from safar.renderers.site import list_pages, part_pages, search, word_pages
from safar.renderers.site.captions import LANGUAGES
from safar.renderers.site.catalogue import KINDS, Entry
from safar.renderers.site.journey_page import write as journey
from safar.renderers.site.site import Site
from safar.renderers.site.writer import INDEX, SCRIPT, STYLE, Writer, policy

Make = Callable[[], str]

_OF_KIND: dict[str, Callable[[Writer, Entry], str]] = {
    "journeys": journey,
    "stages": part_pages.stage,
    "touchpoints": part_pages.touchpoint,
    "goals": part_pages.figure,
    "measures": part_pages.figure,
}


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Path and content of every file; the same site gives the same bytes."""
    return ((path, make()) for path, make in makers(site).items())


def makers(site: Site) -> dict[str, Make]:
    """Every file by its path: calling it makes it."""
    made: dict[str, Make] = {
        STYLE: style,
        SCRIPT: lambda: page.script() + _own("site.js"),
        INDEX: lambda: search.index(site),
        "index.html": lambda: _first(site),
    }
    for language in site.languages:
        made |= {f"{language}/{path}": make for path, make in _in(site, language)}
    return made


@functools.cache
def style() -> str:
    """The style of all pages."""
    return page.style() + _own("site.css")


def _own(name: str) -> str:
    return (importlib.resources.files("safar.renderers.site") / name).read_text(encoding="utf-8")


def _first(site: Site) -> str:
    """What leads into a language: at once, and by links for whoever turned that off."""
    links = [tag("p", tag("a", LANGUAGES[one], href=f"{one}/index.html", lang=one)) for one in site.languages]
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="refresh", content=f"0; url={site.languages[0]}/index.html"),
        tag("title", site.title),
        tag("link", rel="stylesheet", href=STYLE),
    )
    body = tag("body", tag("main", tag("h1", site.title), *links), class_="site")
    return f"<!DOCTYPE html>\n{tag('html', tag('head', head), body, lang=site.languages[0])}\n"


def _in(site: Site, language: str) -> Iterator[tuple[str, Make]]:
    def made(path: str, write: Callable[..., str], *about: object) -> tuple[str, Make]:
        return path, lambda: write(Writer(site, language, path), *about)

    yield made("index.html", list_pages.home)
    yield made("findings.html", list_pages.findings)
    yield made("changes.html", list_pages.changes)
    for kind in KINDS:
        entries = site.catalogue.of_kind(kind)
        if entries:
            yield made(f"{kind}/index.html", list_pages.of_kind, kind)
        for entry in entries:
            yield made(f"{entry.key}.html", _OF_KIND.get(kind, word_pages.write), entry)
