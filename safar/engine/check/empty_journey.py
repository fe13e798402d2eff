"""A journey without stages."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule

RULE = Rule("empty-journey", "SF101")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        if not journey.stages and subject.sound(journey):
            yield RULE.at(
                name_or_line(journey),
                f"the journey `{journey.name}` has no stage",
                label="nothing happens in it",
                help="add a `stage` with the steps that customers pass",
            )
