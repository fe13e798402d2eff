"""What an expression may look at: some runs of a chunk at one place and instant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import Array
from safar.engine.simulate.columns.column import Column, Interner, take
from safar.engine.simulate.columns.stamps import instant

if TYPE_CHECKING:
    from safar.engine.expression import Expression
    from safar.engine.simulate.columns.calendar import Zones
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.stamps import Stamps

Payload = Mapping[str, Column]
NOTHING: Payload = {}
UNKNOWN = Column(0, False)


class Look:
    """`stage` is the name of the stage that the runs are in, None where there is no run.

    Without a run `entry` is the payload at hand, and everything that is known counts.
    """

    __slots__ = ("_attributes", "batch", "chunk", "place_stage", "values")

    def __init__(self, chunk: Chunk, batch: Batch, stage: str | None = None, payload: Payload = NOTHING) -> None:
        self.chunk = chunk
        self.batch = batch
        self.place_stage = stage
        self.values = payload
        self._attributes: dict[str, Column] | None = None

    @property
    def n(self) -> int:
        return self.batch.n

    @property
    def codes(self) -> Interner:
        return self.chunk.plan.codes

    def some(self, index: Array) -> Look:
        payload = {name: take(column, index) for name, column in self.values.items()}
        return Look(self.chunk, self.batch.some(index), self.place_stage, payload)

    def steady(self) -> Look:
        """The same look, for as long as nothing changes: each attribute is fetched once."""
        look = Look(self.chunk, self.batch, self.place_stage, self.values)
        look._attributes = {}
        return look

    def attribute(self, name: str) -> Column:
        if self._attributes is None:
            return self.chunk.attributes.load(name, self.batch.rows)
        if name not in self._attributes:
            self._attributes[name] = self.chunk.attributes.load(name, self.batch.rows)
        return self._attributes[name]

    def persona(self) -> Column:
        return self.chunk.persona(self.batch.rows)

    def stage(self) -> Column:
        if not self.place_stage:
            return UNKNOWN
        return Column(self.codes.code(self.place_stage), True)

    def now(self) -> Stamps:
        return instant(self.batch.now)

    def zones(self) -> Zones:
        return self.chunk.zones(self.batch.rows)

    def payload(self, field: str) -> Column:
        return self.values.get(field, UNKNOWN)

    def entry(self, field: str) -> Column:
        if self.place_stage is None:
            return self.payload(field)
        return self.chunk.entry_payload(field, self.batch.rows)

    def history(self, node: Expression) -> Column:
        return self.chunk.past.read(node, self)
