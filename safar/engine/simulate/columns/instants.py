"""Instants at which something happened to each customer: as many as there are."""

from __future__ import annotations

import numpy as np

from safar.engine.simulate.columns.cells import Array, Rows, Values, numbers
from safar.engine.simulate.columns.column import Column, full

LONG_AGO = -(1 << 40)
"""The instant of what has not happened: outside of every window."""


class Instants:
    """A row for each customer, which grows with the one to whom most happens."""

    def __init__(self, n: int) -> None:
        self._at = np.full((n, 2), LONG_AGO)
        self._number = np.zeros(n, np.intp)

    def add(self, rows: Rows, at: Values) -> None:
        which = numbers(rows, len(self._number))
        number = self._number.take(which)
        if number.max(initial=0) >= self._at.shape[1]:
            self._at = np.concatenate((self._at, np.full_like(self._at, LONG_AGO)), axis=1)
        self._at[which, number] = at
        self._number[which] = number + 1

    def after(self, rows: Rows, instants: Values) -> Array:
        """How many are later than an instant, for each row."""
        found: Array = (self._at[rows] > np.reshape(instants, (-1, 1))).sum(axis=1)
        return found

    def forget(self, rows: Rows) -> None:
        self._at[rows] = LONG_AGO
        self._number[rows] = 0


class Occurrences(Instants):
    """A value beside each instant, to find the first one within a time."""

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self._values: Array = np.zeros((n, 2), np.int64)
        self._known: Array = np.zeros((n, 2), np.bool_)

    def keep(self, rows: Rows, at: Values, new: Column) -> None:
        which = numbers(rows, len(self._number))
        place = self._number.take(which)
        self.add(rows, at)
        values, known = full(new, len(which))
        if values.dtype != self._values.dtype and known.any():
            self._values = self._values.astype(values.dtype)
        more = self._at.shape[1] - self._known.shape[1]
        if more:
            self._values, self._known = (np.pad(one, ((0, 0), (0, more))) for one in (self._values, self._known))
        self._values[which, place] = values
        self._known[which, place] = known

    def first(self, rows: Rows, instants: Values) -> Column:
        """That of the first later than an instant, for each row."""
        late = self._at[rows] > np.reshape(instants, (-1, 1))
        found = np.arange(len(late)), late.argmax(axis=1)
        known: Array = late[found] & self._known[rows][found]
        return Column(self._values[rows][found], known)
