"""A journey map with sizes and places, in points, as if it were read from the left.

A table needs no layout engine: widths are given, heights are what the broken texts need.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

from safar.renderers import theme
from safar.renderers.journey_map.plot import Plot, plot
from safar.renderers.journey_map.sheet import CHANNEL, FEELING, Cell, Column, Head, Lane, Note, Sheet
from safar.renderers.labels import Label, set_label

LANE_HEAD, GUTTER, HEAD_WIDTH = 104.0, 16.0, 190.0
SLOT_WIDTHS = {1: 172.0, 2: 132.0}
"""Of a slot, by how many a stage has; `SLOT` for more."""
SLOT = 118.0
PADDING, GAP, INSIDE, BAR = 6.0, 5.0, 5.0, 3.0
CHEVRON = 9.0
MOST = 9
"""Lines of one text; what is longer is cut, and whole in the title that a pointer shows."""


class SetNote(msgspec.Struct, frozen=True):
    note: Note
    labels: tuple[Label, ...]
    left: float
    top: float
    width: float

    @property
    def height(self) -> float:
        return sum(label.height for label in self.labels) + 2 * INSIDE - 2


class SetLane(msgspec.Struct, frozen=True):
    """`plot` is there in the lane of feelings only."""

    lane: Lane
    label: Label
    top: float
    height: float
    notes: tuple[SetNote, ...] = ()
    plot: Plot | None = None


class SetColumn(msgspec.Struct, frozen=True):
    column: Column
    label: Label
    left: float
    width: float


class SetHead(msgspec.Struct, frozen=True):
    head: Head
    labels: tuple[Label, ...]
    left: float
    top: float
    width: float
    height: float


class Placed(msgspec.Struct, frozen=True):
    """Everything with its place; `top` is where the stages begin and `bottom` where the lanes end."""

    sheet: Sheet
    width: float
    title: tuple[Label, ...]
    heads: tuple[SetHead, ...]
    columns: tuple[SetColumn, ...]
    lanes: tuple[SetLane, ...]
    top: float
    stages: float
    bottom: float
    footnotes: tuple[Label, ...]


class Grid(msgspec.Struct, frozen=True):
    """Where the slots of each column stand."""

    slots: tuple[tuple[tuple[float, float], ...], ...]
    """For each column the left and the width of each slot."""

    @property
    def right(self) -> float:
        left, width = self.slots[-1][-1] if self.slots else (LANE_HEAD + GUTTER, 0.0)
        return left + width

    def column(self, number: int) -> tuple[float, float]:
        """Left and width of a column."""
        slots = self.slots[number]
        return slots[0][0], sum(width for _, width in slots)

    def middles(self) -> list[float]:
        """The middle of every slot, over all columns."""
        return [left + width / 2 for slots in self.slots for left, width in slots]

    def narrowest(self) -> float:
        return min((width for slots in self.slots for _, width in slots), default=SLOT)


def grid(columns: Sequence[Column]) -> Grid:
    """Columns beside each other, behind the heads of the lanes."""
    found, left = [], LANE_HEAD + GUTTER
    for column in columns:
        width = SLOT_WIDTHS.get(column.slots, SLOT)
        found.append(tuple((left + width * slot, width) for slot in range(column.slots)))
        left += width * column.slots
    return Grid(tuple(found))


def place(sheet: Sheet) -> Placed:
    """Break and measure every text, and give it its place."""
    rtl, where = sheet.rtl, grid(sheet.columns)
    width = max(where.right, 2 * HEAD_WIDTH)
    title = [set_label(sheet.title, theme.HEAD_SIZE, width, rtl=rtl, bold=True, most=3)]
    title += [set_label(text, theme.TEXT_SIZE, width, rtl=rtl, most=3) for text in sheet.details]
    heads, top = _heads(sheet, width, sum(label.height for label in title) + 8)
    columns = tuple(_column(sheet, where, number) for number in range(len(sheet.columns)))
    stages = max((one.label.height for one in columns), default=0.0) + 12 if columns else 0.0
    lanes, bottom = _lanes(sheet, where, top + stages + 3)
    footnotes = tuple(set_label(text, theme.TEXT_SIZE, width, rtl=rtl, most=4) for text in sheet.footnotes)
    return Placed(sheet, width, tuple(title), heads, columns, lanes, top, stages, bottom, footnotes)


def _heads(sheet: Sheet, width: float, top: float) -> tuple[tuple[SetHead, ...], float]:
    """Heads of personas in rows, as many beside each other as there is room for; and where they end."""
    beside = max(1, min(len(sheet.heads), int((width + 10) // (HEAD_WIDTH + 10))))
    room = min((width + 10) / beside - 10, 400.0)
    found: list[SetHead] = []
    for first in range(0, len(sheet.heads), beside):
        row = [_head(sheet, head, room) for head in sheet.heads[first : first + beside]]
        height = max(sum(label.height for label in labels) for labels in row) + 12
        for number, labels in enumerate(row):
            left = number * (room + 10)
            found.append(SetHead(sheet.heads[first + number], labels, left, top, room, height))
        top += height + 10
    return tuple(found), top


def _head(sheet: Sheet, head: Head, room: float) -> tuple[Label, ...]:
    texts = room - AVATAR - 14
    labels = [set_label(head.title, theme.TITLE_SIZE, texts, rtl=sheet.rtl, bold=True, most=2)]
    labels += [set_label(text, theme.TEXT_SIZE, texts, rtl=sheet.rtl) for text in head.details]
    return tuple(labels)


AVATAR = 38.0
"""Room for the figure in the head of a persona."""


def _column(sheet: Sheet, where: Grid, number: int) -> SetColumn:
    column = sheet.columns[number]
    left, width = where.column(number)
    text = " ".join((column.title, *column.marks))
    room = width - 2 * CHEVRON - 8
    return SetColumn(column, set_label(text, theme.STAGE_SIZE, room, rtl=sheet.rtl, bold=True, most=3), left, width)


# --- lanes


def _lanes(sheet: Sheet, where: Grid, top: float) -> tuple[tuple[SetLane, ...], float]:
    found = []
    for lane in sheet.lanes:
        label = set_label(lane.title, theme.TITLE_SIZE, LANE_HEAD - 14, rtl=sheet.rtl, bold=True, most=3)
        if lane.kind == FEELING:
            drawn = plot(sheet, where.middles(), where.narrowest() - 12, top)
            found.append(SetLane(lane, label, top, drawn.height, plot=drawn))
        else:
            notes = tuple(
                note for at, cell in enumerate(lane.cells) for note in _cell(sheet, lane, cell, where, at, top)
            )
            foot = max(note.top + note.height for note in notes) + PADDING
            found.append(SetLane(lane, label, top, max(foot - top, label.height + 2 * PADDING), notes))
        top += found[-1].height
    return tuple(found), top


def _cell(sheet: Sheet, lane: Lane, cell: Cell, where: Grid, number: int, top: float) -> Iterator[SetNote]:
    """What is said of the whole stage on top, over its full width; under it each touchpoint's notes in its slot."""
    top += PADDING
    left, width = where.column(number)
    for note in _stack(sheet, lane, cell.whole, (left, width), top):
        yield note
        top = note.top + note.height + GAP
    widths = [width for _, width in where.slots[number]]
    if lane.kind != CHANNEL:
        widths = _widened(cell, widths)
    for (left, _), width, notes in zip(where.slots[number], widths, cell.slots, strict=True):
        yield from _stack(sheet, lane, notes, (left, width), top)


