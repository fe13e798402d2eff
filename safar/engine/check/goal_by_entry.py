"""A goal that only a second event of the same kind reaches."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Heard
from safar.engine.names import fold

RULE = Rule("goal-by-entry", "SF127", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        begins = {fold(entry.event): entry for entry in journey.entries if entry.event}
        for goal in journey.goals:
            if goal.on is None or goal.on.kind is not Heard.EVENT or goal.on.answers is not None:
                continue
            entry = begins.get(fold(goal.on.name))
            if entry is not None:
                yield RULE.at(
                    goal.on.span,
                    f"the `{goal.on.name}` that begins a run does not reach this goal",
                    label="counts from the second on",
                    help="name the event that follows, if the first one was meant to count",
                    related=(Related("begins the run", first_line(entry.span)),),
                )
