"""What customers do by themselves: the candidates of `behaviour.py`, one at a time for each run or customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import Array, Cell, Rows, Values, least, of, part, pick
from safar.engine.simulate.columns.lines import Cases, first_true
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.payloads import Fill, drawn
from safar.engine.simulate.columns.stamps import NEVER, behaviour, instant
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.events import Event
    from safar.engine.simulate.columns.place import Place


class Flow:
    """Where a stream stands: the key of each row, how many candidates were drawn, and the seconds till the last."""

    __slots__ = ("began", "elapsed", "key", "number")

    def __init__(self, n: int) -> None:
        self.key = Cell(n, 0, np.uint64)
        self.number = Cell(n, 0)
        self.elapsed = Cell(n, 0.0, np.float64)
        self.began = Cell(n, 0)


class Stream(msgspec.Struct, kw_only=True, eq=False):
    """A line of `behaves`.  `number` is its place among all that may become due, `position` that among the streams.

    `persona` is the number of the persona whose customers it is of, -1 if it is a run's.  `stage` is where the run
    must be, if anywhere: only there the candidates are followed.  `carries` is the field that has the run's own value.
    """

    number: int
    position: int
    name: Name
    touchpoint: str = ""
    event: Event
    mean: float
    cases: Cases
    fields: tuple[Fill, ...]
    carries: str = ""
    stage: str
    part: int
    persona: int

    def begin(self, chunk: Chunk, batch: Batch) -> None:
        """Runs begin to be followed: their own streams begin anew, a customer's go on."""
        flow = chunk.flows[self.position]
        if self.persona < 0:
            self._start(chunk, flow, batch, chance.mix(self.part, chunk.entry.load(batch.rows)))
            return
        index = np.flatnonzero(np.broadcast_to(chunk.personas.load(batch.rows) == self.persona, batch.n))
        if not len(index):
            return
        batch = batch.some(index)
        before, new = parted(batch, flow.number.load(batch.rows) > 0)
        if new is not None:
            self._start(chunk, flow, new, self.part)
        if before is not None:
            self._go_on(chunk, flow, before)

    def _start(self, chunk: Chunk, flow: Flow, batch: Batch, part: Values) -> None:
        rows = batch.rows
        flow.key.store(rows, chance.grow(of(chunk.crowd.stems, rows), part))
        flow.number.store(rows, 0)
        flow.elapsed.store(rows, 0.0)
        flow.began.store(rows, instant(batch.now))
        self._draw(chunk, flow, rows)
        self._plan(chunk, flow, batch)

    def _draw(self, chunk: Chunk, flow: Flow, rows: Rows) -> None:
        """The next candidate."""
        number = flow.number.load(rows) + 1
        flow.number.store(rows, number)
        key: Array = chance.mix(flow.key.load(rows), number)
        share: Array = 1.0 - chance.uniform(key) * 2.0**-53
        flow.elapsed.store(rows, flow.elapsed.load(rows) + self.mean * chance.minus_log(share, share))

    def _next(self, flow: Flow, rows: Rows) -> Values:
        """When it comes."""
        elapsed = flow.elapsed.load(rows)
        return flow.began.load(rows) + np.minimum(elapsed, 2.0**40).astype(np.int64)

    def _go_on(self, chunk: Chunk, flow: Flow, batch: Batch) -> None:
        """Candidates that came while nobody was followed are passed over."""
        now, rows = instant(batch.now), batch.rows
        late = np.flatnonzero(np.broadcast_to(self._next(flow, rows) < now, batch.n))
        while len(late):
            again = pick(rows, late)
            self._draw(chunk, flow, again)
            late = late[self._next(flow, again) < part(now, late)]
        same = np.flatnonzero(self._next(flow, rows) == now)
        if len(same):
            chunk.step(pick(rows, same), "two things at one instant")
        self._plan(chunk, flow, batch)

    def catch_up(self, chunk: Chunk, batch: Batch) -> None:
        """A run rests in the stage: candidates that came elsewhere, where they mean nothing, are passed over."""
        flow, due = chunk.flows[self.position], chunk.due[self.number]
        late = np.flatnonzero(np.broadcast_to(due.load(batch.rows) <= batch.now, batch.n))
        while len(late):
            again = batch.some(late)
            self._draw(chunk, flow, again.rows)
            due.store(again.rows, self._stamps(chunk, flow, again.rows))
            late = late[due.load(again.rows) <= again.now]
        chunk.soonest.store(batch.rows, least(chunk.soonest.load(batch.rows), due.load(batch.rows)))

    def _plan(self, chunk: Chunk, flow: Flow, batch: Batch) -> None:
        due = chunk.following(self._stamps(chunk, flow, batch.rows), batch.now)
        chunk.expect(self.number, batch.rows, due)

    def _stamps(self, chunk: Chunk, flow: Flow, rows: Rows) -> Values:
        """Of the next candidates; those that come when nobody is followed any more never do."""
        at = self._next(flow, rows)
        return np.where(at <= chunk.until.load(rows), behaviour(at, self.position), NEVER)

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        """Candidates come: some are allowed, where the run is where it must be."""
        flow, stage = chunk.flows[self.position], place.stage if self.persona < 0 else None
        keys: Array = flow.key.load(batch.rows)
        key = chance.mix(keys, flow.number.load(batch.rows))
        self._draw(chunk, flow, batch.rows)
        self._plan(chunk, flow, batch)
        allowed = self._allowed(Look(chunk, batch, stage), key)
        mine, left = parted(batch, allowed)
        if mine is None:
            return left
        key = key if mine is batch else key.take(np.flatnonzero(allowed))
        payload = drawn(self.fields, Look(chunk, mine, stage), key)
        if self.carries:
            payload[self.carries] = chunk.own.carried(mine.rows, payload.get(self.carries))
        stay = self.event.happen(chunk, Look(chunk, mine, place.stage, payload), self, place)
        return _both(left, stay)

    def _allowed(self, look: Look, key: Array) -> Any:
        below = first_true(self.cases, look)
        if not isinstance(below, np.ndarray) and below in (0, single.ONE):
            return bool(below)
        return chance.below(chance.mix(key, single.ALLOWED), below)


def _both(one: Batch | None, other: Batch | None) -> Batch | None:
    found = [batch for batch in (one, other) if batch is not None]
    return merge(found, None) if found else None
