"""Texts in a picture: how wide they are, where they break, which way they run.

Widths come from the font that is shipped (`fonts/widths.json`), never from the machine, so that a layout is the same
everywhere.  Letters that join have the width of the form they take between their neighbours.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import importlib.resources
import unicodedata
from collections.abc import Iterator

import msgspec

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"

LONGEST = 1_000
"""Letters of a text that are looked at; a picture shows far fewer."""

_MARKS = {LEFT_TO_RIGHT: "\u200e", RIGHT_TO_LEFT: "\u200f"}
_OPEN_ANY, _OPEN_LEFT, _OPEN_RIGHT, _CLOSE = "\u2068", "\u2066", "\u2067", "\u2069"
_STEERING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_JOINERS = "\u200c\u200d"
_UNSEEN = dict.fromkeys(map(ord, (*_MARKS.values(), _OPEN_ANY, _OPEN_LEFT, _OPEN_RIGHT, _CLOSE)))
_WIDE, _OTHER = 1.3, 0.8
"""In em, for letters that our font lacks and the viewer takes from elsewhere: wide ones, and the rest."""


class Label(msgspec.Struct, frozen=True):
    """A text as it is drawn: broken into lines; `size` in points; `rtl`: read from the right."""

    lines: tuple[str, ...]
    size: float
    bold: bool
    rtl: bool

    @property
    def width(self) -> float:
        return max((measure(line, self.size, bold=self.bold) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return len(self.lines) * self.line_height

    @property
    def line_height(self) -> float:
        return self.size * 1.5


class _Weight(msgspec.Struct):
    em: int
    single: dict[str, int]
    joined: dict[str, list[int]]


@functools.cache
def _weight(*, bold: bool) -> _Weight:
    path = importlib.resources.files("safar.renderers") / "fonts" / "widths.json"
    tables = msgspec.json.decode(path.read_bytes(), type=dict[str, _Weight])
    return tables["bold" if bold else "regular"]


@functools.cache
def _single(letter: str, *, bold: bool) -> float:
    """Width in em of a letter that does not join."""
    table = _weight(bold=bold)
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0.0
    known = table.single.get(f"{ord(letter):x}")
    if known is not None:
        return known / table.em
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


@functools.cache
def _forms(letter: str, *, bold: bool) -> tuple[float, ...]:
    """Widths in em of a joining letter: alone, last and, where it joins on both sides, first, middle."""
    table = _weight(bold=bold)
    return tuple(width / table.em for width in table.joined.get(f"{ord(letter):x}", ()))


def in_font(text: str) -> bool:
    """Whether the shipped font has every letter of a text."""
    table = _weight(bold=False)
    keys = {f"{ord(letter):x}" for letter in text if unicodedata.category(letter) != "Cf"}
    return keys <= table.single.keys() | table.joined.keys()


@functools.lru_cache(1 << 14)
def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line in points, without ligatures and kerning: within 1% of what a shaping engine measures.

    >>> round(measure("Wait 2 days", 10), 2), measure("", 10)
    (51.98, 0.0)
    """
    plain = text.translate(_UNSEEN)
    if plain.isascii():  # nothing joins there
        width = 0.0
        for letter in plain:  # not `sum`: newer Pythons add in another way, and maps are the same bytes everywhere
            width += _single(letter, bold=bold)
        return width * size
    visible = [letter for letter in text if letter in _JOINERS or not _is_transparent(letter)]
    total = 0.0
    for index, letter in enumerate(visible):
        forms = _forms(letter, bold=bold)
        if not forms:
            total += _single(letter, bold=bold)
            continue
        before = _joins_on(visible[index - 1], bold=bold) if index else False
        after = _joins_back(visible[index + 1], bold=bold) if index + 1 < len(visible) else False
        total += forms[_form(before=before, after=after and len(forms) == 4)]
    return total * size


