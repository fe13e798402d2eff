"""Under `per F`: the value of F that a customer's runs are by, as long as there is but one.

Whoever is told of a second value would be in several runs side by side, and is left to the plain interpreter.  With one
value all that is known of him is his runs' own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from safar.engine.simulate.columns.cells import Cell, Rows, Values, count, pick
from safar.engine.simulate.columns.column import Column, differ, take

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Own:
    """The value of each customer of a chunk, from the first time that one is told."""

    def __init__(self, n: int) -> None:
        self._told = Cell(n, False, np.bool_)
        self._values, self._known = Cell(n, 0), Cell(n, False, np.bool_)

    def load(self, rows: Rows) -> Column:
        return Column(self._values.load(rows), self._known.load(rows))

    def tell(self, chunk: Chunk, rows: Rows, value: Column) -> None:
        """Something that happens is of this value."""
        n = count(rows, chunk.n)
        told = np.broadcast_to(self._told.load(rows), n)
        another = np.flatnonzero(told & differ(self.load(rows), value, n))
        if len(another):
            chunk.step(pick(rows, another), "several runs side by side")
        new = np.flatnonzero(~told)
        if len(new):
            self._keep(pick(rows, new), *take(value, new))

    def _keep(self, rows: Rows, values: Values, known: Values) -> None:
        self._told.store(rows, True)
        if not isinstance(self._values.value, np.ndarray) and known is not False:
            self._values.dtype = np.asarray(values).dtype
        if known is not False:
            self._values.store(rows, values)
        self._known.store(rows, known)
