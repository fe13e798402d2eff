"""Under `per F`: the value of F that a customer's runs are by, as long as there is but one.

Whoever is told of a second value would be in several runs side by side, and is left to the plain interpreter.  With one
value all that is known of him is his runs' own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from safar.engine.simulate.columns.cells import Array, Cell, Rows, Values, count, either, pick
from safar.engine.simulate.columns.column import UNKNOWN, Column, differ, take

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


_BY, _ALONE = 1, 2


class Own:
    """The value of each customer of a chunk, from the first time that one is told, and how he entered."""

    def __init__(self, n: int) -> None:
        self._told = Cell(n, False, np.bool_)
        self._entered = Cell(n, 0, np.int8)
        self._values, self._known = Cell(n, 0), Cell(n, False, np.bool_)

    def by(self, rows: Rows) -> Values:
        """Which runs were entered by the field; all others have nothing to do with it."""
        return self._entered.load(rows) == _BY

    def enters(self, chunk: Chunk, rows: Rows, value: Column | None) -> None:
        """The customers are about to enter, by that value or (None) by none."""
        how = _ALONE if value is None else _BY
        before = np.broadcast_to(self._entered.load(rows), count(rows, chunk.n))
        self._part(chunk, rows, (before > 0) & (before != how))
        self._entered.store(rows, how)
        if value is not None:
            self.tell(chunk, rows, value)

    def tell(self, chunk: Chunk, rows: Rows, value: Column) -> None:
        """Something that happens is of this value."""
        n = count(rows, chunk.n)
        told = np.broadcast_to(self._told.load(rows), n)
        heard = self._entered.load(rows) != _ALONE
        self._part(chunk, rows, told & heard & differ(self._load(rows), value, n))
        new = np.flatnonzero(~told)
        if len(new):
            self._keep(pick(rows, new), *take(value, new))

    def carried(self, rows: Rows, filled: Column | None) -> Column:
        """The value of what is drawn for a run: its own, where it is by the field."""
        own, by = self._load(rows), self.by(rows)
        if np.all(by):
            return own
        values, known = filled or UNKNOWN
        return Column(either(by, own.values, values), either(by, own.known, known))

    def _load(self, rows: Rows) -> Column:
        return Column(self._values.load(rows), self._known.load(rows))

    @staticmethod
    def _part(chunk: Chunk, rows: Rows, who: Array) -> None:
        if who.any():
            chunk.step(pick(rows, np.flatnonzero(who)), "several runs side by side")

    def _keep(self, rows: Rows, values: Values, known: Values) -> None:
        self._told.store(rows, True)
        if not isinstance(self._values.value, np.ndarray) and known is not False:
            self._values.dtype = np.asarray(values).dtype
        if known is not False:
            self._values.store(rows, values)
        self._known.store(rows, known)
