"""Two marketing messages over one channel at the same instant."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.timeless_cycle import timeless_places
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Send
from safar.engine.moves import Deliver
from safar.engine.program import Program

RULE = Rule("back-to-back-messages", "SF406", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        sent = {place: channel for place in sorted(program.passed()) if (channel := _channel(program, place))}
        for first in sent:
            for second in sorted(_at_once(program, first) & sent.keys()):
                if sent[first] == sent[second] and not _circles(subject, program, second):
                    yield _finding(program, first, second, sent[first])


def _circles(subject: Subject, program: Program, message: int) -> bool:
    """Whether a message stands on a circle without time, which is the graver mistake."""
    return (program.journey.name, message) in timeless_places(subject)


def _channel(program: Program, place: int) -> str:
    """The channel of a marketing message; empty for all else."""
    move = program.places[place].move
    if isinstance(move, Deliver) and not move.touchpoint.transactional and isinstance(move.touchpoint.contact, Send):
        return move.touchpoint.contact.channel
    return ""


def _at_once(program: Program, message: int) -> set[int]:
    """The places that are passed at the instant of a delivery."""
    seen: set[int] = set()
    todo = [edge.end for edge in program.ways(message)]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += [edge.end for edge in program.ways(place) if edge.high == 0]
    return seen


def _finding(program: Program, first: int, second: int, channel: str) -> Diagnostic:
    again, step = program.places[second], program.places[second].step
    return RULE.at(
        first_line(again.span) if step is None else name_or_line(step),
        f"two messages go out over `{channel}` at the same instant",
        label="no time since the last one" if first != second else "no time since its last round",
        help="put a `wait` between them, or make them one",
        related=() if first == second else (Related("the message before", first_line(program.places[first].span)),),
        way=way(program, first, {second}),
    )
