"""HTML from elements: whatever is no `Markup` is a text of others and is escaped, in content as in attributes."""

from __future__ import annotations

import functools
import html

from safar.renderers.labels import clean

_VOID = frozenset({"br", "input", "link", "meta"})
_APART = {"\u2068": "<bdi>", "\u2066": '<bdi dir="ltr">', "\u2069": "</bdi>"}


class Markup(str):
    """HTML that is made by `tag` alone, or of our own constants."""

    __slots__ = ()

    def __add__(self, other: str) -> Markup:
        return Markup(str(self) + str(text(other)))


def text(value: str) -> Markup:
    """A text of others as content or within quotes: without control characters, nothing in it is markup.

    >>> text('<b a="1">\\x00')
    '&lt;b a=&quot;1&quot;&gt;'
    """
    return value if isinstance(value, Markup) else _escaped(value)


@functools.lru_cache(maxsize=1 << 14)
def _escaped(value: str) -> Markup:
    """Kept, since a site says most things many times."""
    before = " " if value[:1].isspace() else ""
    after = " " if value[-1:].isspace() and value.strip() else ""
    return Markup(f"{before}{html.escape(clean(value))}{after}")


def phrase(value: str) -> Markup:
    """A sentence of ours in which texts of others are set apart (`labels.apart`): each keeps its own direction.

    >>> phrase("Owner: \\u2068<a>\\u2069")
    'Owner: <bdi>&lt;a&gt;</bdi>'
    """
    shown: list[str] = []
    depth, start = 0, 0
    for at, letter in enumerate(value):
        if letter not in _APART or (letter == "\u2069" and not depth):
            continue
        shown += text(value[start:at]), _APART[letter]
        depth += -1 if letter == "\u2069" else 1
        start = at + 1
    return Markup("".join((*shown, text(value[start:]), "</bdi>" * depth)))


def tag(name: str, /, *content: str, **attributes: str | int | float | None) -> Markup:
    """An element; `class_` is `class`, `aria_label` is `aria-label`; an attribute that is None is left out.

    >>> tag("a", "1 < 2", href="#x", aria_label='"')
    '<a href="#x" aria-label="&quot;">1 &lt; 2</a>'
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """One after the other."""
    return Markup("".join([text(one) for one in content]))
