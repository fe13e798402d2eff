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


def of(values: Array, rows: Rows) -> Array:
    """The values of these rows."""
    return values if isinstance(rows, slice) else values.take(rows)


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
            value = self.value = np.full(self.n, value, self.dtype)
            self._own = True
        elif not self._own:
            value = self.value = value.copy()
            self._own = True
        value[rows] = new
