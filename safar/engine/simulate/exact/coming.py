"""Answers under way, and which of them comes first within a wait."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from safar.engine.simulate.exact.crowds import Origin
from safar.engine.simulate.exact.laws import Law
from safar.engine.simulate.exact.refusal import NotExactError
from safar.engine.source import NOWHERE, Span

MOST_SECONDS = 4_000_000
"""Seconds of a wait in which several answers race that are looked at one by one."""


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
                yield from _race(coming, number, others, (heeded, kept(number)), seconds)


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


def _race(
    coming: Sequence[Coming],
    number: int,
    others: Sequence[int],
    flags: tuple[Sequence[bool], Sequence[bool]],
    seconds: int,
) -> Iterator[Outcome]:
    """`number` comes first of the heeded ones: a sum over the second at which it does."""
    import numpy as np

    one = coming[number]
    low, high = one.soonest, min(seconds, one.latest)
    if high - low > MOST_SECONDS:
        raise NotExactError("several answers race over too long a time", one.place.span)
    at = np.arange(low, high + 1)
    mass = _mass(one, low, high)
    ways = [list(_ways(coming, number, n, flags, at)) for n in others]
    for chosen in itertools.product(*ways):
        weights = mass.copy()
        for factor, _, _ in chosen:
            weights = weights * factor
        chance = float(weights.sum())
        if chance <= 0:
            continue
        mean = float((weights * at).sum()) / chance
        unheeded = tuple(
            (n, float((mass * _others(chosen, m) * moments).sum()) / chance)
            for m, (n, (_, _, moments)) in enumerate(zip(others, chosen, strict=True))
            if moments is not None
        )
        left = tuple(stays for _, stays, _ in chosen if stays is not None)
        yield Outcome(chance, mean, number, low, high, unheeded, left)


def _others(chosen: Sequence[tuple[Any, Coming | None, Any]], without: int) -> Any:
    product: Any = 1.0
    for m, (factor, _, _) in enumerate(chosen):
        if m != without:
            product = product * factor
    return product


def _mass(one: Coming, low: int, high: int) -> Any:
    """The chance of each second."""
    import numpy as np

    return -np.diff(each_later(one, low - 1, high))


def each_later(one: Coming, low: int, high: int) -> Any:
    """`later` for each second from low to high."""
    import numpy as np

    d = np.arange(low, high + 1) + one.age - one.law.shift
    law = one.law
    if law.kind == "fixed":
        by = (d >= law.low).astype(float)
    elif law.kind == "uniform":
        by = np.clip((d - law.low + 1) / (law.high - law.low), 0.0, 1.0)
    elif law.kind == "exponential":
        by = -np.expm1(-np.maximum(d + 1, 0) / law.low)
    else:
        by = np.array([law.by(int(k) + law.shift) for k in d])
    return np.where(np.arange(low, high + 1) < max(0, one.least - one.age), 1.0, (1.0 - one.chance * by) / one._open)


def _ways(
    coming: Sequence[Coming], number: int, n: int, flags: tuple[Sequence[bool], Sequence[bool]], at: Any
) -> Iterator[tuple[Any, Coming | None, Any]]:
    """What may be with another answer when the first comes: it is still to come, never comes, or came unheeded."""
    import numpy as np

    one, rival = coming[number], coming[n]
    before = rival.order < one.order
    low, high = int(at[0]), int(at[-1])
    later = each_later(rival, low, high) if before else each_later(rival, low - 1, high - 1)
    heeded, kept = flags
    if not kept[n]:
        yield later, None, None
    elif len(at) == 1:
        yield later, rival.older(low, strictly=before), None
    elif rival.law.memoryless:
        yield np.full(len(at), rival.never), None, None
        yield later - rival.never, rival.surely(at_once=not before), None
    else:
        raise NotExactError("an answer is still awaited after another came at any time", rival.place.span)
    if not heeded[n]:
        last = high if before else high - 1
        each = np.arange(0, last + 1)
        sums = np.cumsum(_mass(rival, 0, last) * each) if last >= 0 else np.zeros(1)
        index = at if before else at - 1
        yield 1.0 - later, None, np.where(index >= 0, sums[np.maximum(index, 0)], 0.0)
