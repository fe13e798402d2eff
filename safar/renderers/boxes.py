"""Which box of the picture stands for what of the program."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.moves import Exit, Handler, Jump, Place, Scope
from safar.engine.program import Program


class Meaning(msgspec.Struct, frozen=True):
    """What a box stands for: the start (nothing of these), a place, an interrupt, or the exits with an outcome.

    `stage` is that of a stage's interrupt, empty for a journey's.
    """

    place: Place | None = None
    handler: Handler | None = None
    outcome: str = ""
    stage: str = ""

    @property
    def node(self) -> str:
        """Its name in the figures of a simulation."""
        if self.place is not None:
            return self.place.node
        if self.handler is not None:
            return self.handler.node
        return f"exit:{self.outcome}" if self.outcome else "entry"


def meanings(program: Program) -> tuple[Meaning, ...]:
    """What each box of `view.view(program)` stands for, by its number."""
    return Meaning(), *_steps(program), *_interrupts(program), *_exits(program)


def _steps(program: Program) -> Iterator[Meaning]:
    for place in program.places:
        if place.step is not None and not isinstance(place.move, Jump | Exit):
            yield Meaning(place=place)


def _interrupts(program: Program) -> Iterator[Meaning]:
    for scope in program.scopes:
        if scope.kind != "loop":
            yield from _of(scope)


def _of(scope: Scope) -> Iterator[Meaning]:
    for handler in scope.handlers:
        yield Meaning(handler=handler, stage=scope.name if scope.kind == "stage" else "")


def _exits(program: Program) -> Iterator[Meaning]:
    reachable = program.reachable()
    moves = [p.move for p in program.places if isinstance(p.move, Exit) and (p.step is not None or p.id in reachable)]
    for outcome in dict.fromkeys(move.outcome for move in moves):
        yield Meaning(outcome=outcome)
