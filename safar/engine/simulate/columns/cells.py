"""What is known of the customers of a chunk, one row each: as one scalar for as long as it is the same for all."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rows = NDArray[np.intp] | slice
ALL = slice(None)
Values = Any
"""A scalar of Python's, or an array."""
NOBODY = np.empty(0, np.intp)


def pick(rows: Rows, index: NDArray[np.intp]) -> NDArray[np.intp]:
    """Some of the rows."""
    return index if isinstance(rows, slice) else rows.take(index)


def numbers(rows: Rows, n: int) -> Array:
    """The numbers of the rows, of n in all."""
    return np.arange(n) if isinstance(rows, slice) else rows


def count(rows: Rows, n: int) -> int:
    """How many rows these are, of n in all."""
    return n if isinstance(rows, slice) else len(rows)


def part(values: Values, index: Array) -> Values:
    """The values of some of the rows; a scalar is everybody's."""
    return values.take(index) if isinstance(values, np.ndarray) else values


def others(index: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """The rows that are not among these, of n in all."""
    left = np.ones(n, np.bool_)
    left[index] = False
    return left.nonzero()[0]


def places(met: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The rows for which it is met.

    Where these are a tenth or fewer, NumPy leaps from one to the next, and the processor guesses wrong at every leap:
    unless they are very few, it is faster to look at each row, as NumPy does where there are more of them.
    """
    n, number = len(met), np.count_nonzero(met)
    if not n <= 25 * number <= 2.5 * n:
        return met.nonzero()[0]
    more = np.ones(n + n // 8 + 1, np.bool_)
    more[:n] = met
    return more.nonzero()[0][:number]


def of(values: Array, rows: Rows) -> Array:
    """The values of these rows."""
    return values if isinstance(rows, slice) else values.take(rows)


def anybody(met: Values) -> bool:
    """Whether it is met for any row."""
    return bool(np.count_nonzero(met)) if isinstance(met, np.ndarray) else bool(met)


def spread(values: Values, n: int, dtype: Any = None) -> Array:
    """As an array of so many rows."""
    return values if isinstance(values, np.ndarray) else np.full(n, values, dtype)


def least(one: Values, other: Values) -> Values:
    """The lesser of both; of two scalars a scalar of Python's."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.minimum(one, other)
    return min(one, other)


def most(one: Values, other: Values) -> Values:
    """The greater of both; of two scalars a scalar of Python's."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.maximum(one, other)
    return max(one, other)


def either(met: Values, one: Values, other: Values) -> Values:
    """The one where it is met, else the other; of scalars a scalar."""
    if isinstance(met, np.ndarray):
        return np.where(met, one, other)
    return one if met else other


class Cell:
    """One value per row.  An array that was given or handed out whole is copied before it is changed."""

    __slots__ = ("_own", "dtype", "n", "value")

    def __init__(self, n: int, value: Values, dtype: Any = np.int64) -> None:
        self.n = n
        self.value = value
        self.dtype = dtype
        self._own = False

    def same(self, value: Values) -> bool:
        """Whether all rows are known to have it."""
        return not isinstance(self.value, np.ndarray) and bool(self.value == value)

    def load(self, rows: Rows) -> Values:
        value = self.value
        if not isinstance(value, np.ndarray):
            return value
        if isinstance(rows, slice):
            self._own = False
            return value
        return value.take(rows)

    def store(self, rows: Rows, new: Values) -> None:
        if isinstance(rows, slice):
            self.value, self._own = new, False
            return
        value = self.value
        if not isinstance(value, np.ndarray):
            if not isinstance(new, np.ndarray) and new == value:
                return
            value = self.value = self._column()
            self._own = True
        elif not self._own:
            value = self.value = value.copy()
            self._own = True
        value[rows] = new

    def _column(self) -> Array:
        """The scalar as an array."""
        return np.full(self.n, self.value, self.dtype)


class Pool:
    """Columns in which all rows hold one value, kept from chunk to chunk: where few rows are ever written, to set these
    back takes less than to fill new ones.
    """

    def __init__(self, value: int) -> None:
        self.value = value
        self._free: list[Array] = []

    def take(self, n: int) -> Array:
        """One of at least so many rows.  Too small ones are given up."""
        while self._free:
            column = self._free.pop()
            if len(column) >= n:
                return column
        return np.full(n, self.value)

    def give_back(self, column: Array, written: list[Rows]) -> None:
        for rows in written:
            column[rows] = self.value
        self._free.append(column)


class Pooled(Cell):
    """A cell whose array is borrowed from a pool, whose value it begins with."""

    __slots__ = ("_borrowed", "_pool", "_written")

    def __init__(self, n: int, pool: Pool) -> None:
        super().__init__(n, pool.value)
        self._pool = pool
        self._borrowed: Array | None = None
        self._written: list[Rows] = []

    def store(self, rows: Rows, new: Values) -> None:
        super().store(rows, new)
        if self._borrowed is not None:
            self._written.append(rows)

    def _column(self) -> Array:
        if self._borrowed is not None or self.value != self._pool.value:
            return super()._column()
        self._borrowed = self._pool.take(self.n)
        return self._borrowed[: self.n]

    def release(self) -> None:
        """Give the array back; the cell is not to be used any more."""
        if self._borrowed is not None:
            self._pool.give_back(self._borrowed, self._written)
            self._borrowed = None
