"""A wait for a day before the day that was waited for already."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, jumped_to, rows
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Attribute, Expression, Literal
from safar.engine.model import Step
from safar.engine.moves import FromDate
from safar.engine.steps.wait_until import WaitUntil

RULE = Rule("backwards-wait", "SF309", Severity.WARNING)

Moment = tuple[Expression | None, int, int]
"""What is counted from (nothing: the calendar itself), days after it, and the time of day."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        targets = jumped_to(journey)
        for row in rows(journey):
            awaited: list[tuple[Moment, Step]] = []
            for step in row:
                if step.name and step.name in targets:
                    awaited = []
                moment = _moment(subject, step)
                if moment is None:
                    continue
                before = next((one for when, one in awaited if when[0] == moment[0] and when[1:] >= moment[1:]), None)
                if before is not None:
                    yield _finding(step, before)
                awaited.append((moment, step))


def _moment(subject: Subject, step: Step) -> Moment | None:
    match step:
        case WaitUntil(deadline=FromDate(date=Literal(value=datetime.date() as date), days=days, at=at)):
            return None, date.toordinal() + days, at
        case WaitUntil(deadline=FromDate(date=Attribute(name=name) as date, days=days, at=at)):
            attribute = subject.vocabulary.attributes.get(name)
            return (date, days, at) if attribute is not None and attribute.change == "fixed" else None
        case _:
            return None


def _finding(step: Step, before: Step) -> Diagnostic:
    return RULE.at(
        first_line(step.span),
        "this moment is over: a wait before was for the same or a later one",
        label="always past",
        help="put the waits in the order of their dates",
        related=(Related("waits as long or longer", first_line(before.span)),),
    )
