"""Some runs of a chunk at one place, each at its own instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from safar.engine.simulate.columns.cells import Array, Rows, Values, part, pick, spread
from safar.engine.simulate.columns.handed import Handed, joined
from safar.engine.simulate.columns.stamps import Stamps, latest

Token = tuple[str, int | str]
"""What a run carries along: `visits` of a step, `rounds` begun of a loop, the instant at which the loop `began`."""

ABSENT: dict[str, int] = {"visits": 0, "rounds": -1}
"""The value of what a run does not carry; of a loop, that it is in none."""


class Batch:
    """`now` is the stamp of what made the runs act.  `steps` (at one instant) and `rests` (in all) are upper bounds.

    `tokens` hold one scalar or one array each.  `handed` are answers for the wait that comes next.
    """

    __slots__ = ("_latest", "handed", "n", "now", "rests", "rows", "steps", "tokens")

    def __init__(self, rows: Rows, n: int, now: Stamps, tokens: dict[Token, Values]) -> None:
        self.rows = rows
        self.n = n
        self.now = now
        self.tokens = tokens
        self.steps = self.rests = 0
        self.handed: Handed | None = None
        self._latest: Stamps | None = None

    @property
    def latest(self) -> Stamps:
        """No run's stamp is later; perhaps none is as late."""
        if self._latest is None:
            self._latest = latest(self.now)
        return self._latest

    def some(self, index: Array, now: Stamps | None = None) -> Batch:
        """These of the runs; `now` is a stamp that is theirs from now on."""
        tokens = {name: part(value, index) for name, value in self.tokens.items()} if self.tokens else {}
        batch = Batch(pick(self.rows, index), len(index), part(self.now, index) if now is None else now, tokens)
        batch.steps, batch.rests = self.steps, self.rests + (now is not None)
        if now is None:
            batch._latest = self._latest
        return batch

    def by(self, latest: Stamps) -> Batch:
        """The same, none of which is known to be later."""
        self._latest = latest
        return self

    def at(self, now: Stamps) -> Batch:
        """The same runs when it is `now`."""
        batch = Batch(self.rows, self.n, now, self.tokens)
        batch.steps, batch.rests = self.steps, self.rests + 1
        return batch

    def anew(self) -> Batch:
        """The same customers at the same instant, carrying nothing."""
        batch = Batch(self.rows, self.n, self.now, {})
        batch.rests = self.rests
        return batch


def _joined(values: Sequence[Values], batches: Sequence[Batch]) -> Values:
    first = values[0]
    if not isinstance(first, np.ndarray) and all(not isinstance(v, np.ndarray) and v == first for v in values):
        return first
    return np.concatenate([spread(value, batch.n) for value, batch in zip(values, batches, strict=True)])


def merge(batches: Sequence[Batch], needed: frozenset[Token] | None) -> Batch:
    """The runs of several batches; only the tokens that are `needed` are kept, all if it is None."""
    if len(batches) == 1:
        return batches[0]
    names = {name for batch in batches for name in batch.tokens if needed is None or name in needed}
    tokens: dict[Token, Any] = {
        name: _joined([batch.tokens.get(name, ABSENT.get(name[0], 0)) for batch in batches], batches) for name in names
    }
    rows = np.concatenate([batch.rows for batch in batches])
    batch = Batch(rows, len(rows), _joined([batch.now for batch in batches], batches), tokens)
    batch.steps = max(one.steps for one in batches)
    batch.rests = max(one.rests for one in batches)
    batch.by(max(one.latest for one in batches))
    batch.handed = joined([(one.handed, one.n) for one in batches])
    return batch
