"""Answers under way, and which of them comes first within a wait."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import msgspec

from safar.engine.simulate.exact.crowds import Origin
from safar.engine.simulate.exact.laws import Law
from safar.engine.source import NOWHERE, Span


class Place(msgspec.Struct, frozen=True):
    """Where a line is written; two are the same always."""

    span: Span = NOWHERE


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `responds` under way.

    It comes with that `chance`, by that law from its delivery (or from the outer line), which was `age` seconds ago;
    it has not come before the delay `least`.  `turn` is the order of deliveries, `line` that within one; `then` are the
    lines that it sets going.  `fields` are those of its payload that matter.
    """

    turn: int
    line: int
    touchpoint: str
    step: str
    event: str
    chance: float
    law: Law
    age: int = 0
    least: int = 0
    then: tuple[Coming, ...] = ()
    fields: tuple[tuple[str, Origin], ...] = ()
    place: Place = Place()

    @property
    def order(self) -> tuple[int, int]:
        return self.turn, self.line

    @property
    def _open(self) -> float:
        """The chance that it had not come before `least`."""
        return 1.0 - self.chance * self.law.by(self.least - 1)

    def later(self, second: int) -> float:
        """The chance that it has not come by so many seconds from now, or never comes."""
        return min(1.0, (1.0 - self.chance * self.law.by(self.age + second)) / self._open)

    def by(self, second: int) -> float:
        return 1.0 - self.later(second) if second >= 0 else 0.0

    def sum_by(self, second: int) -> float:
        """The sum of seconds from now x chance, up to that second."""
        law, age, before = self.law, self.age, self.least - 1
        whole = law.sum_by(age + second) - law.sum_by(before)
        return self.chance * (whole - age * (law.by(age + second) - law.by(before))) / self._open

    @property
    def never(self) -> float:
        return (1.0 - self.chance) / self._open

    @property
    def soonest(self) -> int:
        return max(0, max(self.law.least, self.least) - self.age)

    @property
    def latest(self) -> int:
        return max(0, self.law.most - self.age)

    def older(self, seconds: int, *, strictly: bool = True) -> Coming:
        """So many seconds later, when it has not come: also not in that second, if `strictly`."""
        least = self.age + seconds + (1 if strictly else 0)
        return msgspec.structs.replace(self, age=self.age + seconds, least=least)

    def surely(self, *, at_once: bool) -> Coming:
        """A memoryless one that will come, from now on or from the next second on."""
        return msgspec.structs.replace(self, chance=1.0, age=0, least=0 if at_once else 1)


class Outcome(msgspec.Struct, frozen=True):
    """How a wait ended: by which answer (None: by time), after how many seconds on average, and what came unheeded.

    `unheeded` are the numbers of answers that came meanwhile, with the mean second of each.
    """

    chance: float
    mean: float
    first: int | None
    soonest: int
    latest: int
    unheeded: tuple[tuple[int, float], ...]
    left: tuple[Coming, ...]


Kept = Callable[[int | None], Sequence[bool]]
"""Which answers still matter once that one has come (None: once the time is up)."""


def wait(coming: Sequence[Coming], heeded: Sequence[bool], kept: Kept, seconds: int) -> Iterator[Outcome]:
    """All ways in which a wait of so many seconds ends; `heeded` says which answers end it."""
    yield from _in_time(coming, heeded, kept(None), seconds)
    for number, one in enumerate(coming):
        if heeded[number] and one.by(seconds) > 0:
            others = [n for n in range(len(coming)) if n != number]
            if not others:
                chance = one.by(seconds)
                mean = one.sum_by(seconds) / chance
                yield Outcome(chance, mean, number, one.soonest, min(seconds, one.latest), (), ())
            else:
                from safar.engine.simulate.exact.seconds import race

                yield from race(coming, number, others, (heeded, kept(number)), seconds)


def _in_time(coming: Sequence[Coming], heeded: Sequence[bool], kept: Sequence[bool], seconds: int) -> Iterator[Outcome]:
    """The time is up before any heeded one came."""
    chance = math.prod(one.later(seconds) for one, heed in zip(coming, heeded, strict=True) if heed)
    choices = [(False,) if heed else (False, True) for heed in heeded]
    for came in itertools.product(*choices):
        share, unheeded, left = chance, [], []
        for number, (one, here) in enumerate(zip(coming, came, strict=True)):
            if here:
                share *= one.by(seconds)
                unheeded.append((number, one.sum_by(seconds) / (one.by(seconds) or 1.0)))
            else:
                share *= 1.0 if heeded[number] else one.later(seconds)
                if kept[number] and one.chance * (1 - one.law.by(one.age + seconds)) > 0:
                    left.append(one.older(seconds))
        if share > 0:
            yield Outcome(share, seconds, None, seconds, seconds, tuple(unheeded), tuple(left))
