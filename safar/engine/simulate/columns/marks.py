"""What measures count, marked as it happens: leaves of formulas, each with the runs it is restricted to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from safar.engine.names import fold
from safar.engine.simulate.columns.cells import Array, Rows, Values, part, pick
from safar.engine.simulate.columns.column import UNKNOWN, Column, full
from safar.engine.simulate.columns.listening import chosen
from safar.engine.simulate.columns.stamps import NEVER, Stamps, instant
from safar.engine.simulate.leaves import Leaf
from safar.engine.simulate.spread import FURTHEST, GRID, UNTOLD, counted, summed

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.look import Payload


class Marked:
    """Runs to which something happens at these stamps; of money `units` (for all, or each) and currency."""

    __slots__ = ("_offset", "currency", "n", "now", "payload", "rows", "units")

    def __init__(
        self, rows: Rows, n: int, now: Stamps, money: tuple[Values, str] = (1, ""), payload: Payload | None = None
    ) -> None:
        self.rows = rows
        self.n = n
        self.now = now
        self.units, self.currency = money
        self.payload = payload
        self._offset: Values = None

    @property
    def at(self) -> Values:
        return instant(self.now)

    def some(self, index: Array) -> Marked:
        units = part(self.units, index)
        at = Marked(pick(self.rows, index), len(index), part(self.now, index), (units, self.currency))
        if self.payload:
            at.payload = {name: Column(part(c[0], index), part(c[1], index)) for name, c in self.payload.items()}
        return at

    def worth(self, units: Values, currency: str) -> Marked:
        """The same, of so much money."""
        return Marked(self.rows, self.n, self.now, (units, currency))

    def offset(self, chunk: Chunk) -> Values:
        """Seconds since the entry."""
        if self._offset is None:
            self._offset = self.at - chunk.began.load(self.rows)
        return self._offset

    def total(self) -> int:
        return int(self.units.sum()) if isinstance(self.units, np.ndarray) else self.units * self.n


class Point(Protocol):
    """Something that is told of what happens."""

    def mark(self, chunk: Chunk, at: Marked) -> None: ...


class Counting:
    """A leaf that counts its marks, or adds their amounts.  `persona` is its number, `arms` of splits and arms.

    `spreads`: how it spreads over customers is wanted for an interval.
    """

    def __init__(self, leaf: Leaf, persona: int | None, arms: tuple[tuple[int, int], ...], spreads: bool) -> None:
        self.leaf = leaf
        self.persona = persona
        self.arms = arms
        self.spreads = spreads
        self.key = leaf.key

    def mark(self, chunk: Chunk, at: Marked) -> None:
        at = self._chosen(chunk, at)
        if at.n:
            self.add(chunk, at)

    def add(self, chunk: Chunk, at: Marked) -> None:
        key = ("leaf", self.key, at.currency) if at.currency else ("leaf", self.key)
        if self.arms:
            chunk.gather(self, key, at.rows, at.units)
        else:
            chunk.tally.numbers[key] += at.total()
            self.spread(chunk, at.rows, at.units, at.currency)

    def spread(self, chunk: Chunk, rows: Rows, units: Values, currency: str = "") -> None:
        """So much more for each of these customers."""
        if self.spreads:
            chunk.spread(counted(self.leaf, currency), rows, units)

    def mean_of(self, chunk: Chunk, rows: Rows, values: Values) -> None:
        """So much more of what a mean is taken of."""
        if self.spreads:
            chunk.spread(summed(self.leaf), rows, values)

    def _chosen(self, chunk: Chunk, at: Marked) -> Marked:
        """Those within the leaf's time, and of its persona."""
        chosen: Any = True
        if self.leaf.within is not None:
            chosen = at.offset(chunk) <= self.leaf.within
        if self.persona is not None:
            chosen = chosen & (chunk.personas.load(at.rows) == self.persona)
        if isinstance(chosen, np.ndarray):
            return at.some(np.flatnonzero(chosen))
        return at if chosen else at.some(np.empty(0, np.intp))

    def in_arms(self, chunk: Chunk, rows: Rows, n: int) -> Array:
        """Which of the runs went into all the arms."""
        chosen = np.ones(n, np.bool_)
        for split, arm in self.arms:
            chosen &= chunk.arms[split].load(rows) == arm
        return chosen


class Averaging(Counting):
    """The average of a field of an event: how many are known, and their exact sum."""

    def add(self, chunk: Chunk, at: Marked) -> None:
        payload = at.payload or {}
        column = next((one for name, one in payload.items() if fold(name) == self.leaf.field), UNKNOWN)
        values, known = full(column, at.n)
        chosen = np.flatnonzero(known)
        values = values.take(chosen)
        rows = pick(at.rows, chosen)
        if self.arms:
            chunk.gather(self, ("leaf", self.key), rows, 1)
            chunk.gather(self, ("sum", self.key), rows, values)
            return
        chunk.tally.numbers[("leaf", self.key)] += len(chosen)
        chunk.tally.sums[self.key] += exact_sum(values)
        self.spread(chunk, rows, 1)
        if values.dtype == np.float64:
            told = np.flatnonzero(np.abs(values) < FURTHEST)
            if len(told) < len(values):
                chunk.tally.numbers[(UNTOLD, summed(self.leaf))] += len(values) - len(told)
            rows, values = rows.take(told), np.rint(values.take(told) * GRID)
        self.mean_of(chunk, rows, values.astype(np.int64))


def exact_sum(values: Array) -> Fraction:
    """The sum as a fraction: of doubles too."""
    if values.dtype == np.float64:
        return sum(map(Fraction, values.tolist()), Fraction(0))
    far = len(values) and max(int(values.max()), -int(values.min())) > 2**40
    return Fraction(sum(values.tolist()) if far else int(values.sum()))


class Timing(Counting):
    """The time from the first of one thing to the first of another that is not before it."""

    def start(self, chunk: Chunk, at: Marked) -> None:
        cells = chunk.timed[self.key]
        new = chosen(at, np.equal(cells.start.load(at.rows), NEVER))
        if new is not None:
            offset = new.offset(chunk)
            cells.start.store(new.rows, offset)
            both = chosen(new, np.equal(cells.before.load(new.rows), offset))
            if both is not None:
                self._end(chunk, both)

    def mark(self, chunk: Chunk, at: Marked) -> None:
        cells = chunk.timed[self.key]
        begun = np.not_equal(cells.start.load(at.rows), NEVER)
        early = chosen(at, np.logical_not(begun))
        if early is not None:
            cells.before.store(early.rows, early.offset(chunk))
        open_ = chosen(at, begun & np.logical_not(cells.over.load(at.rows)))
        if open_ is not None:
            self._end(chunk, open_)

    def _end(self, chunk: Chunk, at: Marked) -> None:
        cells = chunk.timed[self.key]
        cells.over.store(at.rows, True)
        at = self._chosen(chunk, at)
        if not at.n:
            return
        took = at.offset(chunk) - cells.start.load(at.rows)
        if self.arms:
            chunk.gather(self, ("leaf", self.key), at.rows, 1)
            chunk.gather(self, ("sum", self.key), at.rows, took)
            return
        self.spread(chunk, at.rows, 1)
        self.mean_of(chunk, at.rows, took)
        chunk.tally.numbers[("leaf", self.key)] += at.n
        chunk.tally.sums[self.key] += exact_sum(took) if isinstance(took, np.ndarray) else Fraction(took * at.n)


class Starting:
    """Where the time of a leaf begins."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def mark(self, chunk: Chunk, at: Marked) -> None:
        self._timing.start(chunk, at)
