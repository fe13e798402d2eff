"""A journey into which nobody can come."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, interrupts, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.start import Start

RULE = Rule("missing-entry", "SF100", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    started = {step.journey for journey in subject.journeys for step in journey.steps if isinstance(step, Start)}
    for journey in subject.journeys:
        started |= {i.reaction.journey for i in interrupts(journey) if isinstance(i.reaction, Start)}
    for journey in subject.journeys:
        if not journey.entries and journey.name not in started and subject.sound(journey):
            yield RULE.at(
                name_or_line(journey),
                f"nobody can come into the journey `{journey.name}`",
                label="no `enter` line",
                help="say who begins it, as in `enter on EVENT`, or let another journey `start` it",
            )
