"""A test in which nothing is compared."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.split import Split

RULE = Rule("unmeasured-split", "SF315", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        if journey.goals or journey.measures or not subject.sound(journey):
            continue
        for step in journey.steps:
            if isinstance(step, Split):
                yield RULE.at(
                    first_line(step.span),
                    f"nothing says by what the arms of `{step.name}` are compared",
                    label="no goal and no measure in the journey",
                    help="add a goal, such as `goal won { on order_placed within 14d }`",
                )
