"""An interrupt that one before it always takes the event from."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Interrupt
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo

RULE = Rule("repeated-interrupt", "SF125", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for scope in (journey.interrupts, *(stage.interrupts for stage in journey.stages)):
            leaving = [one for one in scope if isinstance(one.reaction, GoTo | Exit)]
            for number, late in enumerate(leaving):
                first = next((one for one in leaving[:number] if _covers(one, late)), None)
                if first is not None and subject.sound(first) and subject.sound(late):
                    yield _finding(first, late)


def _covers(first: Interrupt, late: Interrupt) -> bool:
    return first.form == late.form and first.condition in (None, late.condition)


def _finding(first: Interrupt, late: Interrupt) -> Diagnostic:
    return RULE.at(
        first_line(late.span),
        "an interrupt before this one always leaves first",
        label="never acts",
        help="take it out, or give the one before an `if`",
        related=(Related("leaves first", first_line(first.span)),),
    )
