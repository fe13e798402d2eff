"""What runs did themselves, deliveries and actions, and are still to hear once they rest: the earliest first."""

from __future__ import annotations

import numpy as np

from safar.engine.simulate.columns.cells import Array, Rows, numbers

MOST = 4
"""Deeds of a run that can be kept until it rests."""


class Deeds:
    """The numbers of the deeds of each row, as sources."""

    def __init__(self, n: int) -> None:
        self._waiting = np.zeros((n, MOST), np.int32)  # a number more each, 0 for none

    def add(self, rows: Rows, number: int) -> Array:
        """One more; the rows that have no room for it, or in which the same one is not heard yet."""
        which = numbers(rows, len(self._waiting))
        waiting = self._waiting[which]
        kept = (waiting[:, -1] == 0) & (waiting != number + 1).all(axis=1)
        self._waiting[which[kept], np.count_nonzero(waiting[kept], axis=1)] = number + 1
        left: Array = which[~kept]
        return left

    def any(self, rows: Rows) -> Array:
        """Which rows have any."""
        found: Array = self._waiting[rows, 0] > 0
        return found

    def take(self, rows: Rows) -> Array:
        """The first of each, which is taken away; -1 if there is none."""
        waiting = self._waiting[rows]
        first: Array = waiting[:, 0] - 1
        self._waiting[rows] = np.concatenate((waiting[:, 1:], np.zeros((len(waiting), 1), np.int32)), axis=1)
        return first

    def forget(self, rows: Rows) -> None:
        self._waiting[rows] = 0
