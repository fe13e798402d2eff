"""A `wait until` a moment that is over when the wait begins, whoever comes and whenever."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.expression import EventForm, Literal, Now, Today
from safar.engine.model import Journey
from safar.engine.moves import Deadline, FromDate, FromInstant, FromOccasion
from safar.engine.spelling import event_form
from safar.engine.steps.wait_until import WaitUntil

RULE = Rule("past-deadline", "SF305")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for step in journey.steps:
            if isinstance(step, WaitUntil) and _past(subject, journey, step.deadline):
                yield RULE.at(
                    first_line(step.span),
                    "this moment is over when the wait begins",
                    label="always past",
                    help=_help(step.deadline),
                )


def _help(deadline: Deadline) -> str:
    match deadline:
        case FromInstant(instant=EventForm() as form, seconds=0):
            return f"an event that is to come is waited for by `wait for {event_form(form)} up to 3d`"
        case _:
            return "wait until something that is still to come; `after` instead of `before`?"


def _past(subject: Subject, journey: Journey, deadline: Deadline) -> bool:
    match deadline:
        case FromInstant(instant=EventForm() | Now(), seconds=seconds):
            return seconds <= 0
        case FromDate(date=Today(), days=days):
            return days < 0
        case FromDate(date=Literal(value=datetime.date() as date), days=days):
            return _before_entry(journey, date, days)
        case FromOccasion(occasion=name, days=days):
            occasion = subject.vocabulary.occasions.get(name)
            return occasion is not None and all(_before_entry(journey, date, days) for date in occasion.dates)
        case _:
            return False


def _before_entry(journey: Journey, date: datetime.date, days: int) -> bool:
    """Whether a date is over before anybody enters; only entries on dates tell."""
    entries = [entry.date for entry in journey.entries]
    return bool(entries) and all(entry is not None and (entry - date).days > days for entry in entries)
