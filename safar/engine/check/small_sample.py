"""A test that too few customers take part in."""

from __future__ import annotations

import math
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Journey
from safar.engine.steps.split import Split

RULE = Rule("small-sample", "SF604", Severity.WARNING, default=False)

_WEEKS = 4
_LIFT = 0.2
"""What a test should be able to see: a fifth more than the target, or a fifth less."""
_POWER = 15.7
"""2 (1.96 + 0.84)^2: seen in four of five tests, and by chance alone in one of twenty."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        rate = _rate(journey)
        if not rate or journey.arrive is None:
            continue
        coming = float(journey.arrive.count) / journey.arrive.period * _WEEKS * 7 * 86_400
        needed = math.ceil(_POWER * rate * (1 - rate) / (rate * _LIFT) ** 2)
        for step in journey.steps:
            if isinstance(step, Split) and step.arms:
                smallest = min(step.arms, key=lambda arm: arm.share)
                least = int(coming * float(smallest.share))
                if least < needed:
                    yield RULE.at(
                        first_line(step.span),
                        f"in {_WEEKS} weeks at most {least:,} customers come into the arm `{smallest.name}`",
                        label=f"{needed:,} are needed to see a fifth more or less",
                        help="test for longer, with fewer arms, or something that makes a greater difference",
                    )


def _rate(journey: Journey) -> float:
    """The share that the first goal with a target is to be reached by."""
    levels = (goal.target for goal in journey.goals if goal.target is not None and goal.target.unit == "%")
    rate = next((float(level.value) for level in levels), 0.0)
    return rate if 0 < rate < 1 else 0.0
