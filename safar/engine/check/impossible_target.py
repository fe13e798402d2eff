"""A target that no journey can miss, or that none can reach."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import Level

RULE = Rule("impossible-target", "SF514")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for goal in journey.goals:
            if goal.target is not None and (why := _wrong(goal.target)):
                yield RULE.at(
                    first_line(goal.target.span),
                    f"this target of the goal `{goal.name}` {why}",
                    label="a share of those who enter: 0% to 100%",
                    help="set a level that can be reached and missed",
                )


def _wrong(target: Level) -> str:
    if target.unit != "%":
        return ""
    if target.value > 1 or (target.value == 1 and not target.at_least):
        return "can never be reached" if target.at_least else "can never be missed"
    return "can never be missed" if target.value == 0 and target.at_least else ""
