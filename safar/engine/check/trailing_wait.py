"""A wait behind which nothing comes."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.moves import Exit, Wait
from safar.engine.program import Program

RULE = Rule("trailing-wait", "SF120", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for number in sorted(program.passed()):
            place = program.places[number]
            if isinstance(place.move, Wait) and not place.move.ways and _last(program, number, place.move):
                yield RULE.at(
                    first_line(place.span),
                    "nothing comes after this wait",
                    label="the journey ends when it is over",
                    help="take it out, or add what the wait is for",
                )


def _last(program: Program, number: int, wait: Wait) -> bool:
    if any(scope.handlers for scope in program.around(number)):
        return False
    ends = {program.resolve(wait.then), program.resolve(wait.passed)}
    return all(isinstance(program.places[end].move, Exit) for end in ends)
