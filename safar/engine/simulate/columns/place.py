"""What happens to runs where they stand: who obeys it, in the order of the plain interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.effects import Effect
from safar.engine.simulate.columns.listening import Ear, parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.ways import Way
from safar.engine.simulate.happening import What

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk

MOST_ECHOES = 100
"""Times that a run may hear what it did because of what it heard."""


class Obeying(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Who may obey one kind of thing at a place: asides, interrupts that lead away, ways of the wait; in order."""

    asides: tuple[tuple[Ear, Effect], ...] = ()
    leaps: tuple[tuple[Ear, Way], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.asides or self.leaps)


class Place:
    """`stage` is None where there is no run.  `watches` are the conditions that loops around and the wait are about."""

    number = -1
    inside = True
    followed = True
    held_out = False

    def __init__(self, stage: str | None) -> None:
        self.stage = stage
        self.obeying: dict[int, Obeying] = {}
        self.watches: tuple[tuple[Ear, Way], ...] = ()
        self.steps: dict[str, tuple[str, ...]] = {}

    def look(self, chunk: Chunk, batch: Batch | None) -> Batch | None:
        """Conditions that loops and waits are about are looked at; those who stay where they are."""
        if not self.watches or batch is None:
            return batch
        left: Batch | None = batch
        for ear, way in self.watches:
            if left is None:
                break
            mine, left = parted(left, ear.holds(Look(chunk, left, self.stage)))
            if mine is not None:
                if chunk.recorder is not None:
                    chunk.recorder.taken(way, mine)
                chunk.go(way, mine)
        return left

    def overhear(self, chunk: Chunk, batch: Batch | None, *, resting: bool) -> Batch | None:
        """Runs hear what they did themselves: now that they rest, or, where they were `resting`, at once, so that it
        may end the wait too.  Those whom it leaves where they are.
        """
        stay: list[Batch] = []
        for _ in range(MOST_ECHOES):
            if batch is None:
                return merge(stay, None) if stay else None
            heard, silent = parted(batch, chunk.deeds.any(batch.rows))
            stay += [silent] if silent is not None else []
            batch = self._overhear(chunk, heard, resting=resting) if heard is not None else None
        if batch is not None:
            chunk.step(batch.rows, "steps")
        return merge(stay, None) if stay else None

    def _overhear(self, chunk: Chunk, batch: Batch, *, resting: bool) -> Batch | None:
        numbers = chunk.deeds.take(batch.rows)
        stay = []
        for deed in chunk.plan.deeds:
            mine = np.flatnonzero(numbers == deed.number)
            if len(mine):
                some = batch.some(mine)
                payload = chunk.kept_payload(deed.number, deed.fields, some.rows)
                left = self.obey(chunk, Look(chunk, some, self.stage, payload), deed, waits=resting)
                stay += [left] if left is not None else []
        return merge(stay, None) if stay else None

    def obey(self, chunk: Chunk, look: Look, origin: Any, *, waits: bool = True) -> Batch | None:
        """Those whom it leaves where they are; `waits`: it may end a wait."""
        obeying = self.obeying.get(origin.number)
        if obeying is None:
            return look.batch
        for ear, effect in obeying.asides:
            mine, _ = parted(look, ear.matches(look, origin, self.steps))
            if mine is not None:
                effect.do(chunk, mine)
        left: Look | None = look
        for ear, way in obeying.leaps:
            if left is None:
                return None
            if not waits and way.what is What.WOKEN:
                continue
            mine, left = parted(left, ear.matches(left, origin, self.steps))
            if mine is not None:
                if chunk.plan.deeds:
                    chunk.taken(mine.batch.rows)
                if chunk.recorder is not None:
                    chunk.recorder.taken(way, mine.batch, origin)
                chunk.go(way, mine.batch)
        return left.batch if left is not None else None
