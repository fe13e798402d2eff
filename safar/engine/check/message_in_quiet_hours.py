"""A message at a time of day at which its channel is quiet."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Quiet
from safar.engine.moves import Clock, Deliver, FromDate, FromOccasion, Wait
from safar.engine.program import Program
from safar.engine.source import Span

RULE = Rule("message-in-quiet-hours", "SF413", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for at, begin, span in _times(program):
            for number in sorted(_at_once(program, begin)):
                move = program.places[number].move
                if isinstance(move, Deliver) and not move.touchpoint.transactional:
                    channel = subject.channel(move.touchpoint)
                    quiet = next((one for one in channel.quiet if _is_quiet(at, one)), None) if channel else None
                    if quiet is not None:
                        yield _finding(program, number, at, quiet, span)


def _times(program: Program) -> Iterator[tuple[int, int, Span]]:
    """Times of day with the place that is passed at each, and what says so."""
    entries = program.journey.entries
    if entries and all(not entry.event for entry in entries) and len({entry.at for entry in entries}) == 1:
        yield entries[0].at, program.start, entries[0].span
    for number in sorted(program.passed()):
        place = program.places[number]
        match place.move:
            case Wait(deadline=Clock(at=at) | FromDate(at=at) | FromOccasion(at=at), then=then):
                yield at, then, place.span


def _at_once(program: Program, begin: int) -> set[int]:
    """The places that are passed at the same instant, the first message on each way included."""
    seen: set[int] = set()
    todo = [begin]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += [edge.end for edge in program.ways(place) if edge.high == 0]
    return seen


def _is_quiet(at: int, quiet: Quiet) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def _finding(program: Program, number: int, at: int, quiet: Quiet, span: Span) -> Diagnostic:
    place = program.places[number]
    until = spelling.time_of_day(quiet.end)
    fate = f"held until {until}" if quiet.refusal.wait else "never sent"
    return RULE.at(
        place.span if place.step is None else name_or_line(place.step),
        f"this message comes at {spelling.time_of_day(at)}, when its channel is quiet",
        label=fate,
        help=f"take a time of day after {until}",
        related=(Related("the time of day", span), Related("the quiet hours", quiet.span)),
    )
