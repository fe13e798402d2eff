"""A goal that nobody wants to be reached by so many."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("goal-without-target", "SF506", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for goal in journey.goals:
            if goal.target is None and subject.sound(goal):
                yield RULE.at(
                    name_or_line(goal),
                    f"nothing says how many should reach the goal `{goal.name}`",
                    label="no target",
                    help="add a line such as `target at least 12%`",
                )
