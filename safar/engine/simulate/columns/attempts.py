"""Attempts to enter that wait for their turn: the run that hears the same event acts before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.stamps import NEVER
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.place import Place


class Attempt(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """By one event.  `number` is its place among all that may become due, `fields` those of the event that are read."""

    number: int
    name: Name
    touchpoint: str = ""
    fields: frozenset[str]

    def put_off(self, chunk: Chunk, look: Look) -> None:
        """It is the next thing for these customers, once they rest."""
        for field in self.fields:
            chunk.keep_payload(self.number, field, look.batch.rows, look.payload(field))
        chunk.expect(self.number, look.batch.rows, look.batch.now)

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        chunk.due[self.number].store(batch.rows, NEVER)
        payload = chunk.kept_payload(self.number, self.fields, batch.rows)
        return chunk.plan.entering.attempt(chunk, Look(chunk, batch, None, payload), self.name[1], place)
