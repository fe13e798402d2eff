"""A measure for which nobody stands."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Measure, within
from safar.engine.steps.touchpoint import Meet

RULE = Rule("measure-without-owner", "SF505", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for measure in _unowned(subject):
        if subject.sound(measure):
            yield RULE.at(
                name_or_line(measure),
                f"nobody is the owner of the measure `{measure.name}`",
                label="no `owner` around it",
                help="name a team with `owner TEAM` in the touchpoint, the stage or the journey",
            )


def _unowned(subject: Subject) -> Iterator[Measure]:
    for journey in subject.journeys:
        if journey.owner:
            continue
        yield from journey.measures
        for stage in journey.stages:
            met = (step.touchpoint for step in within(stage.steps) if isinstance(step, Meet))
            yield from (m for touchpoint in met if not (touchpoint.owner or stage.owner) for m in touchpoint.measures)
