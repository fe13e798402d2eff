"""A journey that leads nowhere in particular."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("missing-goal", "SF507", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        if not journey.goals and not journey.measures and journey.stages and subject.sound(journey):
            yield RULE.at(
                name_or_line(journey),
                f"nothing says what `{journey.name}` is for",
                label="no goal and no measure",
                help="add a goal, such as `goal won { on order_placed within 14d }`",
            )
