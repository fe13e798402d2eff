"""A customer who comes to a place and is so there, led by the plain interpreter: so somebody does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from safar.engine.claims.judge import Broken
from safar.engine.claims.telling import Telling
from safar.engine.expression import Expression
from safar.engine.program import Program
from safar.engine.promises import Claim
from safar.engine.prove.changes import Guard
from safar.engine.prove.conditions import Answer
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.replay import Replayer
from safar.engine.prove.search import explored
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Counterexample
from safar.engine.source import NOWHERE

BUDGET, LIVES = 20_000, 24
"""Work for one customer, and lives that are tried: more than a check can wait for is not worth it."""

Asked = Sequence[tuple[Expression, Answer]]


def customer(program: Program, place: int, asked: Asked, passes: Callable[[Telling], bool]) -> Counterexample | None:
    """One who comes to a place and answers so there, and whose story passes; None if none is found.

    The conditions must be ones that the journey asks, or are added to it here.
    """
    system = System(program, conditions=tuple(condition for condition, _ in asked))
    stage = program.places[place].stage
    boxes = [system.space.full]
    for condition, answer in asked:
        boxes = [left for box in boxes for left in system.guard(condition, answer, stage).after(box)]
    guard = Guard(system.space, boxes)
    replayer = Replayer(system, Claim(span=NOWHERE), lambda telling: Broken("") if passes(telling) else None, LIVES)
    return explored(system, lambda: _Comes(system, place, guard), replayer.witness, BUDGET).counterexample


class _Comes(Watch):
    """ "Broken" where somebody of whom it is asked comes to the place."""

    def __init__(self, system: System, place: int, guard: Guard) -> None:
        super().__init__(system)
        self.targets, self.guard = frozenset((place,)), guard

    @property
    def kept(self) -> int:
        assert self.guard is not None
        return self.guard.fields
