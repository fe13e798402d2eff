"""A message that always comes at a time of day at which its channel is quiet."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.check.week import in_day, last_minutes, quiet_minutes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Channel, Quiet
from safar.engine.moves import Clock, FromDate, FromOccasion, Wait
from safar.engine.program import Program
from safar.engine.prove.sending import caps
from safar.engine.source import Span

RULE = Rule("message-in-quiet-hours", "SF413", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not any(channel.quiet for channel in subject.vocabulary.channels.values()):
        return
    for program in subject.whole:
        sent = {number: channel for number in sorted(program.passed()) if (channel := subject.markets(program, number))}
        silent = {number: channel for number, channel in sent.items() if channel.quiet}
        for at, weekday, begin, span in _times(program) if silent else ():

            def ends(place: int, minutes: int) -> bool:
                return place in silent and not minutes & ~_union(silent[place].quiet)  # noqa: B023 - asked in this round

            for number, minutes in sorted(subject.week(program).after(begin, at, weekday, ends).items()):
                if ends(number, minutes):
                    yield _finding(program, number, minutes, silent[number], span)


def _union(quiet: tuple[Quiet, ...]) -> int:
    minutes = 0
    for one in quiet:
        minutes |= quiet_minutes(one)
    return minutes


def _times(program: Program) -> Iterator[tuple[int, str, int, Span]]:
    """Times of day, with the weekday if there is one, the place that is passed at each, and what says so."""
    for entry in program.journey.entries:
        if not entry.event:
            yield entry.at, "", program.start, entry.span
    for number in sorted(program.passed()):
        place = program.places[number]
        match place.move:
            case Wait(deadline=Clock(at=at, weekday=weekday), then=then):
                yield at, weekday, then, place.span
            case Wait(deadline=FromDate(at=at) | FromOccasion(at=at), then=then):
                yield at, "", then, place.span


def _finding(program: Program, number: int, minutes: int, channel: Channel, span: Span) -> Diagnostic:
    place = program.places[number]
    asked = next(one for one in channel.quiet if minutes & quiet_minutes(one))
    until = spelling.time_of_day(asked.end)
    first, last = map(spelling.time_of_day, in_day(minutes))
    return RULE.at(
        place.span if place.step is None else name_or_line(place.step),
        f"this message comes at {first}, when its channel is quiet"
        if first == last
        else "this message always comes in the quiet hours of its channel",
        label=_fate(asked, minutes, waits=any(cap.refusal.wait for cap in caps(program.project, channel))),
        help=f"take a time of day after {until}",
        related=(Related("the time of day", span), Related("the quiet hours", asked.span)),
    )


def _fate(asked: Quiet, minutes: int, *, waits: bool) -> str:
    """What becomes of the message; `asked` are the quiet hours that refuse it first, and limits may hold it before."""
    until = spelling.time_of_day(asked.end)
    # Of other quiet hours the first decide, and what a limit holds comes at another time of day.
    alone = not waits and not minutes & ~quiet_minutes(asked)
    if not asked.refusal.wait:
        return "never sent" if alone else "skipped"
    if alone and not minutes & last_minutes(asked, asked.refusal.up_to):
        return f"never sent: {until} is later than it may be held"
    return f"held until {until}"
