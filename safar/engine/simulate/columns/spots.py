"""What happens at each kind of place, to whole batches: the moves of `engine/moves.py` but the delivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from safar.engine.names import fold
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import of
from safar.engine.simulate.columns.column import is_true
from safar.engine.simulate.columns.effects import Effect
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.followed import After
from safar.engine.simulate.columns.goals import reached
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.ways import Way

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.splits import Split


class Spot(Protocol):
    """`number` is that of the place."""

    number: int

    def come(self, chunk: Chunk, batch: Batch) -> None:
        """The runs come to the place."""


class Branching:
    number = -1

    def __init__(self, condition: Expr, yes: Way, no: Way, stage: str) -> None:
        self.condition, self._yes, self._no, self._stage = condition, yes, no, stage

    def come(self, chunk: Chunk, batch: Batch) -> None:
        met = is_true(self.condition(Look(chunk, batch, self._stage)), batch.n)
        if chunk.recorder is not None:
            chunk.recorder.branch(self, Look(chunk, batch, self._stage), met)
        yes, no = parted(batch, met)
        if yes is not None:
            chunk.go(self._yes, yes)
        if no is not None:
            chunk.go(self._no, no)


class Drawing:
    """A split: the same arm for a customer every time.  `again`: it may be passed twice in a run."""

    number = -1

    def __init__(self, split: Split, ways: Sequence[Way], *, again: bool) -> None:
        self._split, self._ways, self._again = split, ways, again

    def come(self, chunk: Chunk, batch: Batch) -> None:
        split = self._split
        chosen = chance.choose(chance.grow(of(chunk.crowd.stems, batch.rows), split.part), split.ends[:-1])
        if not self._again:
            chunk.arms[split.number].store(batch.rows, chosen)
        for arm, way in enumerate(self._ways):
            index = (chosen == arm).nonzero()[0]
            if len(index):
                mine = batch if len(index) == batch.n else batch.some(index)
                split.taken(chunk, mine, arm, again=self._again)
                if chunk.recorder is not None:
                    chunk.recorder.arm(self, mine, arm)
                chunk.go(way, mine)


class Doing:
    number = -1

    def __init__(self, effect: Effect, then: Way, stage: str) -> None:
        self._effect, self._then, self._stage = effect, then, stage

    def come(self, chunk: Chunk, batch: Batch) -> None:
        self._effect.do(chunk, Look(chunk, batch, self._stage))
        chunk.go(self._then, batch)


class Leaving:
    """An exit: goals that count by it, and the end of the run."""

    number = -1

    def __init__(self, outcome: str, after: After) -> None:
        self._outcome, self._after = outcome, after

    def come(self, chunk: Chunk, batch: Batch) -> None:
        for goal in chunk.plan.exits.get(fold(self._outcome), ()):
            reached(chunk, goal, Look(chunk, batch, self._after.stage), exits=True)
        if chunk.recorder is not None:
            chunk.recorder.exit(self, batch)
        chunk.leave(self._outcome, batch)
        if chunk.plan.deeds:
            chunk.deeds.forget(batch.rows)
        self._after.take(chunk, batch.anew())


class Turning:
    """A jump that leads to itself: it is never left."""

    number = -1

    def __init__(self, way: Way) -> None:
        self._way = way

    def come(self, chunk: Chunk, batch: Batch) -> None:
        chunk.go(self._way, batch)
