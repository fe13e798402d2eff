"""Figures as whole numbers by key: adding two is merging, so neither order nor division of customers plays a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import msgspec

from safar.engine.simulate.statistics import Times

Key = tuple[str, ...]


class Counts(msgspec.Struct):
    """All figures of one journey (or of all together).

    `numbers` counts by key, whose first word is the kind: attempt, outcome, goal, visit, edge, delivered ...;
    amounts of money, in hundredths of the smallest unit, have their currency last; `sum` and `product` are taken over
    customers, for intervals (`spread.py`).  `times` are the seconds from entry to each goal.  `last` is the latest
    instant at which anything happened.
    """

    numbers: dict[Key, int] = {}
    times: dict[str, Times] = {}
    sums: dict[str, Fraction] = {}
    last: int = 0

    def add(self, *key: str, by: int = 1) -> None:
        self.numbers[key] = self.numbers.get(key, 0) + by

    def add_all(self, keys: Iterable[Key]) -> None:
        """One more of each."""
        numbers = self.numbers
        for key in keys:
            numbers[key] = numbers.get(key, 0) + 1

    def get(self, *key: str) -> int:
        return self.numbers.get(key, 0)

    def under(self, *start: str) -> Iterator[tuple[Key, int]]:
        """What is counted under keys that begin so, with the rest of each key, in order of the keys."""
        length = len(start)
        for key in sorted(key for key in self.numbers if key[:length] == start):
            yield key[length:], self.numbers[key]

    def money(self, *start: str) -> dict[str, int]:
        """Amounts by currency."""
        return {rest[0]: units for rest, units in self.under(*start) if len(rest) == 1}

    def time(self, goal: str, seconds: int) -> None:
        times = self.times.get(goal)
        if times is None:
            times = self.times[goal] = Times()
        times.add(seconds)

    def add_exact(self, name: str, value: Fraction) -> None:
        self.sums[name] = self.sums.get(name, Fraction(0)) + value

    def merge(self, other: Counts) -> None:
        for key, number in other.numbers.items():
            self.add(*key, by=number)
        for goal, times in other.times.items():
            self.times.setdefault(goal, Times()).merge(times)
        for name, value in other.sums.items():
            self.add_exact(name, value)
        self.last = max(self.last, other.last)
