"""Text for a terminal: colour, and texts of others made harmless and visible.

Nothing that a journey file says may move the cursor, change colours, turn the reading direction of its
surroundings or end a line early; all of it is shown instead.
"""

from __future__ import annotations

import unicodedata

from safar.engine.source import display_width

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HIDDEN = {
    ord(letter): f"\\u{ord(letter):04x}" for letter in (*_BIDI, "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff")
}
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_SHOWN = {**_CONTROL, **_HIDDEN, 0x09: " "}

ISOLATE_LTR, ISOLATE_AUTO, ISOLATE_END = "\u2066", "\u2068", "\u2069"

BOLD, UNDERLINE, RED, YELLOW, BLUE, CYAN, GREEN = "1", "4", "31", "33", "34", "36", "32"


def visible(text: str) -> str:
    """The text with every control character, bidi control and lone surrogate spelled out; a tab is a space.

    Joiners and direction marks (ZWNJ, ZWJ, LRM, RLM) stay: Persian needs them.

    >>> visible("a\\x1b[2Jb\\u202e")
    'a\\\\x1b[2Jb\\\\u202e'
    """
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    shown = _orderless(text.translate(_SHOWN))
    if any("\ud800" <= letter <= "\udfff" for letter in shown):
        shown = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in shown)
    return shown


def _orderless(text: str) -> str:
    """Without `##[` or `##word[`, by which build services take orders from anywhere in a line."""
    if "##" not in text:
        return text
    import re

    return re.sub(r"##(?=\w*\[)", r"#\\x23", text)


def right_to_left(text: str) -> bool:
    """Whether a letter of a right-to-left script stands in it.

    >>> right_to_left("سبد"), right_to_left("cart")
    (True, False)
    """
    return not text.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)


def prose(text: str) -> str:
    """A sentence of ours with names of others in backticks: visible, right-to-left names isolated."""
    shown = visible(text)
    if not right_to_left(shown):
        return shown
    parts = shown.split("`")
    if len(parts) % 2 == 0:
        return shown
    return "".join(_name(part) if number % 2 else part for number, part in enumerate(parts))


def _name(text: str) -> str:
    return f"{ISOLATE_AUTO}`{text}`{ISOLATE_END}" if right_to_left(text) else f"`{text}`"


def whole_line(text: str) -> str:
    """Prose that begins a line: not with `::`, by which a build service takes orders also behind spaces.

    >>> whole_line(" ::error::x")
    ' \\\\x3a:error::x'
    """
    return prose(text).replace("::", "\\x3a:", 1) if text.lstrip().startswith("::") else prose(text)


def path(text: str) -> str:
    """A path to print at the start of a line; never one that a build service reads as an order to itself.

    >>> path("::error::x.journey")
    './::error::x.journey'
    """
    shown = visible(text)
    return f"./{shown}" if shown.lstrip().startswith((":", "#")) else shown


def wrapped(text: str, room: int) -> list[str]:
    """The text in rows of so many columns, parted at spaces; a word that is longer stays whole.

    >>> wrapped("one two three", 7)
    ['one two', 'three']
    """
    if display_width(text) <= room:
        return [text]
    rows = [""]
    width = 0
    for word in text.split(" "):
        length = display_width(word)
        if rows[-1] and width + 1 + length > room:
            rows.append(word)
            width = length
        else:
            width += length + bool(rows[-1])
            rows[-1] += f" {word}" if rows[-1] else word
    return rows


class Style:
    """Colours, or none of them.

    >>> Style(colour=False)("error", RED, BOLD)
    'error'
    """

    __slots__ = ("colour",)

    def __init__(self, *, colour: bool = False) -> None:
        self.colour = colour

    def __call__(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour and text else text
