"""Events that a journey brings about and others ask for: heard there as what comes from outside.

A journey is lived through with what the others said when they were lived through before, again and again, until all say
what was heard: by induction over a customer's timeline that is then what happens to him in all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import Array, Values, numbers, spread
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.events import Event
from safar.engine.simulate.columns.look import Look, Payload
from safar.engine.simulate.columns.place import Place
from safar.engine.simulate.columns.sayings import ROW, SILENCE, Said
from safar.engine.simulate.columns.stamps import NEVER, behaviour, instant
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Echo(msgspec.Struct, kw_only=True, eq=False):
    """One event's name.  `number` is its place among all that may become due, `position` among streams and echoes."""

    number: int
    position: int
    name: Name
    touchpoint: str = ""
    event: Event
    fields: tuple[str, ...] = ()

    def begin(self, chunk: Chunk) -> None:
        """From the first on."""
        said = chunk.heard.get(self.event.folded, SILENCE)
        rows = np.unique(said.at >> ROW)
        if len(rows):
            self._wait(chunk, rows, said, said.at.searchsorted(rows << ROW))

    def _wait(self, chunk: Chunk, rows: Array, said: Said, place: Array) -> None:
        """For what stands at that place, if it is the row's own."""
        chunk.echoed[self.event.folded].store(rows, place)
        found = said.at.take(np.minimum(place, len(said.at) - 1))
        mine = (place < len(said.at)) & (found >> ROW == rows)
        due = np.where(mine, behaviour(found & (1 << ROW) - 1, self.position), NEVER)
        chunk.expect(self.number, rows, due)

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        assert chunk.traffic is not None
        chunk.traffic.met(batch, 0)
        said, rows = chunk.heard[self.event.folded], numbers(batch.rows, chunk.n)
        which = spread(chunk.echoed[self.event.folded].load(rows), len(rows))
        self._wait(chunk, rows, said, which + 1)
        payload: Payload = {
            field: Column(values.take(which), known.take(which)) for field, (values, known) in said.payload.items()
        }
        return self.event.happen(chunk, Look(chunk, batch, place.stage, payload), self, place)


def at_one_instant(batch: Batch, dues: Sequence[tuple[Any, Values]], until: Values) -> Array:
    """Where an echo comes at an instant at which something else does too: in which order is not known."""
    now = instant(batch.now)
    echoes, all = np.zeros(batch.n, np.intp), np.zeros(batch.n, np.intp)
    for source, due in dues:
        same = np.broadcast_to(np.equal(instant(due), now), batch.n)
        all += same
        if isinstance(source, Echo):
            echoes += same
    all += np.broadcast_to(np.equal(instant(until), now), batch.n)
    found: Array = np.flatnonzero((echoes > 0) & (all > 1))
    return found