def _widened(cell: Cell, widths: list[float]) -> list[float]:
    """A slot may use the empty one behind it."""
    empty = [not notes for notes in cell.slots]
    return [
        width + (widths[at + 1] if at + 1 < len(widths) and empty[at + 1] else 0) for at, width in enumerate(widths)
    ]


def _stack(sheet: Sheet, lane: Lane, notes: Sequence[Note], side: tuple[float, float], top: float) -> Iterator[SetNote]:
    left, width = side[0] + PADDING, side[1] - 2 * PADDING
    made = [_note(sheet, lane, note, (left, width)) for note in notes]
    for note, at in zip(made, accumulate((one.height + GAP for one in made), initial=top), strict=False):
        yield msgspec.structs.replace(note, top=at)


def _note(sheet: Sheet, lane: Lane, note: Note, side: tuple[float, float]) -> SetNote:
    left, width = side
    room = width - BAR - 2 * INSIDE - 2
    text = " ".join((note.text, *note.marks))
    bold = bool(note.details) or lane.kind in (CHANNEL, "ways out")
    labels = [set_label(text, theme.NOTE_SIZE, room, rtl=sheet.rtl, bold=bold, most=MOST)]
    labels += [set_label(one, theme.SMALL_SIZE, room, rtl=sheet.rtl) for one in note.details]
    return SetNote(note, tuple(labels), left, 0.0, width)
