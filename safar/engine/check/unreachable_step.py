"""A step to which no way leads, most often because the step before it always leaves."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, places_of
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Step, bodies
from safar.engine.program import Program
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo

RULE = Rule("unreachable-step", "SF104")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        rows = _Rows(program)
        for stage in program.journey.stages:
            if stage.name in rows.entered:
                yield from rows.look(stage.steps)


class _Rows:
    """Looks at steps in a row and says which one is not reached; what comes after it is reached from it."""

    def __init__(self, program: Program) -> None:
        self.program, self.places = program, places_of(program)
        self.seen: set[int] = set()
        self.entered: set[str] = set()
        """The stages of the places that are seen."""
        self._see(program.passed())

    def _see(self, places: set[int]) -> None:
        self.seen |= places
        self.entered |= {self.program.places[place].stage for place in places}

    def look(self, steps: tuple[Step, ...]) -> Iterator[Diagnostic]:
        for before, step in zip((None, *steps), steps, strict=False):
            place = self.places[id(step)]
            if place not in self.seen:
                self._see(self.program.passed(place))
                yield _finding(step, before)
            for body in bodies(step):
                yield from self.look(body.steps)


def _finding(step: Step, before: Step | None) -> Diagnostic:
    related: tuple[Related, ...] = ()
    if before is None:
        help = "let a way lead here with `go to`, or take it out"
    elif isinstance(before, GoTo | Exit):
        help = "take it out, or move it before the step that leaves"
        related = (Related("the journey leaves here", first_line(before.span)),)
    else:
        help = "let one way through the step before it go on, or take this one out"
        related = (Related("every way through this step leaves", first_line(before.span)),)
    return RULE.at(
        first_line(step.span), "this step is never reached", label="no way leads here", help=help, related=related
    )
