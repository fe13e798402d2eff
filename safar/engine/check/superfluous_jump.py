"""A jump to where the journey goes on anyway."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, places_of
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Rule, Severity
from safar.engine.model import Step
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.steps.go_to import GoTo

RULE = Rule("superfluous-jump", "SF123", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        places = places_of(program)
        heads = [program.stages[fold(stage.name)] for stage in program.journey.stages]
        for stage, onward in itertools.zip_longest(program.journey.stages, heads[1:]):
            for number, step in enumerate(stage.steps):
                after = places[id(stage.steps[number + 1])] if number + 1 < len(stage.steps) else onward
                if isinstance(step, GoTo) and after is not None and _same(program, step, places, after):
                    yield _finding(step)


def _same(program: Program, step: GoTo, places: dict[int, int], after: int) -> bool:
    return program.resolve(places[id(step)]) == program.resolve(after)


def _finding(step: Step) -> Diagnostic:
    return RULE.at(
        first_line(step.span),
        "the journey goes on there anyway",
        label="jumps to the next step",
        help="take the jump out",
        fix=Fix((Edit(step.span, ""),), safe=False),
    )
