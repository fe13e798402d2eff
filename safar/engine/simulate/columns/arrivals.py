"""How a chunk's customers come: by `arrive`, or all at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import Array, Values, of
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.events import Event
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.payloads import Fill, drawn
from safar.engine.simulate.columns.place import Place
from safar.engine.simulate.columns.stamps import NEVER, by_calendar
from safar.engine.simulate.history import Name
from safar.engine.simulate.track import Arriving

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk

ARRIVE = single.name_part("arrive")


class Rate:
    """`gap`: on average so many seconds between two customers."""

    def __init__(self, arriving: Arriving, fields: tuple[Fill, ...]) -> None:
        self.gap = arriving.gap
        self.fields = fields


class Arrivals:
    """Each customer comes once.  `personas` are the rates of those who have their own, by their numbers.

    `alone`: nothing else can begin a run.
    """

    touchpoint = ""
    alone = True

    def __init__(self, number: int, name: Name, rate: Rate | None, personas: dict[int, Rate]) -> None:
        self.number, self.name = number, name
        self._rate, self._personas = rate, personas
        self._event: Event | None = None

    def begins(self, event: Event) -> None:
        """They come by this event."""
        self._event = event

    def come(self, chunk: Chunk, batch: Batch) -> None:
        """Everybody is on his way: by himself where nothing else can come before, else when his turn comes."""
        left: Batch | None = batch
        for persona, rate in self._personas.items():
            if left is None:
                return
            mine, left = parted(left, chunk.personas.load(left.rows) == persona)
            if mine is not None:
                self._arrive(chunk, mine, rate)
        if left is not None:
            self._arrive(chunk, left, self._rate)

    def _arrive(self, chunk: Chunk, batch: Batch, rate: Rate | None) -> None:
        """Uniform over the time in which all customers come, or at the start."""
        shared = chunk.plan.shared
        at: Values = shared.start
        if rate is not None:
            share = chance.uniform(self._keys(chunk, batch)) * 2.0**-53
            at = at + (share * (rate.gap * shared.customers)).astype(np.int64)
        due = by_calendar(at, 0)
        if self.alone:
            self.happen(chunk, batch.at(due), chunk.plan.gone)
        else:
            chunk.expect(self.number, batch.rows, due)

    def _keys(self, chunk: Chunk, batch: Batch) -> Array:
        return chance.grow(of(chunk.crowd.stems, batch.rows), single.together(chunk.plan.part, ARRIVE))

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        """They arrive; those who stay where they are."""
        chunk.due[self.number].store(batch.rows, NEVER)
        stay: list[Batch | None] = []
        left: Batch | None = batch
        for persona, rate in (*self._personas.items(), (-1, self._rate)):
            if left is None:
                break
            mine, left = parted(left, persona < 0 or chunk.personas.load(left.rows) == persona)
            if mine is not None:
                stay.append(self._come(chunk, mine, rate, place))
        staying = [one for one in stay if one is not None]
        return merge(staying, None) if staying else None

    def _come(self, chunk: Chunk, batch: Batch, rate: Rate | None, place: Place) -> Batch | None:
        fields = rate.fields if rate is not None else ()
        payload = drawn(fields, Look(chunk, batch), self._keys(chunk, batch)) if fields else {}
        return self._take(chunk, batch, payload, place)

    def _take(self, chunk: Chunk, batch: Batch, payload: dict[str, Column], place: Place) -> Batch | None:
        """They are here: by the event, or, where there is none, by themselves."""
        if self._event is None:
            stay = chunk.plan.entering.admit(chunk, Look(chunk, batch), ("", place))
            return merge(stay, None) if stay else None
        return self._event.happen(chunk, Look(chunk, batch, place.stage, payload), self, place)
