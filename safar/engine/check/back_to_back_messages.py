"""Two marketing messages over one channel at the same instant."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.message_over_limit import dropped
from safar.engine.check.same_instant import pairs
from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.program import Program

RULE = Rule("back-to-back-messages", "SF406", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for (first, second), channel in pairs(subject, program).items():
            # What a limit always drops does not go out at all: another rule says so.
            if not any(late.is_always for _, late in dropped(subject, program).get(second, ())):
                yield _finding(program, first, second, channel)


def _finding(program: Program, first: int, second: int, channel: str) -> Diagnostic:
    again, step = program.places[second], program.places[second].step
    return RULE.at(
        first_line(again.span) if step is None else name_or_line(step),
        f"two messages go out over `{channel}` at the same instant",
        label="no time since the last one" if first != second else "no time since its last round",
        help="put a `wait` between them, or make them one",
        related=() if first == second else (Related("the message before", first_line(program.places[first].span)),),
        way=way(program, first, {second}),
    )
