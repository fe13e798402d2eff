"""The head of a loop: begins the next round, at its rhythm, or leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safar.engine.simulate.columns import stamps
from safar.engine.simulate.columns.batch import Batch, Token, merge
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.resting import UNTIL, Resting
from safar.engine.simulate.columns.standing import Standing
from safar.engine.simulate.columns.ways import Way

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Rounds(Resting):
    """`until` are the interrupts of the loop itself, which may stand already when it begins."""

    until: Sequence[tuple[Way, Standing]] = ()

    def __init__(self, stage: str, loop: int, limits: tuple[int, int], ways: tuple[Way, Way]) -> None:
        super().__init__(stage)
        self._rounds: Token = ("rounds", loop)
        self._began: Token = ("began", loop)
        self.limit, self._every = limits
        self._body, self._done = ways

    def come(self, chunk: Chunk, batch: Batch) -> None:
        new, old = parted(batch, batch.tokens.get(self._rounds, -1) < 0)
        if new is not None:
            began = {self._began: stamps.instant(new.now)} if self._every else {}
            new.tokens = {**new.tokens, self._rounds: 0, **began}
            new = self._begun(chunk, new)
        going = [one for one in (new, old) if one is not None]
        if going:
            self._go_on(chunk, merge(going, None))

    def _begun(self, chunk: Chunk, batch: Batch) -> Batch | None:
        """Those for whom the loop begins."""
        left: Batch | None = batch
        for way, standing in self.until:
            if left is None:
                break
            mine, left = parted(left, standing.holds(chunk, Look(chunk, left, self.stage)))
            if mine is not None:
                if chunk.recorder is not None:
                    chunk.recorder.taken(way, mine, already=True)
                chunk.go(way, mine)
        return left

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        if chunk.recorder is not None:
            chunk.recorder.time_up(self, batch)
        self._go_on(chunk, batch)

    def _go_on(self, chunk: Chunk, batch: Batch) -> None:
        """The next round, if there is one, at once or when it is due."""
        done, on = parted(batch, batch.tokens[self._rounds] >= self.limit)
        if done is not None:
            chunk.go(self._done, done)
        if on is not None and self._every:
            due = on.tokens[self._began] + on.tokens[self._rounds] * self._every
            waiting, on = parted(self._until(on, due), due > stamps.instant(on.now))
            if waiting is not None:
                if chunk.recorder is not None:
                    until = stamps.instant(waiting.tokens[UNTIL])
                    chunk.recorder.between(self, waiting, until, waiting.tokens[self._rounds])
                self.rest(chunk, waiting, waiting.tokens[UNTIL])
        if on is not None:
            on.tokens = {**on.tokens, self._rounds: on.tokens[self._rounds] + 1}
            chunk.go(self._body, on)

    def _until(self, batch: Batch, due: stamps.Stamps) -> Batch:
        batch.tokens = {**batch.tokens, UNTIL: stamps.wake(due)}
        return batch
