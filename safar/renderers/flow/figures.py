"""What a simulation tells, put at the boxes and arrows of the flow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from safar.engine.moves import Wait
from safar.engine.program import COMPLETED, Program
from safar.renderers.flow.passing import passing
from safar.renderers.labels import apart
from safar.renderers.phrases import pretty
from safar.renderers.picture import Box, Picture
from safar.renderers.traffic import Traffic
from safar.renderers.words import Words

_EXIT = "exit:"
_LEAST_LOST, _LEAST_TIME = 0.05, 0.25
"""Of those who entered, and of all the time that is spent waiting for customers: from so much on it is a bottleneck."""


def figured(program: Program, picture: Picture, traffic: Traffic, stays: Mapping[str, float] = {}) -> Picture:
    """The picture with how many come to each step, how many leave there, and where that is most.

    `stays` are the mean seconds that customers stay at a step: then also how long, and where most time is spent.
    """
    passed = passing(program, picture, traffic)
    teller = _Teller(program, picture, traffic, stays)
    boxes = [
        msgspec.structs.replace(box, count=count, figures=tuple(teller.lines(box, count)))
        for box, count in zip(picture.boxes, passed.boxes, strict=True)
    ]
    for number, said in teller.weak():
        boxes[number] = msgspec.structs.replace(boxes[number], weak=True, figures=(*boxes[number].figures, said))
    arrows = (
        msgspec.structs.replace(arrow, count=count) for arrow, count in zip(picture.arrows, passed.arrows, strict=True)
    )
    return msgspec.structs.replace(picture, boxes=tuple(boxes), arrows=tuple(arrows))


def went(words: Words, count: int, whole: int) -> str:
    """A number of customers and their share, if they are a part.

    >>> went(Words("en"), 1588, 2000), went(Words("en"), 3000, 2000)
    ('1,588 · 79%', '3,000')
    """
    if count > whole:  # as in a loop
        return words.count(count)
    return words.say("went", count=words.count(count), share=share(words, count, whole))


def share(words: Words, count: int, whole: int) -> str:
    """A share in whole percent; of less than one with a decimal.

    >>> share(Words("en"), 3, 2000), share(Words("fa"), 1, 3)
    ('0.1%', '۳۳٪')
    """
    part = 100 * count / whole if whole else 0.0
    return words.digits(f"{part:.1f}%" if 0 < part < 1 else f"{part:.0f}%")


class _Teller:
    def __init__(self, program: Program, picture: Picture, traffic: Traffic, stays: Mapping[str, float]) -> None:
        self.picture, self.traffic, self.words, self.stays = picture, traffic, picture.words, stays
        good = {*(goal.name for goal in program.journey.goals), COMPLETED}
        self.gone: dict[str, dict[str, int]] = {}
        self.lost: dict[str, int] = {}
        for way in traffic.edges:
            if way.end.startswith(_EXIT):
                outcome = way.end.removeprefix(_EXIT)
                gone = self.gone.setdefault(way.start, {})
                gone[outcome] = gone.get(outcome, 0) + way.count
                if outcome not in good:
                    self.lost[way.start] = self.lost.get(way.start, 0) + way.count

    def lines(self, box: Box, count: int | None) -> Iterator[str]:
        if count is None:
            return
        yield went(self.words, count, self.traffic.entered)
        if box.meaning.place is None:
            return
        if gone := {outcome: many for outcome, many in self.gone.get(box.node, {}).items() if many}:
            yield self._gone(gone, count)
        if (stay := self.stays.get(box.node, 0)) >= 1:
            yield self.words.say("stay", time=self.words.about(round(stay)))

    def _gone(self, gone: dict[str, int], count: int) -> str:
        """How many leave, and how; of several ways how many by each."""
        words, whole = self.words, sum(gone.values())
        said = words.say("gone", count=words.count(whole), share=share(words, whole, count))
        names = {one: words.say("completed") if one == COMPLETED else apart(pretty(one)) for one in gone}
        if len(gone) == 1:
            return words.say("named", what=said, condition=names[next(iter(gone))])
        ways = sorted(gone, key=lambda one: (-gone[one], one))
        each = (words.say("named", what=names[one], condition=words.count(gone[one])) for one in ways)
        return words.say("named", what=said, condition=words.say("comma").join(each))

    def weak(self) -> Iterator[tuple[int, str]]:
        """Where most customers leave without a goal, and where most time is spent waiting for them."""
        steps = {n: box for n, box in enumerate(self.picture.boxes) if box.meaning.place is not None}
        lost = {number: self.lost.get(box.node, 0) for number, box in steps.items()}
        spent = {number: self._spent(box) for number, box in steps.items()}
        for table, least, key in (
            (spent, _LEAST_TIME * sum(spent.values()), "weak time"),
            (lost, _LEAST_LOST * self.traffic.entered, "weak left"),
        ):
            most = max(table, key=lambda number: (table[number], -number), default=None)
            if most is not None and table[most] > 0 and table[most] >= least:
                yield most, self.words.say(key)

    def _spent(self, box: Box) -> float:
        """Seconds of all customers, where what comes next is up to them or to a channel: a plain wait is meant so."""
        move = box.meaning.place.move if box.meaning.place is not None else None
        step = self.traffic.steps.get(box.node)
        if step is None or (isinstance(move, Wait) and not move.ways):
            return 0.0
        return self.stays.get(box.node, 0.0) * step.visits
