"""Two marketing messages over one channel within a day."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Channel, Send
from safar.engine.moves import Deliver
from safar.engine.program import Program

RULE = Rule("crowded-day", "SF418", Severity.WARNING, default=False)

_DAY = 86_400


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        sent = {number: channel for number in sorted(program.passed()) if (channel := _channel(program, number))}
        told: set[int] = set()
        for first, name in sent.items():
            over = subject.vocabulary.channels.get(name)
            if over is None or _one_a_day(over):
                continue
            for second in sorted(_within_a_day(program, first)):
                if sent.get(second) == name and second not in told:
                    told.add(second)
                    yield _finding(program, first, second, name)


def _channel(program: Program, number: int) -> str:
    move = program.places[number].move
    if isinstance(move, Deliver) and not move.touchpoint.transactional and isinstance(move.touchpoint.contact, Send):
        return move.touchpoint.contact.channel
    return ""


def _one_a_day(channel: Channel) -> bool:
    return any(cap.count == 1 and (cap.window is None or cap.window >= _DAY) for cap in channel.caps)


def _within_a_day(program: Program, begin: int) -> set[int]:
    """The places that may be reached less than a day after a place, but not at its instant."""
    best: dict[int, int] = {}
    todo = [(edge.low, edge.end) for edge in program.ways(begin)]
    while todo:
        at, place = heapq.heappop(todo)
        if place not in best and at < _DAY:
            best[place] = at
            for edge in program.ways(place):
                heapq.heappush(todo, (at + edge.low, edge.end))
    return {place for place, at in best.items() if at > 0}


def _finding(program: Program, first: int, second: int, channel: str) -> Diagnostic:
    before, place = program.places[first], program.places[second]
    assert place.step is not None and before.step is not None
    return RULE.at(
        name_or_line(place.step),
        f"this is the second message over `{channel}` within a day",
        label="less than a day after the last one",
        help="wait a day, or let the channel say `at most 1 per calendar day`",
        related=(Related("the message before", name_or_line(before.step)),),
        way=way(program, first, {second}),
    )
