"""What may become due for a run: answers to what it met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import Rows
from safar.engine.simulate.columns.charges import Charging, Points
from safar.engine.simulate.columns.look import Look, Payload
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.payloads import Fill
from safar.engine.simulate.columns.stamps import NEVER
from safar.engine.simulate.counts import Key
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.events import Event
    from safar.engine.simulate.columns.place import Place


class Answering(msgspec.Struct, kw_only=True, eq=False):
    """A line of answers.  `number` is its column among all that may become due, `touchpoint` folded.

    `loud`: it changes more than a wait; `at_once`: nothing can withdraw it, so that it counts when it is drawn;
    `kept`: somebody asks when it comes; `handed`: only the wait right behind its message, or behind the answer that
    it follows.  `fields` are those of its payload that somebody reads; `carries` the one that has its run's own value.
    """

    number: int
    name: Name
    touchpoint: str
    event: Event
    fields: tuple[Fill, ...]
    carries: str = ""
    loud: bool = False
    at_once: bool = False
    kept: bool = False
    handed: bool = False
    key: Key
    charging: Charging
    points: Points

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        """The answers come; the runs that they leave where they are."""
        look = Look(chunk, batch, place.stage, self.payload(chunk, batch.rows))
        if not self.loud:
            return place.obey(chunk, look, self)
        chunk.due[self.number].store(batch.rows, NEVER)
        chunk.came[self.number].store(batch.rows, True)
        self.count(chunk, Marked(batch.rows, batch.n, batch.now, payload=look.values))
        return self.event.happen(chunk, look, self, place)

    def payload(self, chunk: Chunk, rows: Rows) -> Payload:
        payload = dict(chunk.kept_payload(self.number, [one.field for one in self.fields], rows))
        if self.carries:
            payload[self.carries] = chunk.own.carried(rows, payload.get(self.carries))
        return payload

    @property
    def late(self) -> bool:
        """It counts when the run is over, or the touchpoint is met again."""
        return not self.at_once and not self.loud

    def came(self, chunk: Chunk, batch: Batch) -> Any:
        """Whether an answer to the latest visit has come already."""
        if self.loud:
            return chunk.came[self.number].load(batch.rows)
        return chunk.due[self.number].load(batch.rows) <= batch.now

    def count(self, chunk: Chunk, at: Marked) -> None:
        if not at.n:
            return
        chunk.tally.numbers[self.key] += at.n
        chunk.tally.seen(at.now)
        if self.charging:
            self.charging.charge(chunk, at)
        for point in self.points:
            point.mark(chunk, at)


class Source(Protocol):
    """Anything that may become due: an answer, a candidate, an entry by the calendar, an attempt, an arrival."""

    @property
    def number(self) -> int: ...
    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        """It comes; the runs that it leaves where they are."""
        ...
