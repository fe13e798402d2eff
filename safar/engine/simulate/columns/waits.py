"""Waits: for something that happens, or for a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine.simulate.columns import stamps
from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import NOBODY, Values, most, others, part
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.deadlines import Ending
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.resting import Resting
from safar.engine.simulate.columns.sources import Answering
from safar.engine.simulate.columns.standing import Standing
from safar.engine.simulate.columns.ways import Way

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Waiting(Resting):
    """`standing` are the ways that may hold already when the wait begins.  `seconds`: how long, if that is all.

    `simple` is the answer that ends the wait, if nothing else can, and the way then gone.
    """

    def __init__(self, stage: str, ending: Ending, then: Way, passed: Way) -> None:
        super().__init__(stage)
        self._ending, self.then, self.passed = ending, then, passed
        self.seconds = 0
        self.simple: tuple[Answering, Way] | None = None
        self.standing: Sequence[tuple[Way, Standing]] = ()

    def come(self, chunk: Chunk, batch: Batch) -> None:
        if self.simple is None:
            self._come(chunk, batch)
        else:
            self._race(chunk, batch, *self.simple)

    def _race(self, chunk: Chunk, batch: Batch, source: Answering, way: Way) -> None:
        """One answer, whatever it says, or the time: the usual wait, without what other waits need."""
        latest = stamps.wake_after(batch.latest, self.seconds)
        until, ends = self._limited(chunk, batch, stamps.wake_after(batch.now, self.seconds), latest)
        index, due = NOBODY, NOBODY
        if not source.handed:
            due = chunk.due[source.number].load(batch.rows)
            index = np.broadcast_to(due < until, batch.n).nonzero()[0]
            due = part(due, index)
            answered = batch.some(index, most(due, part(batch.now, index)))
        elif batch.handed is not None:
            early = batch.handed.before(chunk, batch.rows, until)
            index, due = early.which, early.due
            answered = batch.some(index, due)
            early.come(chunk, answered)
        if chunk.recorder is not None:
            chunk.recorder.raced(self, batch, (index, due), (source, way))
        if len(index):
            chunk.go(way, answered.by(latest))
        if len(index) < batch.n:
            index = others(index, batch.n)
            self._end(chunk, batch.some(index, part(until, index)).by(latest), ends)

    def _come(self, chunk: Chunk, batch: Batch) -> None:
        for way, standing in self.standing:
            mine, left = parted(batch, standing.holds(chunk, Look(chunk, batch, self.stage)))
            if mine is not None:
                if chunk.recorder is not None:
                    chunk.recorder.taken(way, mine, already=True)
                chunk.go(way, mine)
            if left is None:
                return
            batch = left
        if self.seconds:
            if chunk.recorder is not None:
                chunk.recorder.waiting(self, batch, stamps.instant(batch.now) + self.seconds)
            self.rest(chunk, batch, stamps.wake_after(batch.now, self.seconds))
        else:
            self._until(chunk, batch)

    def _until(self, chunk: Chunk, batch: Batch) -> None:
        """A deadline that may be unknown, past, or now."""
        ends, known = self._ending(Look(chunk, batch, self.stage))
        gone = np.logical_not(known) | (ends < stamps.instant(batch.now))
        if chunk.recorder is not None:
            chunk.recorder.until(self, batch, Column(ends, known))
        left, ends = _leave(chunk, batch, ends, (gone, self.passed))
        if left is not None:
            left, ends = _leave(chunk, left, ends, (ends == stamps.instant(left.now), self.then))
        if left is not None:
            self.rest(chunk, left, stamps.wake(ends))

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        if chunk.recorder is not None:
            chunk.recorder.time_up(self, batch)
        chunk.go(self.then, batch)


def _leave(chunk: Chunk, batch: Batch, ends: Values, met: tuple[Any, Way]) -> tuple[Batch | None, Values]:
    """Those who do not go that way, and when their time is up."""
    who, way = met
    mine, left = parted(batch, who)
    if mine is not None:
        chunk.go(way, mine)
    if left is None or left is batch:
        return left, ends
    return left, part(ends, np.flatnonzero(~who))
