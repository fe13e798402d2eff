"""A picture of a journey without a format: boxes, arrows, stages, and every text that stands in them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.moves import Handler, Place
from safar.renderers.words import Words

PLAIN, TIME, BACK, INTERRUPT = "plain", "time", "back", "interrupt"

OUTSIDE = -1
"""The stage number of boxes that stand in no stage."""


class Meaning(msgspec.Struct, frozen=True):
    """What a box stands for: the start (nothing of these), a place, an interrupt, or the exits with an outcome.

    `stage` is that of a stage's interrupt, empty for a journey's.
    """

    place: Place | None = None
    handler: Handler | None = None
    outcome: str = ""
    stage: str = ""

    @property
    def node(self) -> str:
        """Its name in the figures of a simulation."""
        if self.place is not None:
            return self.place.node
        if self.handler is not None:
            return self.handler.node
        return f"exit:{self.outcome}" if self.outcome else "entry"


class Note(msgspec.Struct, frozen=True):
    """A text stuck to a box; `kind` is that of a lane of the journey map, such as pain."""

    kind: str
    text: str


class Box(msgspec.Struct, frozen=True):
    """`family` is that of the step's look, or start, end, interrupt, stage (all of one), stub (more of one), link.

    `icon`: clock, person, or that of a channel.  `figures` are lines of a simulation, of which `count` came here.
    `marks` are signs at its corner: a number, of error, warning, info; `weak` where customers or time are lost most.
    `on_way`: a customer that is followed was here.  `panel`: the piece of the picture in which it is laid out.
    """

    family: str
    title: str
    details: tuple[str, ...] = ()
    stage: int = OUTSIDE
    meaning: Meaning = Meaning()
    icon: str = ""
    notes: tuple[Note, ...] = ()
    figures: tuple[str, ...] = ()
    count: int | None = None
    marks: tuple[Note, ...] = ()
    weak: bool = False
    on_way: bool = False
    panel: int = 0

    @property
    def node(self) -> str:
        """Its name in the figures of a simulation."""
        return self.meaning.node


class Arrow(msgspec.Struct, frozen=True):
    """From a box to a box, by their numbers.  `kind`: plain, time (a time-out), back (against the flow), interrupt.

    `count`: how many went this way in a simulation.  `on_way`: a customer that is followed went it.
    """

    start: int
    end: int
    label: str = ""
    kind: str = PLAIN
    count: int | None = None
    on_way: bool = False


class StageView(msgspec.Struct, frozen=True):
    title: str
    details: tuple[str, ...] = ()


class Picture(msgspec.Struct, frozen=True):
    """`rtl`: texts without a direction of their own, and the head of the picture, run from the right."""

    key: str
    """The beginning of its ids: no other picture has it."""
    title: str
    details: tuple[str, ...]
    description: str
    stages: tuple[StageView, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    words: Words
    footnotes: tuple[str, ...] = ()
    """Under the picture, such as what the numbers of marks say."""
    notice: str = ""
    """Why it is simpler than it was asked for."""

    @property
    def rtl(self) -> bool:
        return self.words.from_right

    def texts(self) -> Iterator[str]:
        """Every text in the picture."""
        yield self.title
        yield from self.details
        for stage in self.stages:
            yield from (stage.title, *stage.details)
        for box in self.boxes:
            yield from (box.title, *box.details, *box.figures, *(note.text for note in (*box.notes, *box.marks)))
        yield from (arrow.label for arrow in self.arrows)
        yield from self.footnotes


def joined(arrows: list[Arrow], between: str) -> list[Arrow]:
    """Ways that lead from one box to the same box as one arrow, its labels joined; interrupts stay by themselves."""
    found: dict[tuple[int, int, bool], Arrow] = {}
    for arrow in arrows:
        key = arrow.start, arrow.end, arrow.kind == INTERRUPT
        first = found.get(key)
        found[key] = arrow if first is None else _both(first, arrow, between)
    return list(found.values())


def _both(one: Arrow, other: Arrow, between: str) -> Arrow:
    count = None if one.count is None or other.count is None else one.count + other.count
    on_way = one.on_way or other.on_way
    if one.label == other.label:
        return msgspec.structs.replace(one, count=count, on_way=on_way)
    label = between.join(label for label in (one.label, other.label) if label)
    kind = PLAIN if one.kind == TIME else one.kind
    return msgspec.structs.replace(one, label=label, kind=kind, count=count, on_way=on_way)
