"""A time of day that there is not on the day on which clocks are put forward."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Journey
from safar.engine.moves import Clock, FromDate, FromOccasion
from safar.engine.source import Span
from safar.engine.steps.wait_until import WaitUntil

RULE = Rule("skipped-hour", "SF313", Severity.WARNING)

_NIGHT = 4 * 3_600
"""Clocks are put forward between midnight and four o'clock, everywhere."""
_YEARS = range(2027, 2030)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for at, span in _times(journey):
            if at < _NIGHT and (where := _skipped(subject, at)):
                yield RULE.at(
                    first_line(span),
                    f"there is no {spelling.time_of_day(at)} {where} on the day on which clocks are put forward",
                    label="an hour that is skipped once a year",
                    help="take a time after 04:00; Safar would take the first instant after the gap",
                )


def _times(journey: Journey) -> Iterator[tuple[int, Span]]:
    yield from ((entry.at, entry.span) for entry in journey.entries if not entry.event)
    for step in journey.steps:
        match step:
            case WaitUntil(deadline=Clock(at=at) | FromDate(at=at) | FromOccasion(at=at)):
                yield at, step.span


def _skipped(subject: Subject, at: int) -> str:
    """Where the time is skipped: in the project's zone, or in those of customers far and wide."""
    if "timezone" in subject.vocabulary.attributes and 2 * 3_600 <= at < 3 * 3_600:
        return "in most zones of customers"
    # Only now: the zones take longer to read than a file does.
    from safar.engine.simulate.clock import day_number, zone

    name = subject.project.settings.timezone
    clock = zone(name)
    if clock is None:
        return ""
    import datetime

    first, last = (day_number(datetime.date(year, 1, 1)) for year in (_YEARS.start, _YEARS.stop))
    gone = any(clock.time(clock.instant(day, at)) != at for day in range(first, last))
    return f"in {name}" if gone else ""
