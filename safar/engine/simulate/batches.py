"""A population in batches of customers, for figures whose spread over customers is to be known.

Several journeys (or variants of one) are sent the same customers with the same chance, so that a difference between
them is one of journeys and not of customers.  The spread of any figure, also of a quotient, is told by leaving out one
batch after another (the jackknife: J. W. Tukey, "Bias and confidence in not-quite large samples", Annals of
Mathematical Statistics 29 (1958), 614).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from safar.engine.model import Project
from safar.engine.names import fold
from safar.engine.simulate import population
from safar.engine.simulate.counts import Counts, Key
from safar.engine.simulate.measures import Book
from safar.engine.simulate.results import Result, standing
from safar.engine.simulate.sequence import Watch
from safar.engine.simulate.statistics import Z

MOST = 64
"""Batches of a population."""
LEAST = 25
"""Customers of a batch, as long as there are enough for ten batches."""
FEW = 150
"""Customers of a batch; fewer are lived through sooner one by one than in columns."""

_LEFT_OUT = frozenset({"visit", "edge", "answer", "attempt", "sampled", "sum", "product", "untold"})
"""What no figure is made of that is compared."""

Books = tuple[Book, ...]
Figure = Callable[[Books], "Fraction | float | None"]
"""A figure of all sides; None where something is divided by nothing."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the journeys that are compared; `keyed_by` is the name by which its chances are drawn, if not its own."""

    project: Project
    journey: str
    keyed_by: str = ""


class People(msgspec.Struct, frozen=True, kw_only=True):
    """`n` made-up customers, by `seed`, from `start` (None: the default) on."""

    n: int = 10_000
    seed: int = 1
    start: int | None = None

    @property
    def batch(self) -> int:
        """Customers of one batch."""
        return max(1, -(-self.n // MOST), min(LEAST, self.n // 10))


class Estimate(msgspec.Struct, frozen=True):
    """A figure with its 95% interval; without bounds where there are too few batches to tell."""

    value: float
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Rounded to nine places."""
        low, high = (None if bound is None else round(bound, 9) for bound in (self.low, self.high))
        return {"value": round(self.value, 9), "low": low, "high": high}


def run(sides: Sequence[Side], people: People, progress: population.Progress | None = None) -> Iterator[list[Result]]:
    """The results of all sides, batch by batch."""
    for done in range(0, people.n, people.batch):
        last = min(done + people.batch, people.n)
        yield [_one(side, (done + 1, last), people) for side in sides]
        if progress is not None:
            progress(last, people.n)


def _one(side: Side, numbers: tuple[int, int], people: People) -> Result:
    """The customers of these numbers, of `n` in all."""
    start = population.default_start(side.project) if people.start is None else people.start
    keyed_by = {side.journey: side.keyed_by} if side.keyed_by else {}
    options: population.Options = {
        "customers": population.Generated(side.project, people.seed, start, *numbers),
        "n": people.n,
        "seed": people.seed,
        "start": people.start,
        "keyed_by": keyed_by,
        "engine": "plain" if people.batch < FEW else "auto",
    }
    return population.simulate(side.project, side.journey, **options)


class Batches:
    """What batches gave, side by side; memory grows with batches, of which there are few, not with customers."""

    def __init__(self) -> None:
        self.customers = 0
        self._parts: list[list[Counts]] = []
        self._totals: list[Counts] = []
        self._result: list[Result] = []

    def add(self, results: Sequence[Result]) -> None:
        """One more batch: the result of each side, for the same customers."""
        if not self._parts:
            self._totals = [Counts() for _ in results]
        self._result = list(results)
        parts = [_wanted(result.counts[result.programs[0].journey.name]) for result in results]
        self._parts.append(parts)
        self.customers += results[0].customers
        for total, part in zip(self._totals, parts, strict=True):
            total.merge(part)

    def merge(self, other: Batches) -> None:
        """The batches of another part of the population."""
        self._parts += other._parts
        self._result = self._result or other._result
        self._totals = self._totals or [Counts() for _ in other._totals]
        self.customers += other.customers
        for total, part in zip(self._totals, other._totals, strict=True):
            total.merge(part)

    def books(self, totals: Sequence[Counts] | None = None) -> Books:
        """The books of all sides; each knows the others by the names of their journeys."""
        alone = [
            Book(result.programs[0], counts, self._standing(result, whole))
            for result, counts, whole in zip(self._result, totals or self._totals, self._totals, strict=True)
        ]
        others = {fold(book.program.journey.name): book for book in alone}
        return tuple(msgspec.structs.replace(book, others=others) for book in alone)

    @staticmethod
    def _standing(result: Result, whole: Counts) -> Mapping[str, int]:
        times = msgspec.structs.replace(result, total=Counts(last=whole.last))
        return standing(times, times.programs)

    def value(self, figure: Figure) -> float | None:
        """The figure of all customers so far."""
        found = figure(self.books())
        return None if found is None else float(found)

    def watch(self, figure: Figure) -> Watch | None:
        """The figure as a mean of batches (their pseudo-values) that may be looked at whenever one likes."""
        whole, count = self.value(figure), len(self._parts)
        if whole is None:
            return None
        watched = Watch()
        for part in self._parts:
            left = figure(self.books([_without(total, one) for total, one in zip(self._totals, part, strict=True)]))
            if left is None:
                return None
            watched.add(count * whole - (count - 1) * float(left))
        return watched

    def estimate(self, figure: Figure) -> Estimate | None:
        """The figure with an interval for a look at the end, by Student's law; None where there is no figure."""
        whole, watched = self.value(figure), self.watch(figure)
        if whole is None:
            return None
        if watched is None or watched.count < 2:
            return Estimate(whole, None, None)
        mean = watched.total / watched.count
        variance = float(watched.squares - watched.total * mean) / (watched.count - 1)
        half = student(watched.count - 1) * math.sqrt(variance / watched.count)
        return Estimate(whole, whole - half, whole + half)


def student(freedom: int) -> float:
    """The 97.5% quantile of Student's law, after M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions
    (1964), 26.7.5; off by less than 0.001 from ten degrees of freedom on.

    >>> round(student(10), 3), round(student(63), 3)
    (2.228, 1.998)
    """
    z, n = Z, freedom
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return math.fsum(term / n**power for power, term in enumerate(terms))


def _wanted(counts: Counts) -> Counts:
    kept: dict[Key, int] = {key: number for key, number in counts.numbers.items() if key[0] not in _LEFT_OUT}
    return Counts(kept, counts.times, counts.sums, counts.last)


def _without(total: Counts, part: Counts) -> Counts:
    numbers = dict(total.numbers)
    for key, number in part.numbers.items():
        numbers[key] -= number
    sums = dict(total.sums)
    for name, value in part.sums.items():
        sums[name] -= value
    return Counts(numbers, total.times, sums, total.last)
