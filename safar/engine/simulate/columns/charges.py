"""What deliveries, answers and actions cost, added up for whole batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from safar.engine.simulate.columns.marks import Marked, Point
from safar.engine.simulate.prices import Charge

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk

Points = tuple[Point, ...]


class Charging:
    """Charges on one occasion: on a channel or on none, and who counts cost there."""

    def __init__(self, charges: tuple[Charge, ...], channel: str, points: Points) -> None:
        self._charges = [
            (currency, units, [("cost", currency), *([("channel_cost", channel, currency)] if channel else [])])
            for currency, units in charges
        ]
        self._points = points

    def __bool__(self) -> bool:
        return bool(self._charges)

    def charge(self, chunk: Chunk, at: Marked) -> None:
        for currency, units, keys in self._charges:
            for key in keys:
                chunk.tally.numbers[key] += units * at.n
            chunk.amount(("cost", currency), at.rows, units)
            for point in self._points:
                point.mark(chunk, at.worth(units, currency))


class Once(Charging):
    """What is paid once per customer; `key` says for what."""

    def __init__(self, key: tuple[str, Charge], channel: str, points: Points) -> None:
        super().__init__((key[1],), channel, points)
        self.key = key

    def charge(self, chunk: Chunk, at: Marked) -> None:
        paid = chunk.paid(self.key)
        before = paid.load(at.rows)
        if isinstance(before, np.ndarray):
            at = at.some(np.flatnonzero(~before))
        elif before:
            return
        if at.n:
            paid.store(at.rows, True)
            super().charge(chunk, at)
