"""The frame of every page: its policy lets run and load only what stands in it."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources

from safar.renderers import svg_parts
from safar.renderers.html.markup import Markup, joined, tag
from safar.renderers.labels import clean
from safar.renderers.words import RIGHT_TO_LEFT


def page(title: str, language: str, *content: str, kind: str, live: bool = False) -> str:
    """A whole page; `kind` is the class of its body.  A `live` one is told by its server what is new."""
    look, moves = style(), script(live=live)
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(look, moves, live=live)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", clean(title)),
        tag("style", Markup(look)),
    )
    body = tag("body", *content, tag("script", Markup(moves)), class_=kind)
    way = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    return f"<!DOCTYPE html>\n{tag('html', tag('head', head), body, lang=language, dir=way)}\n"


def policy(style: str, script: str, *, live: bool = False) -> str:
    """Nothing is loaded, sent or framed; the one style and the one script are known by their hashes.  A `live` page may
    ask the server that it came from.

    >>> policy("", "").split("; ")[0]
    "default-src 'none'"
    """
    asks = "connect-src 'self'; " if live else ""
    return (
        f"default-src 'none'; style-src '{hash_of(style)}'; script-src '{hash_of(script)}'; font-src data:; "
        f"{asks}base-uri 'none'; form-action 'none'"
    )


def hash_of(content: str) -> str:
    """What a policy knows a style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")


@functools.cache
def style() -> str:
    """Of all pages: fonts, colours on light and on dark screens, maps on dark screens, and paper."""
    return "\n".join((svg_parts.fonts(), _file("page.css"), svg_parts.dark(".map")))


def script(*, live: bool = False) -> str:
    """Of all pages: maps that zoom, boxes to choose; of live ones also what renews them."""
    return _file("page.js") + (_file("live.js") if live else "")


@functools.cache
def _file(name: str) -> str:
    return (importlib.resources.files("safar.renderers.html") / name).read_text(encoding="utf-8")
