"""Where each character of a YAML text stands in the file, quotes, escapes and folded lines included."""

from __future__ import annotations

from collections.abc import Callable

from safar.dsl.yaml_nodes import Scalar
from safar.engine.source import Source, Span

_BLANK = " \t\r\n"
_LONG_ESCAPES = {"x": 2, "u": 4, "U": 8}


def placer(source: Source, scalar: Scalar) -> Callable[[int, int], Span]:
    """A function from offsets in the scalar's text to spans of the file.

    >>> text = "why: 'it''s late'"
    >>> placer(Source("a.journey.yaml", text), Scalar(5, 17, "it's late", "'"))(5, 9).text
    'late'
    """
    first = scalar.start + (1 if scalar.style in ("'", '"') else 0)
    size = len(scalar.text)
    if source.text.startswith(scalar.text, first) and scalar.style not in ("|", ">"):
        return lambda start, end: Span(source, first + min(start, size), first + min(max(start, end), size))
    offsets = _offsets(source.text, scalar)
    if offsets is None:
        return lambda start, end: Span(source, scalar.start, scalar.end)
    return lambda start, end: _span(source, offsets, min(start, size), min(max(start, end), size))


def _span(source: Source, offsets: list[int], start: int, end: int) -> Span:
    return Span(source, offsets[start], offsets[end - 1] + 1 if end > start else offsets[start])


def _offsets(text: str, scalar: Scalar) -> list[int] | None:
    """The place of each character of the scalar and of its end; None where they cannot be followed."""
    at = _first_letter(text, scalar)
    offsets: list[int] = []
    blank = ""
    for letter in scalar.text:
        if letter in _BLANK and blank and text[at : at + 1] not in _BLANK:
            offsets.append(at - 1)
            continue
        found = _letter(text, at, letter, scalar)
        if found is None:
            return None
        offsets.append(at)
        at, blank = found, letter if letter in _BLANK else ""
    return [*offsets, min(at, scalar.end)]


def _first_letter(text: str, scalar: Scalar) -> int:
    if scalar.style not in ("|", ">"):
        return scalar.start + (1 if scalar.style else 0)
    at = text.find("\n", scalar.start) + 1
    while at < scalar.end and text[at] in _BLANK:
        at += 1
    return at


def _letter(text: str, at: int, letter: str, scalar: Scalar) -> int | None:
    """The place after one letter of the value, or None if something else stands there."""
    if at >= scalar.end:
        return at if letter == "\n" else None
    if scalar.style == '"' and text[at] == "\\" and text[at + 1] not in "\r\n":
        return at + 2 + _LONG_ESCAPES.get(text[at + 1], 0)
    if scalar.style == "'" and letter == "'":
        return at + 2 if text.startswith("''", at) else None
    if letter == "\n" or (letter == " " and text[at] in "\r\n"):
        return _next_line(text, at, scalar)
    return at + 1 if text[at] == letter else None


def _next_line(text: str, at: int, scalar: Scalar) -> int | None:
    """Past a line end and the indentation behind it."""
    end = at
    while end < scalar.end and text[end] in _BLANK:
        end += 1
    return end if "\n" in text[at:end] else None
