"""What stands on a journey map, without a format: columns, lanes of notes, curves, heads of personas, footnotes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.renderers.words import Words

FEELING = "feeling"
"""The kind of the lane that holds the curves."""

CHANNEL = "channel"
"""The kind of a lane of touchpoints; there is one for each channel."""

ALIKE, OWN, ADDED, GONE = "alike", "own", "added", "gone"
"""How a note stands out: not at all; it is the persona's own; only one of the two journeys has it."""


class Note(msgspec.Struct, frozen=True):
    """One thing said, with small lines under it; `marks` are the numbers of footnotes; `bar`, from 0 to 1, is
    drawn as long as it is large.
    """

    text: str
    details: tuple[str, ...] = ()
    look: str = ALIKE
    marks: tuple[str, ...] = ()
    bar: float | None = None


class Cell(msgspec.Struct, frozen=True):
    """A lane in a stage: what is said of the whole stage, and of each touchpoint in it, in their order."""

    whole: tuple[Note, ...]
    slots: tuple[tuple[Note, ...], ...]

    @property
    def notes(self) -> Iterator[Note]:
        yield from self.whole
        for slot in self.slots:
            yield from slot


class Lane(msgspec.Struct, frozen=True):
    """`cells`: one for each column.  `hue`: of a channel, its number."""

    kind: str
    title: str
    cells: tuple[Cell, ...] = ()
    hue: int = 0


class Column(msgspec.Struct, frozen=True):
    """A stage; `slots` is the number of places beside each other in it, one or more."""

    title: str
    slots: int
    marks: tuple[str, ...] = ()
    look: str = ALIKE


class Point(msgspec.Struct, frozen=True):
    """A feeling at a slot (counted over all columns); one that is not `said` only bends the curve."""

    slot: int
    score: int
    text: str = ""
    said: bool = True


class Curve(msgspec.Struct, frozen=True):
    """`hue` is its colour: 0 for all customers or the journey itself, from 1 on for a persona or another journey."""

    title: str
    points: tuple[Point, ...]
    hue: int = 0


class Head(msgspec.Struct, frozen=True):
    """A persona: name, share, story, and what is said of it everywhere; `hue` is that of its curve, 0 without one."""

    title: str
    details: tuple[str, ...]
    hue: int = 0


class Sheet(msgspec.Struct, frozen=True):
    """A whole journey map; `key` begins its ids."""

    key: str
    title: str
    details: tuple[str, ...]
    description: str
    heads: tuple[Head, ...]
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    curves: tuple[Curve, ...]
    footnotes: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    """Looks of notes that need a word, each with its word."""
    words: Words

    @property
    def rtl(self) -> bool:
        return self.words.from_right

    def texts(self) -> Iterator[str]:
        """Every text on the map."""
        yield self.title
        yield from self.details
        for head in self.heads:
            yield from (head.title, *head.details)
        for column in self.columns:
            yield column.title
        for lane in self.lanes:
            yield lane.title
            for note in (note for cell in lane.cells for note in cell.notes):
                yield from (note.text, *note.details, *note.marks)
        for curve in self.curves:
            yield from (curve.title, *(point.text for point in curve.points))
        yield from self.footnotes
        yield from (word for _, word in self.legend)
