"""A gap in the curve of feelings."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Touchpoint
from safar.engine.steps.touchpoint import Meet

RULE = Rule("missing-feeling", "SF510", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        met = [step for step in journey.steps if isinstance(step, Meet)]
        if not any(_felt(step.touchpoint) for step in met):
            continue
        for step in met:
            if not _felt(step.touchpoint) and subject.sound(step):
                yield RULE.at(
                    name_or_line(step),
                    f"the map has no feeling at `{step.touchpoint.name}`",
                    label="a gap in the curve",
                    help='add a line such as `feeling +1 "Reminded"`, from -5 to +5',
                )


def _felt(touchpoint: Touchpoint) -> bool:
    return any(line.word == "feeling" for line in touchpoint.map_lines)