@functools.cache
def _is_transparent(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me", "Cf")


def _form(*, before: bool, after: bool) -> int:
    return (3 if after else 1) if before else (2 if after else 0)


def _joins_on(letter: str, *, bold: bool) -> bool:
    """Whether a letter joins the one after it."""
    return letter in "ـ\u200d" or len(_forms(letter, bold=bold)) == 4


def _joins_back(letter: str, *, bold: bool) -> bool:
    return letter in "ـ\u200d" or bool(_forms(letter, bold=bold))


def clean(text: str) -> str:
    """A user's text made safe for a picture: one line, no control characters, none that steer direction.

    Joiners and direction marks stay: Persian needs them.

    >>> clean("a\\x00b\\u202ec\\n d")
    'abc d'
    """
    if text.isprintable():
        return " ".join(text.split())
    kept = (letter for letter in text.translate(_STEERING) if _is_drawable(letter))
    return " ".join("".join(kept).split())


@functools.cache
def _is_drawable(letter: str) -> bool:
    if letter in "\t\n\r":
        return True
    return unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co")


def key_of(*parts: str) -> str:
    """A beginning for ids out of what tells one picture from all others.

    >>> key_of("cart", "flow") != key_of("cart", "map"), len(key_of("x"))
    (True, 9)
    """
    return "m" + hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def apart(text: str) -> str:
    """A user's text inside a sentence of ours, so that the direction of neither disturbs the other."""
    return f"{_OPEN_ANY}{clean(text)}{_CLOSE}"


def code(text: str) -> str:
    """A piece of the language inside a sentence: always from left to right."""
    return f"{_OPEN_LEFT}{clean(text)}{_CLOSE}"


def left_to_right(text: str) -> str:
    """A formula of ours, such as `a = b`, whatever the direction around it."""
    return f"{_OPEN_LEFT}{text}{_CLOSE}"


def runs_from_right(text: str, *, otherwise: bool) -> bool:
    """By the first letter that has a direction and stands in no piece set apart.

    >>> runs_from_right("سلام", otherwise=False), runs_from_right("۲", otherwise=False)
    (True, False)
    """
    depth = 0
    for letter in text:
        if letter in (_OPEN_ANY, _OPEN_LEFT):
            depth += 1
        elif letter == _CLOSE:
            depth -= 1
        elif depth == 0 and (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return kind != "L"
    return otherwise


@functools.lru_cache(1 << 12)
def set_label(text: str, size: float, width: float, *, rtl: bool, bold: bool = False, most: int = 4) -> Label:
    """Break a text into at most `most` lines of at most `width` points; what does not fit ends in an ellipsis.

    `rtl` is the direction of a text without letters of its own.
    """
    text = text[:LONGEST]
    lines = list(_wrap(text, size, width, bold=bold))
    if len(lines) <= most:
        lines = _even(text, size, width, lines, bold=bold)
    else:
        lines = [*lines[: most - 1], _shorten(lines[most - 1] + "…", size, width, bold=bold)]
    from_right = runs_from_right(text, otherwise=rtl)
    return Label(tuple(_directed(line, from_right) for line in _closed(lines)), size, bold, from_right)


def _directed(line: str, from_right: bool) -> str:
    """A line that runs its way wherever it is drawn: the drawer of PNG and PDF takes all lines to run from the left,
    so that one from the right stands apart in it."""
    mark = _MARKS[RIGHT_TO_LEFT if from_right else LEFT_TO_RIGHT]
    return mark + (_OPEN_RIGHT + line + _CLOSE if from_right else line) + mark


def _even(text: str, size: float, width: float, lines: list[str], *, bold: bool) -> list[str]:
    """The same number of lines, none of them with one lost word."""
    for share in (0.5, 0.6, 0.7, 0.8, 0.9) if len(lines) > 1 else ():
        narrower = list(_wrap(text, size, width * share, bold=bold))
        if len(narrower) == len(lines):
            return narrower
    return lines


def _shorten(line: str, size: float, width: float, *, bold: bool) -> str:
    while len(line) > 2 and measure(line, size, bold=bold) > width:
        line = line[:-2] + "…"
    return line


def _wrap(text: str, size: float, width: float, *, bold: bool) -> Iterator[str]:
    """At spaces; a word that is wider than a line is cut."""
    line = ""
    for word in (piece for whole in text.split() for piece in _pieces(whole, size, width, bold=bold)):
        longer = f"{line} {word}" if line else word
        if line and measure(longer, size, bold=bold) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _pieces(word: str, size: float, width: float, *, bold: bool) -> Iterator[str]:
    """A word in pieces no wider than a line, cut by preference behind a mark or an underscore."""
    while measure(word, size, bold=bold) > width:
        fits = bisect.bisect_right(range(len(word)), width, lo=1, key=lambda n: measure(word[: n + 1], size, bold=bold))
        good = max((at + 1 for at in range(fits // 2, fits) if word[at] in "_-./,=()"), default=fits)
        yield word[:good]
        word = word[good:]
    if word:
        yield word


def _closed(lines: list[str]) -> Iterator[str]:
    """Each line with its own isolates: one that is open at the end of a line is opened anew on the next."""
    open_now: list[str] = []
    for line in lines:
        start = "".join(open_now)
        for letter in line:
            if letter in (_OPEN_ANY, _OPEN_LEFT):
                open_now.append(letter)
            elif letter == _CLOSE and open_now:
                open_now.pop()
        yield start + line + _CLOSE * len(open_now)
