"""A journey that nobody can keep in mind."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("crowded-journey", "SF116", Severity.INFO, default=False)

_STAGES, _STEPS = 8, 50


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        steps = sum(1 for _ in journey.steps)
        if len(journey.stages) > _STAGES or steps > _STEPS:
            yield RULE.at(
                name_or_line(journey),
                f"`{journey.name}` has {len(journey.stages)} stages and {steps} steps",
                label=f"more than {_STAGES} stages or {_STEPS} steps",
                help="move a part that stands by itself into a journey of its own, and begin it with `start`",
            )
