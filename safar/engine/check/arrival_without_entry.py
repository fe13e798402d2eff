"""Arrivals into a journey that no event begins."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule

RULE = Rule("arrival-without-entry", "SF602")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        if journey.arrive is not None and subject.sound(journey) and all(not e.event for e in journey.entries):
            yield RULE.at(
                first_line(journey.arrive.span),
                "customers arrive, but no event begins this journey",
                label="no `enter on EVENT`",
                help="add the event with which they come, as in `enter on cart_updated`",
            )
