"""A message on a day of the calendar on which its channel is closed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Cap, Channel, Closed, Quiet
from safar.engine.moves import FromOccasion, Wait
from safar.engine.program import Program
from safar.engine.prove.daylight import SHIFT
from safar.engine.prove.sending import DAY, caps
from safar.engine.source import Span

RULE = Rule("message-on-closed-day", "SF433", Severity.WARNING)

_MOST = 2_000
"""Places and times of day that are followed from one moment of the calendar."""

Dates = tuple[datetime.date, ...]


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not any(channel.closed for channel in subject.vocabulary.channels.values()):
        return
    for program in subject.whole:
        for dates, at, begin, span in _moments(subject, program):
            for number, time in _same_day(program, begin, at) if dates else ():
                channel = subject.markets(program, number)
                for closed in channel.closed if channel is not None else ():
                    open_days = [_opens(subject, closed, date) for date in dates]
                    if channel is not None and all(open_days):
                        fate = _fate(program, channel, closed, min(open_days) * DAY - time)
                        yield _finding(program, number, closed, fate, span)


def _moments(subject: Subject, program: Program) -> Iterator[tuple[Dates, int, int, Span]]:
    """The dates on which a place is passed, the time of day, the place, and what says so."""
    occasions = subject.vocabulary.occasions
    for entry in program.journey.entries:
        if entry.date is not None:
            yield (entry.date,), entry.at, program.start, entry.span
        elif entry.occasion in occasions:
            yield occasions[entry.occasion].dates, entry.at, program.start, entry.span
    for number in sorted(program.passed()):
        place = program.places[number]
        match place.move:
            case Wait(deadline=FromOccasion(occasion=name, days=days, at=at), then=then) if name in occasions:
                dates = tuple(one + datetime.timedelta(days=days) for one in occasions[name].dates)
                yield dates, at, then, place.span


def _same_day(program: Program, begin: int, at: int) -> Iterator[tuple[int, int]]:
    """The places that are passed on the same day, on ways of which it is known how long they take, with the times."""
    seen: set[tuple[int, int]] = set()
    todo = [(begin, at)]
    while todo and len(seen) < _MOST:
        place, time = spot = todo.pop()
        if spot not in seen and time < DAY - SHIFT * (time > at):
            seen.add(spot)
            yield spot
            todo += [(edge.end, time + edge.low) for edge in program.ways(place) if edge.low == edge.high]


def _opens(subject: Subject, closed: Closed, date: datetime.date) -> int:
    """In so many days the channel opens again; 0 if it is open on the date."""
    occasion = subject.vocabulary.occasions.get(closed.occasion)
    if occasion is not None:
        return _last(date, occasion.dates.__contains__)
    # Only now: the calendars of countries take long to load.
    from safar.engine.simulate.clock import day_number
    from safar.engine.simulate.holidays import Holidays

    known = Holidays(closed.country)
    return _last(date, lambda day: day_number(day) in known)


def _last(date: datetime.date, is_closed: Callable[[datetime.date], bool]) -> int:
    days = 0
    while is_closed(date + datetime.timedelta(days=days)):
        days += 1
    return days


def _fate(program: Program, channel: Channel, closed: Closed, least: int) -> str:
    """What becomes of the message, if it would be held so many seconds at least."""
    # What quiet hours or a limit hold before may come on another day.
    checks: tuple[Cap | Quiet, ...] = (*caps(program.project, channel), *channel.quiet)
    alone = not any(one.refusal.wait for one in checks)
    if not closed.refusal.wait:
        return "never sent" if alone else "skipped"
    if alone and least - SHIFT > closed.refusal.up_to:
        return "never sent: the closed days last longer than it may be held"
    return "held until the day after"


def _finding(program: Program, number: int, closed: Closed, fate: str, span: Span) -> Diagnostic:
    place = program.places[number]
    return RULE.at(
        place.span if place.step is None else name_or_line(place.step),
        f"this message comes on a day on which its channel is closed: {_called(closed)}",
        label=fate,
        help="send it the day before, or over a channel that is open",
        related=(Related("the day", span), Related("the closed days", closed.span)),
    )


def _called(closed: Closed) -> str:
    return f"`{closed.occasion}`" if closed.occasion else f"a public holiday of `{closed.country}`"
