"""Answers that are handed straight to the wait behind their message, so that nobody has to look for them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from safar.engine.simulate.columns.cells import Array, Rows, Values, part, pick
from safar.engine.simulate.columns.marks import Marked

if TYPE_CHECKING:
    from safar.engine.simulate.columns.batch import Batch
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.sources import Answering


class Handed(NamedTuple):
    """Answers of one line to some runs of a batch: which, and when.  `then` are answers to these answers."""

    source: Answering
    which: Array
    due: Values
    then: Handed | None = None

    def before(self, chunk: Chunk, rows: Rows, until: Values) -> Handed:
        """Those that come before the wait of these rows is over.  Later ones end nothing, but may count."""
        in_time = self.due < part(until, self.which)
        if not isinstance(in_time, np.ndarray):
            in_time = np.full(len(self.which), in_time)
        if in_time.all():
            return self
        if self._counts_late():
            self._some(np.logical_not(in_time)).keep(chunk, rows)
        return self._some(in_time)

    def _counts_late(self) -> bool:
        return self.source.late or (self.then is not None and self.then._counts_late())

    def _some(self, met: Array) -> Handed:
        chosen = met.nonzero()[0]
        then = self.then
        if then is not None:
            then = then._some(met.take(then.which))
            left_out = np.logical_not(met).nonzero()[0]
            then = then._replace(which=then.which - np.searchsorted(left_out, then.which))
        return Handed(self.source, self.which.take(chosen), part(self.due, chosen), then)

    def keep(self, chunk: Chunk, rows: Rows) -> None:
        """They come when nobody waits for them: they count if nothing withdraws them before."""
        mine = pick(rows, self.which)
        if self.source.late:
            chunk.due[self.source.number].store(mine, self.due)
        if self.then is not None:
            self.then.keep(chunk, mine)

    def come(self, chunk: Chunk, answered: Batch) -> None:
        """They come, to these runs, and count now if they did not when they were drawn."""
        answered.handed = self.then
        if self.source.late:
            payload = self.source.payload(chunk, answered.rows)
            at = Marked(answered.rows, answered.n, answered.now, payload=payload)
            self.source.count(chunk, at)
            if chunk.recorder is not None:
                chunk.recorder.answers(self.source, at)


def joined(all: Sequence[tuple[Handed | None, int]]) -> Handed | None:
    """Those of several batches of so many runs, one after the other."""
    some, begin = [], 0
    for one, n in all:
        if one is not None:
            some.append(one._replace(which=one.which + begin))
        begin += n
    if len(some) < 2:
        return some[0] if some else None
    due = np.concatenate([np.broadcast_to(one.due, len(one.which)) for one in some])
    then = joined([(one.then, len(one.which)) for one in some])
    return Handed(some[0].source, np.concatenate([one.which for one in some]), due, then)
