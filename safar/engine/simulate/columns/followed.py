"""Where customers are whose run is over, or was never begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.resting import Resting
from safar.engine.simulate.columns.stamps import NEVER, Stamps

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class After(Resting):
    """The run has left, or is held out, but is followed: goals may be reached, and the customer may enter again."""

    inside = False

    def __init__(self, stage: str, gone: Gone, *, held_out: bool = False) -> None:
        super().__init__(stage)
        self._gone = gone
        self.held_out = held_out

    def come(self, chunk: Chunk, batch: Batch) -> None:
        if self.loud:
            self.rest(chunk, batch, NEVER)

    def expire(self, chunk: Chunk, batch: Batch) -> None:
        self._gone.come(chunk, batch)


class Gone(Resting):
    """Nobody is followed: only the calendar, or an arrival, can begin something."""

    inside = False
    followed = False

    def __init__(self) -> None:
        super().__init__(None)

    def come(self, chunk: Chunk, batch: Batch) -> None:
        if self.loud:
            self.rest(chunk, batch, NEVER)

    def _limited(self, chunk: Chunk, batch: Batch, until: Stamps) -> tuple[Stamps, bool]:
        return until, False

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        """Nothing is ever due again."""
