"""Splits: who went into which arm, and what that says of goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from safar.engine.simulate.columns.batch import Batch
    from safar.engine.simulate.columns.chunk import Chunk


class Split(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`number` is its place among the splits, `part` its part of the keys, `ends` the thresholds of its arms."""

    number: int
    name: str
    part: int
    ends: tuple[int, ...]
    arms: tuple[str, ...]

    def taken(self, chunk: Chunk, batch: Batch, arm: int, *, again: bool) -> None:
        """These runs go into an arm, the first time or (`again`) perhaps another time; a run counts once.

        Goals reached before count for the arm too.
        """
        if again:
            taken = chunk.arms[self.number]
            before = taken.load(batch.rows)
            if isinstance(before, np.ndarray):
                batch = batch.some(np.flatnonzero(before < 0))
            elif before >= 0:
                return
            if not batch.n:
                return
            taken.store(batch.rows, arm)
        numbers = chunk.tally.numbers
        numbers[("arm", self.name, self.arms[arm])] += batch.n
        for goal, reached in zip(chunk.plan.goals, chunk.reached, strict=True):
            before = reached.load(batch.rows)
            number = int(np.count_nonzero(before)) if isinstance(before, np.ndarray) else batch.n * before
            if number:
                numbers[("arm_goal", self.name, self.arms[arm], goal.name)] += number
