"""The revenue of events that goals of several journeys count: each for itself, and all together once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from safar.engine.simulate.columns.cells import NOBODY, Array, numbers, spread
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.sayings import ROW
from safar.engine.simulate.columns.stamps import instant


class Paid:
    """What one journey counted in a chunk, by row and instant."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._at, self._units = [NOBODY], [NOBODY]
        self._currency, self.currencies = [NOBODY], list[str]()

    def add(self, at: Marked) -> None:
        if at.currency not in self.currencies:
            self.currencies.append(at.currency)
        self._at.append(numbers(at.rows, self._n) << ROW | spread(instant(at.now), at.n))
        self._units.append(spread(at.units, at.n))
        self._currency.append(np.full(at.n, self.currencies.index(at.currency)))

    def columns(self, currencies: Sequence[str]) -> tuple[Array, Array]:
        """Row and instant in one number, and units and currency in another."""
        which = np.array([currencies.index(one) for one in self.currencies], np.intp)
        currency = which.take(np.concatenate(self._currency)) if len(which) else NOBODY
        return np.concatenate(self._at), np.concatenate(self._units) * len(currencies) + currency


def _together(journeys: Sequence[Paid]) -> tuple[list[tuple[Array, Array]], list[str]]:
    currencies = sorted({currency for one in journeys for currency in one.currencies})
    return [one.columns(currencies) for one in journeys], currencies


def _shared(columns: Sequence[tuple[Array, Array]]) -> Array:
    """The instants of rows at which several journeys counted."""
    at, times = np.unique(np.concatenate([np.unique(one) for one, _ in columns]), return_counts=True)
    found: Array = at[times > 1]
    return found


def doubtful(journeys: Sequence[Paid], n: int) -> Array:
    """Rows for which it is not certain what counts in all: other amounts, or several at one instant."""
    columns, _ = _together(journeys)
    shared, found = _shared(columns), np.zeros(n, np.bool_)
    if not len(shared):
        return found
    amounts = np.concatenate([one[:, np.isin(one[0], shared)] for one in map(np.stack, columns)], axis=1)
    at, times = np.unique(np.unique(amounts, axis=1)[0], return_counts=True)
    found[at[times > 1] >> ROW] = True
    for one, _ in columns:
        own, often = np.unique(one[np.isin(one, shared)], return_counts=True)
        found[own[often > 1] >> ROW] = True
    return found


def twice(journeys: Sequence[Paid]) -> dict[str, int]:
    """What was counted more than once, by currency."""
    columns, currencies = _together(journeys)
    shared = _shared(columns)
    at, amount = (np.concatenate([one[part] for one in columns]) for part in (0, 1))
    among = np.isin(at, shared)
    units, currency = np.divmod(amount[among], max(len(currencies), 1))
    _, first = np.unique(at[among], return_index=True)
    left = np.ones(len(units), np.bool_)
    left[first] = False
    return {name: int(units[left & (currency == number)].sum()) for number, name in enumerate(currencies)}
