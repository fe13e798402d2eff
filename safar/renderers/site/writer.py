"""One page of the site: its frame, its policy, and how it speaks of everything else."""

from __future__ import annotations

import datetime
import functools

from safar import __version__
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.page import hash_of
from safar.renderers.html.tables import name
from safar.renderers.labels import apart, clean, code, runs_from_right
from safar.renderers.site.addresses import way
from safar.renderers.site.captions import LANGUAGES, say
from safar.renderers.site.catalogue import Entry
from safar.renderers.site.site import Site
from safar.renderers.words import RIGHT_TO_LEFT, Words

STYLE, SCRIPT, INDEX = "site.css", "site.js", "search.js"
MAIN = ("journeys", "touchpoints", "channels", "personas", "teams", "measures")
"""The kinds that the head of every page leads to; the others stand on the first page."""

_LOADER = Markup(
    'const s = document.createElement("script"); s.src = document.currentScript.dataset.src; document.head.append(s);'
)
"""The one script that stands in a page.  Only it may run, and what it loads: it works from a disk, where a file is of
no origin and a hash cannot be asked of it."""


class Writer:
    """Writes one page: `path` is its place in the folder of its language."""

    def __init__(self, site: Site, language: str, path: str) -> None:
        self.site, self.language = site, language
        self.words, self.numbers = Words(language), Numbers(language)
        self._path, self._here = path, f"{language}/{path}"
        self.rtl = language in RIGHT_TO_LEFT

    def say(self, key: str, **parts: str) -> str:
        return say(self.language, key, **parts)

    def count(self, number: int) -> str:
        return self.numbers.count(number)

    def date(self, date: datetime.date) -> Markup:
        """As the language writes it: in Persian by the Iranian calendar."""
        return tag("time", self.words.date(date), datetime=date.isoformat())

    def place(self, path: str, line: int) -> Markup:
        """A line of a file."""
        return phrase(self.say("line", file=code(path), line=self.words.number(line)))

    # --- links

    def way(self, path: str) -> str:
        """To a page of the same language."""
        return way(self._here, f"{self.language}/{path}")

    def link(self, entry: Entry, text: str = "") -> Markup:
        """To the page of an entry, by its title."""
        return tag("a", name(text or entry.label), href=self.way(f"{entry.key}.html"))

    def links(self, entries: list[Entry]) -> Markup:
        """Several, with commas between them."""
        return Markup(self.say("comma").join(self.link(entry) for entry in entries))

    def anchor(self, to: str, text: str) -> Markup:
        """To a page of ours, or to a part of this one."""
        return tag("a", text, href=to if to.startswith("#") else self.way(to))

    # --- the frame

    def page(self, title: str, *content: str, trail: tuple[Markup, ...] = ()) -> str:
        """The whole page; `trail` leads to it from the first one."""
        whole = f"{clean(title)} · {clean(self.site.title)}" if title else clean(self.site.title)
        heading = tag("h1", phrase(title) if "\u2068" in title else name(title)) if title else Markup()
        head = joined(
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy()),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", whole),
            tag("link", rel="stylesheet", href=self._shared(STYLE)),
        )
        body = tag(
            "body",
            tag("a", self.say("skip"), href="#main", class_="skip"),
            self._head(),
            tag("main", self._trail(trail), heading, *content, id="main", tabindex=-1),
            self._foot(),
            tag("script", _LOADER, data_src=self._shared(SCRIPT)),
            class_="site",
            data_home=self.way("index.html").removesuffix("index.html"),
            data_index=self._shared(INDEX),
            data_nothing=self.say("nothing"),
            data_found=self.say("found", n="{n}"),
        )
        way_of_reading = "rtl" if self.rtl else "ltr"
        html = tag("html", tag("head", head), body, lang=self.language, dir=way_of_reading)
        return f"<!DOCTYPE html>\n{html}\n"

    def _shared(self, file: str) -> str:
        return way(self._here, file)

    def _head(self) -> Markup:
        field = tag(
            "input",
            type="search",
            id="search",
            placeholder=self.say("search"),
            aria_label=self.say("search"),
            autocomplete="off",
            role="combobox",
            aria_expanded="false",
            aria_controls="results",
            aria_autocomplete="list",
        )
        found = tag("ul", id="results", role="listbox", aria_label=self.say("results"))
        told = tag("p", id="told", role="status", class_="faint")
        search = tag("div", field, tag("div", told, found, class_="results"), role="search", class_="search")
        return tag("header", self._brand(), search, self._languages(), self._pages(), class_="top")

    def _brand(self) -> Markup:
        return tag("a", name(self.site.title), href=self.way("index.html"), class_="brand")

    def _languages(self) -> Markup:
        others = [
            tag("a", LANGUAGES[one], href=way(self._here, f"{one}/{self._path}"), lang=one, hreflang=one)
            for one in self.site.languages
            if one != self.language
        ]
        return tag("nav", *others, class_="languages", aria_label=self.say("language")) if others else Markup()

    def _pages(self) -> Markup:
        catalogue = self.site.catalogue
        kinds = [kind for kind in MAIN if catalogue.of_kind(kind)]
        links = [self.anchor(f"{kind}/index.html", self.say(kind)) for kind in kinds]
        links += [self.anchor(f"{page}.html", self.say(page)) for page in ("findings", "changes")]
        items = (tag("li", link) for link in links)
        return tag("nav", tag("ul", *items), class_="pages", aria_label=self.say("pages"))

    def _trail(self, trail: tuple[Markup, ...]) -> Markup:
        if not trail:
            return Markup()
        steps = (tag("li", step) for step in (self.anchor("index.html", self.say("home")), *trail))
        return tag("nav", tag("ol", *steps), class_="trail", aria_label=self.say("path"))

    def _foot(self) -> Markup:
        return tag("footer", phrase(self.say("made", version=code(__version__), project=apart(self.site.title))))

    def direction(self, text: str) -> str | None:
        """Which way a text of others runs, where that is not the page's."""
        from_right = runs_from_right(text, otherwise=self.rtl)
        return None if from_right == self.rtl else "rtl" if from_right else "ltr"


@functools.cache
def policy() -> str:
    """Nothing is loaded but what the site holds, nothing sent or framed.

    >>> policy().split("; ")[1]
    "style-src 'self'"
    """
    return (
        f"default-src 'none'; style-src 'self'; script-src '{hash_of(_LOADER)}' 'strict-dynamic'; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
