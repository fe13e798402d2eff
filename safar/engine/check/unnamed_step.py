"""A step that outputs know by its position only."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.branch import If
from safar.engine.steps.repeat import Repeat
from safar.engine.steps.wait_for import WaitFor
from safar.engine.steps.wait_up_to import WaitUpTo

RULE = Rule("unnamed-step", "SF126", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for step in journey.steps:
            if isinstance(step, If | Repeat | WaitFor | WaitUpTo) and not step.name:
                yield RULE.at(
                    first_line(step.span),
                    "outputs know this step by its position only",
                    label="no `as NAME`",
                    help="name it, such as `as answer` before the `{`",
                )
