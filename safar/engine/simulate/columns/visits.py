"""How customers come where several journeys are on one timeline: to each that has `arrive`, again and again; if none
has it, by each first event once, at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from safar.engine.expression import Heard
from safar.engine.model import Filled
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.arrivals import ARRIVE, Arrivals, Rate
from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import Array, Rows, of
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.payloads import drawn, fills
from safar.engine.simulate.columns.place import Place
from safar.engine.simulate.columns.stamps import NEVER, by_calendar
from safar.engine.simulate.columns.streams import Flow
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.compile import Compiler
    from safar.engine.simulate.track import Track

Ways = dict[int, Rate | None]
"""By the number of the persona (-1: none) how often its customers come; None: once, at the start."""


class Visits(Arrivals):
    """The customers on their way to one journey.  `position` is its place among those ways, `order` the journey's."""

    alone = False

    def __init__(self, number: int, position: int, order: tuple[int, int], name: Name, ways: Ways) -> None:
        super().__init__(number, name, None, {})
        self._position, self._ways = position, ways
        self._order, self._part = order[0], single.together(order[1], ARRIVE)

    def come(self, chunk: Chunk, batch: Batch) -> None:
        flow = chunk.visits[self._position]
        for persona, rate in self._ways.items():
            mine, _ = parted(batch, chunk.personas.load(batch.rows) == persona)
            if mine is None:
                continue
            if rate is None:
                chunk.expect(self.number, mine.rows, by_calendar(chunk.plan.shared.start, self._order))
                continue
            flow.key.store(mine.rows, chance.grow(of(chunk.crowd.stems, mine.rows), self._part))
            self._plan(chunk, flow, mine, rate)

    def _plan(self, chunk: Chunk, flow: Flow, batch: Batch, rate: Rate) -> None:
        """The next arrival, of a Poisson process at the customer's share of the rate."""
        shared, rows = chunk.plan.shared, batch.rows
        flow.number.store(rows, flow.number.load(rows) + 1)
        share: Array = 1.0 - chance.uniform(self._key(flow, rows)) * 2.0**-53
        elapsed: Array = flow.elapsed.load(rows) + rate.gap * shared.customers * chance.minus_log(share, share)
        flow.elapsed.store(rows, elapsed)
        seconds: Array = np.minimum(elapsed, 2.0**40).astype(np.int64)
        at = seconds + shared.start
        due = np.where(at < shared.end, by_calendar(at, self._order), NEVER)
        chunk.expect(self.number, rows, chunk.following(due, batch.now))

    @staticmethod
    def _key(flow: Flow, rows: Rows) -> Array:
        keys: Array = flow.key.load(rows)
        return chance.mix(keys, flow.number.load(rows))

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        assert chunk.traffic is not None
        chunk.traffic.met(batch, 0)
        chunk.due[self.number].store(batch.rows, NEVER)
        stay: list[Batch] = []
        for persona, rate in self._ways.items():
            mine, _ = parted(batch, chunk.personas.load(batch.rows) == persona)
            if mine is not None:
                left = self._take(chunk, mine, self._payload(chunk, mine, rate), place)
                stay += [left] if left is not None else []
        return merge(stay, None) if stay else None

    def _payload(self, chunk: Chunk, batch: Batch, rate: Rate | None) -> dict[str, Column]:
        """The event's, under the key of this arrival; the next one is planned."""
        if rate is None:
            return {}
        flow = chunk.visits[self._position]
        payload = drawn(rate.fields, Look(chunk, batch), self._key(flow, batch.rows)) if rate.fields else {}
        self._plan(chunk, flow, batch, rate)
        return payload


class Coming:
    """The way to one journey: by its first event (folded; empty if it has none), at its own rate or the persona's.

    It is asked about as what happens is, before any journey makes its own `visits` of it.
    """

    number, touchpoint = -1, ""

    def __init__(self, compiler: Compiler) -> None:
        self._track, self._order = compiler.plan.track, compiler.plan.number
        self.event = _first_event(self._track)
        self.name: Name = Heard.EVENT, self.event
        self.payloads: list[tuple[Filled, ...]] = []
        self.ways: Ways = {}
        for number, persona in enumerate((None, *compiler.plan.persona_names), -1):
            self._come(compiler, number, persona)

    def _come(self, compiler: Compiler, number: int, persona: str | None) -> None:
        """The customers of a persona, or of none."""
        shared, vocabulary = compiler.plan.shared, compiler.vocabulary
        own = shared.personas[persona].arriving if persona is not None else None
        arriving, declared = self._track.arriving, compiler.journey.arrive
        if own is not None and persona is not None:
            arriving, declared = own, vocabulary.personas[persona].arrive
        if arriving is not None and declared is not None:
            self.ways[number] = Rate(arriving, fills(declared.payload, compiler.codes))
            self.payloads.append(declared.payload)
        elif self._comes_once(shared.tracks):
            self.ways[number] = None

    def _comes_once(self, tracks: Sequence[Track]) -> bool:
        """Where nobody comes by `arrive`, by an event that begins no earlier journey."""
        earlier = {_first_event(track) for track in tracks[: self._order]}
        return bool(self.event) and self.event not in earlier and not any(track.arriving for track in tracks)

    def visits(self, compiler: Compiler) -> Visits:
        position = len(compiler.plan.visits)
        return Visits(compiler.number(), position, (self._order, self._track.part), self.name, self.ways)


def _first_event(track: Track) -> str:
    return next((line.event for line in track.lines if line.event), "")
