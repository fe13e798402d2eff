"""What happens to runs where they stand: who obeys it, in the order of the plain interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.effects import Effect
from safar.engine.simulate.columns.listening import Ear, parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.ways import Way

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


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

    def obey(self, chunk: Chunk, look: Look, origin: Any) -> Batch | None:
        """Those whom it leaves where they are."""
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
            mine, left = parted(left, ear.matches(left, origin, self.steps))
            if mine is not None:
                if chunk.recorder is not None:
                    chunk.recorder.taken(way, mine.batch, origin)
                chunk.go(way, mine.batch)
        return left.batch if left is not None else None
