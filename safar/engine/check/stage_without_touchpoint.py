"""A stage in which the customer meets nothing."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import within
from safar.engine.steps.touchpoint import Meet

RULE = Rule("stage-without-touchpoint", "SF501", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for stage in journey.stages:
            met = any(isinstance(step, Meet) for step in within(stage.steps))
            if stage.steps and not met and subject.sound(stage):
                yield RULE.at(
                    name_or_line(stage),
                    f"the customer meets nothing in the stage `{stage.name}`",
                    label="no touchpoint",
                    help="add the touchpoint that belongs here, or move the steps to a stage beside it",
                )
