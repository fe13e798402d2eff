"""Where customers are whose run is over, or was never begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.resting import Resting
from safar.engine.simulate.columns.stamps import NEVER, Stamps

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Beyond(Resting):
    """A place that is none of the program's: its number comes after theirs."""

    inside = False

    def take(self, chunk: Chunk, batch: Batch) -> None:
        """The customers come here; what happens to them here happens when it is its turn."""
        if self.loud:
            chunk.put(self.number, batch)

    def come(self, chunk: Chunk, batch: Batch) -> None:
        self.rest(chunk, batch, NEVER)


class After(Beyond):
    """The run has left, or is held out, but is followed: goals may be reached, and the customer may enter again."""

    def __init__(self, stage: str, gone: Gone, *, held_out: bool = False) -> None:
        super().__init__(stage)
        self._gone = gone
        self.held_out = held_out

    def expire(self, chunk: Chunk, batch: Batch) -> None:
        self._gone.take(chunk, batch)


class Gone(Beyond):
    """Nobody is followed: only the calendar, or an arrival, can begin something."""

    followed = False

    def __init__(self) -> None:
        super().__init__(None)

    def _limited(self, chunk: Chunk, batch: Batch, until: Stamps, latest: Stamps) -> tuple[Stamps, bool]:
        return until, False

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        """Nothing is ever due again."""
