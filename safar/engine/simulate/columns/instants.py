"""Instants at which something happened to each customer: as many as there are."""

from __future__ import annotations

import numpy as np

from safar.engine.simulate.columns.cells import Array, Rows, Values, numbers

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
