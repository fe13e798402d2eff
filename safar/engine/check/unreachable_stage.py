"""A stage to which no way leads."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Stage
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo

RULE = Rule("unreachable-stage", "SF103")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        entered = _entered(program, program.passed())
        stages = program.journey.stages
        for before, stage in zip((None, *stages), stages, strict=False):
            if not stage.steps or stage.name in entered:
                continue
            # What only this stage leads to is no mistake of its own.
            entered |= _entered(program, program.passed(program.stages[fold(stage.name)]))
            yield _finding(program, stage, before)


def _entered(program: Program, seen: set[int]) -> set[str]:
    """The stages in which somebody is at one of these places."""
    return {program.places[place].stage for place in seen}


def _finding(program: Program, stage: Stage, before: Stage | None) -> Diagnostic:
    help = f"add `go to {stage.name}` where it should begin"
    related: tuple[Related, ...] = ()
    if before is not None and before.steps:
        help = f"let the stage `{before.name}` before it run to its end, or {help}"
        last = before.steps[-1]
        if isinstance(last, GoTo | Exit):
            related = (
                Related(f"`{before.name}` leaves here, so it does not go on to `{stage.name}`", first_line(last.span)),
            )
    return RULE.at(
        name_or_line(stage),
        f"no way leads to the stage `{stage.name}`",
        label="never reached",
        help=help,
        related=related,
    )
