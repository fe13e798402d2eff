"""What runs of one journey say that others hear: events, with when they happened and what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from safar.engine.simulate.columns.cells import NOBODY, Array, numbers, spread
from safar.engine.simulate.columns.stamps import instant

if TYPE_CHECKING:
    from safar.engine.simulate.columns.look import Look

ROW = 40
"""The bits of an instant, below those of the row."""


class Said(NamedTuple):
    """Events of one name, in order: row and instant in one number, and the fields that somebody reads."""

    at: Array
    payload: dict[str, tuple[Array, Array]]

    def crowded(self) -> Array:
        """Rows of which things of one name were said at one instant: in which order is not known."""
        found: Array = self.at[1:][self.at[1:] == self.at[:-1]] >> ROW
        return found

    def differs(self, other: Said, n: int) -> Array:
        """Of which rows other things were said."""
        times, others = (np.bincount(one.at >> ROW, minlength=n) for one in (self, other))
        differ: Array = times != others
        mine, its = (np.flatnonzero(~differ.take(one.at >> ROW)) for one in (self, other))
        rows = self.at.take(mine) >> ROW
        differ[rows[self.at.take(mine) != other.at.take(its)]] = True
        for field in self.payload if len(mine) else ():
            (values, other_values), (known, other_known) = (
                (self.payload[field][part].take(mine), other.payload[field][part].take(its)) for part in (0, 1)
            )
            differ[rows[(known != other_known) | (known & (values != other_values))]] = True
        return differ


SILENCE = Said(NOBODY, {})
Heard = dict[str, Said]
"""By the event's folded name."""


class Saying:
    """What runs of a chunk say, as it happens."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._said: dict[str, list[tuple[Array, dict[str, tuple[Array, Array]]]]] = {}

    def say(self, event: str, look: Look, fields: Sequence[str]) -> None:
        at = numbers(look.batch.rows, self._n) << ROW | instant(look.batch.now)
        columns = ((field, look.payload(field)) for field in fields)
        payload = {field: (spread(one.values, look.n).copy(), spread(one.known, look.n)) for field, one in columns}
        self._said.setdefault(event, []).append((at, payload))

    @staticmethod
    def heard(event: str, others: Iterable[Saying]) -> Said:
        """What all of them said of an event."""
        parts = [part for one in others for part in one._said.get(event, ())]
        if not parts:
            return SILENCE
        at = np.concatenate([at for at, _ in parts])
        order = np.argsort(at, kind="stable")
        payload = {
            field: tuple(np.concatenate([part[field][which] for _, part in parts]).take(order) for which in (0, 1))
            for field in parts[0][1]
        }
        return Said(at.take(order), payload)  # type: ignore[arg-type]
