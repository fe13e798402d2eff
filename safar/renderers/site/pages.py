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

_OF_KIND: dict[str, Callable[[Writer, Entry], str]] = {
    "journeys": journey,
    "stages": part_pages.stage,
    "touchpoints": part_pages.touchpoint,
    "goals": part_pages.figure,
    "measures": part_pages.figure,
}


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Path and content of every file; the same site gives the same bytes."""
    yield STYLE, style()
    yield SCRIPT, page.script() + _own("site.js")
    yield INDEX, search.index(site)
    yield "index.html", _first(site)
    for language in site.languages:
        yield from ((f"{language}/{path}", text) for path, text in _in(site, language))


def count(site: Site) -> int:
    """How many files `pages` gives."""
    kinds = sum(bool(site.catalogue.of_kind(kind)) for kind in KINDS)
    return 4 + len(site.languages) * (3 + kinds + len(site.catalogue.entries))


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


def _in(site: Site, language: str) -> Iterator[tuple[str, str]]:
    def writer(path: str) -> Writer:
        return Writer(site, language, path)

    for name, write in (("index", list_pages.home), ("findings", list_pages.findings), ("changes", list_pages.changes)):
        yield f"{name}.html", write(writer(f"{name}.html"))
    for kind in KINDS:
        entries = site.catalogue.of_kind(kind)
        if entries:
            yield f"{kind}/index.html", list_pages.of_kind(writer(f"{kind}/index.html"), kind)
        for entry in entries:
            path = f"{entry.key}.html"
            yield path, _OF_KIND.get(kind, word_pages.write)(writer(path), entry)
