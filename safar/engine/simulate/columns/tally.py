"""What a chunk counts, as whole numbers: most of it per batch, never per row."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from safar.engine.simulate.columns.cells import Array, Values, spread
from safar.engine.simulate.columns.products import product
from safar.engine.simulate.columns.stamps import Stamps, instant, latest
from safar.engine.simulate.counts import Counts, Key
from safar.engine.simulate.statistics import Times, bounds

TOTALS = frozenset(("channel_delivered", "channel_suppressed", "cost", "channel_cost", "revenue"))
"""The kinds of figures that are counted over all journeys too."""


class Tally:
    """The counts of one chunk."""

    def __init__(self) -> None:
        self.numbers: defaultdict[Key, int] = defaultdict(int)
        self.sums: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.last: Any = 0
        self._times: defaultdict[str, list[Array]] = defaultdict(list)

    def group(self, prefix: Key, names: tuple[str, ...], codes: Values, n: int, suffix: Key = ()) -> None:
        """One more for each name that a row has: `codes` count from 0, -1 is none; one for all n rows, or one each."""
        if not isinstance(codes, np.ndarray):
            if codes >= 0:
                self.numbers[(*prefix, names[codes], *suffix)] += n
            return
        if len(names) > 8:
            found = np.bincount(codes + 1, minlength=len(names) + 1).tolist()[1:]
        else:
            found = [int(np.count_nonzero(codes == code)) for code in range(len(names))]
        for name, number in zip(names, found, strict=True):
            if number:
                self.numbers[(*prefix, name, *suffix)] += number

    def time(self, goal: str, seconds: Values, n: int) -> None:
        self._times[goal].append(spread(seconds, n))

    def seen(self, now: Stamps) -> None:
        """Something happened at these stamps."""
        self.last = max(self.last, instant(latest(now)))

    def add(self, other: Tally) -> None:
        """What another chunk counted."""
        for key, number in other.numbers.items():
            self.numbers[key] += number
        for name, amount in other.sums.items():
            self.sums[name] += amount
        for goal, seconds in other._times.items():
            self._times[goal] += seconds
        self.last = max(self.last, other.last)

    @property
    def size(self) -> int:
        """How many times it keeps."""
        return sum(len(one) for all in self._times.values() for one in all)

    def into(self, journey: Counts, total: Counts) -> None:
        """Add everything to the counts of the journey and of all together."""
        numbers = {key: int(number) for key, number in self.numbers.items()}
        part = Counts(numbers, {goal: _times(all) for goal, all in self._times.items()}, last=int(self.last))
        for name, amount in self.sums.items():
            part.add_exact(name, amount)
        journey.merge(part)
        total.merge(Counts({key: n for key, n in numbers.items() if key[0] in TOTALS}, last=int(self.last)))


_EDGES = np.array(bounds())


def _times(seconds: list[Array]) -> Times:
    """The histogram of `statistics.Times`, from sorted values."""
    values: Any = np.concatenate(seconds)
    short = np.int32 if values.max() < np.iinfo(np.int32).max else np.int64  # half as wide: sorted twice as fast
    ordered = np.sort(values.astype(short))
    begin = np.searchsorted(ordered, np.minimum(_EDGES, np.iinfo(short).max).astype(short))
    number = np.diff(begin, append=len(values))
    classes = np.flatnonzero(number)
    totals = np.add.reduceat(ordered, begin[classes], dtype=np.int64)
    found = zip((classes + 1).tolist(), zip(number[classes].tolist(), totals.tolist(), strict=True), strict=True)
    return Times(len(values), int(values.sum()), dict(found), product(values, values, len(values)))
