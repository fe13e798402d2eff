"""Lines of source with marks under them.  A line with right-to-left letters carries its marks in itself:
a terminal may reorder it, and a row of carets below would point at another word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safar.engine.source import Span, display_width
from safar.renderers.terminal import ISOLATE_END, ISOLATE_LTR, UNDERLINE, Style, right_to_left, visible, wrapped

_CUT = "…"


class Mark(msgspec.Struct, frozen=True):
    """A stretch to point at.  The primary one is the place of the finding."""

    span: Span
    label: str
    primary: bool
    colour: str

    @property
    def line(self) -> int:
        return self.span.source.position(self.span.start)[0]


class _Piece(msgspec.Struct, frozen=True):
    """A mark within the part of its line that is shown: columns from 0, `end` is out."""

    start: int
    end: int
    mark: Mark


class Excerpt(msgspec.Struct, frozen=True):
    """The part of a line that fits into `room` columns; `hidden` marks are in what was cut off."""

    text: str
    pieces: tuple[_Piece, ...]
    room: int
    hidden: tuple[Mark, ...] = ()


def excerpt(marks: Sequence[Mark], room: int) -> Excerpt:
    """Cut the line of these marks (all of one line) to `room` columns around the first primary one."""
    source = marks[0].span.source
    line = marks[0].line
    text = source.line(line)
    columns = [(mark, *_columns(mark, len(text))) for mark in marks]
    focus = min(start for mark, start, _ in columns if mark.primary or not any(m.primary for m in marks))
    first, last = _window(text, focus, room)
    before, after = (_CUT if first else ""), (_CUT if last < len(text) else "")
    shift = len(before) - first
    pieces = [
        _Piece(max(start, first) + shift, min(max(end, start + 1), max(last, start + 1)) + shift, mark)
        for mark, start, end in columns
        if first <= start <= last
    ]
    hidden = tuple(mark for mark, start, _ in columns if not first <= start <= last and mark.label)
    return Excerpt(before + text[first:last] + after, tuple(pieces), room, hidden)


def _columns(mark: Mark, length: int) -> tuple[int, int]:
    source, span = mark.span.source, mark.span
    line, column = source.position(span.start)
    start = min(column - 1, length)
    end_line, end_column = source.position(span.end)
    return start, (min(end_column - 1, length) if end_line == line else length)


def _window(text: str, focus: int, room: int) -> tuple[int, int]:
    if len(text) <= room and display_width(text) <= room:
        return 0, len(text)
    room = max(room - 2 * len(_CUT), 10)
    first = max(0, focus - room // 3)
    while first < focus and display_width(text[first:focus]) > room // 3:
        first += 1
    last, width = first, 0
    while last < len(text) and width < room:
        width += display_width(text[last])
        last += 1
    last -= width > room
    while first and last == len(text) and display_width(text[first - 1 : last]) <= room:
        first -= 1  # nothing is left to show behind, so more is shown before
    return first, last


def rows(part: Excerpt, style: Style) -> Iterator[str]:
    """The line itself, then the rows of marks and labels below it, without the gutter."""
    if right_to_left(part.text):
        yield from _marked_inside(part, style)
    else:
        yield visible(part.text).rstrip()
        yield from _marked_below(part, style)
    for mark in part.hidden:
        column = mark.span.source.position(mark.span.start)[1]
        yield style(f"column {column}: {mark.label}", mark.colour)


def _marked_inside(part: Excerpt, style: Style) -> Iterator[str]:
    line, at = "", 0
    for piece in sorted(part.pieces, key=lambda p: (p.start, p.end)):
        if piece.start < at:
            continue
        opening, closing = _brackets(piece.mark)
        inside = visible(part.text[piece.start : piece.end])
        marked = style(inside, piece.mark.colour, UNDERLINE) if style.colour and inside else opening + inside + closing
        line += visible(part.text[at : piece.start]) + marked
        at = piece.end
    yield ISOLATE_LTR + line + visible(part.text[at:]).rstrip() + ISOLATE_END
    for piece in part.pieces:
        if piece.mark.label:
            sign = "" if style.colour else "".join(_brackets(piece.mark)) + " "
            yield style(f"{sign}{piece.mark.label}", piece.mark.colour)


def _brackets(mark: Mark) -> tuple[str, str]:
    return ("⟦", "⟧") if mark.primary else ("⟨", "⟩")


def _marked_below(part: Excerpt, style: Style) -> Iterator[str]:
    pieces = sorted(part.pieces, key=lambda p: (p.start, p.mark.primary))
    row, at = "", 0
    for piece in pieces:
        start, end = (display_width(visible(part.text[:n])) for n in (piece.start, piece.end))
        end = max(end, start + 1)
        if end <= at:
            continue
        sign = "^" if piece.mark.primary else "-"
        row += " " * (start - at) + style(sign * (end - max(start, at)), piece.mark.colour)
        at = end
    labelled = [piece for piece in pieces if piece.mark.label]
    last = labelled[-1] if labelled and labelled[-1] is pieces[-1] else None
    if last and at + 1 + display_width(last.mark.label) > part.room:
        last = None  # a row of its own, further left
    yield row + (" " + style(last.mark.label, last.mark.colour) if last else "")
    waiting = labelled[:-1] if last else labelled
    while len(waiting) > 1:
        yield _label_row(part, waiting, style)
        waiting.pop()
    if waiting:
        yield from _last_label(part, waiting[0], style)


def _last_label(part: Excerpt, piece: _Piece, style: Style) -> Iterator[str]:
    """The label of the leftmost piece below its mark, or as far left as it must; in several rows if it is long."""
    lines = wrapped(piece.mark.label, part.room)
    longest = max(map(display_width, lines))
    start = min(display_width(visible(part.text[: piece.start])), max(part.room - longest, 0))
    yield from (" " * start + style(line, piece.mark.colour) for line in lines)


def _label_row(part: Excerpt, waiting: Sequence[_Piece], style: Style) -> str:
    """The label of the rightmost piece, and a stroke for each that still waits to its left.

    A label that would not fit stands further left, as far as no stroke is in its way.
    """
    row, at = "", 0
    for piece in waiting:
        start = display_width(visible(part.text[: piece.start]))
        shown = piece.mark.label if piece is waiting[-1] else "|"
        if piece is waiting[-1]:
            start = min(start, max(part.room - display_width(shown), at + 1))
        if start < at:
            continue
        row += " " * (start - at) + style(shown, piece.mark.colour)
        at = start + display_width(shown)
    return row
