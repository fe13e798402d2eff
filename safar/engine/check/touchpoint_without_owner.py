"""A touchpoint for which nobody stands."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import within
from safar.engine.steps.touchpoint import Meet

RULE = Rule("touchpoint-without-owner", "SF504", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for stage in journey.stages:
            for step in within(stage.steps):
                if not isinstance(step, Meet) or step.touchpoint.owner or stage.owner or journey.owner:
                    continue
                if subject.sound(step):
                    yield RULE.at(
                        name_or_line(step),
                        f"nobody is the owner of `{step.touchpoint.name}`",
                        label="no `owner`",
                        help="name a team with `owner TEAM` here, in the stage or in the journey",
                    )
