"""Columns: the values of one thing for many customers, and which of them are known."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]
Values = Any
"""A number for all rows, or an array with one for each."""


class NotInColumns(Exception):  # noqa: N818 - no mistake, but an answer
    """Something that cannot be done over columns; says what."""


class Column(NamedTuple):
    """`values` is one number for all rows, or an array; `known` likewise.  Where not known, values mean nothing.

    Whole numbers, durations, money (as in `expression.py`), instants and dates (`clock.day_number`) are int64; numbers
    and percentages float64; yes and no bool; everything else the codes of an `Interner`, int64.
    """

    values: Values
    known: bool | Bools = True


UNKNOWN = Column(0, False)


class Interner:
    """Numbers for values that are no numbers: texts, names, lists.  Grows while it is used; only for one process."""

    def __init__(self) -> None:
        self._codes: dict[Hashable, int] = {}
        self._values: list[Any] = []

    def code(self, value: Hashable) -> int:
        """
        >>> codes = Interner()
        >>> codes.code("gold"), codes.code("silver"), codes.code("gold"), codes.value(1)
        (0, 1, 0, 'silver')
        """
        found = self._codes.get(value)
        if found is None:
            found = self._codes[value] = len(self._values)
            self._values.append(value)
        return found

    def value(self, code: int) -> Any:
        return self._values[code]


def take(column: Column, index: Rows) -> Column:
    """The rows of that index; what is one for all stays so."""
    values, known = column
    if isinstance(values, np.ndarray):
        values = values.take(index)
    return Column(values, known.take(index) if isinstance(known, np.ndarray) else known)


def is_true(column: Column, n: int) -> bool | Bools:
    """Which of n rows are known to be true; one answer if it is the same for all."""
    values, known = column
    if known is True:
        return values if isinstance(values, np.ndarray) else bool(values)
    if isinstance(values, np.ndarray):
        return values & known
    return known if values else False


def full(column: Column, n: int) -> tuple[NDArray[Any], Bools]:
    """Values and known as arrays of n rows.  Not to be written to."""
    values, known = column
    if not isinstance(values, np.ndarray):
        values = np.broadcast_to(np.asarray(values), (n,))
    if not isinstance(known, np.ndarray):
        known = np.broadcast_to(np.asarray(known), (n,))
    return values, known


def differ(old: Column, new: Column, n: int) -> Bools:
    """Where two columns are not the same."""
    same = np.logical_and(old.known, new.known) & np.equal(old.values, new.values)
    same = same | np.logical_not(np.logical_or(old.known, new.known))
    return np.broadcast_to(np.logical_not(same), n)
