"""Marketing messages of which one customer gets two at one instant, over one channel."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine.check.subject import Subject
from safar.engine.check.timeless_cycle import timeless_places
from safar.engine.program import Program
from safar.engine.prove.sending import caps

if TYPE_CHECKING:
    from safar.engine.prove.arcs import Arc
    from safar.engine.prove.facts import Facts

_MOST = 1_000
"""Boxes of customers that are followed from one message on; with more the ways alone decide."""


def pairs(subject: Subject, program: Program) -> dict[tuple[int, int], str]:
    """Messages one of which goes out at the instant of the other, with their channel."""
    return _pairs(subject)[program.journey.name]


@functools.lru_cache(maxsize=1)
def _pairs(subject: Subject) -> dict[str, dict[tuple[int, int], str]]:
    return {program.journey.name: dict(_found(subject, program)) for program in subject.whole}


def _found(subject: Subject, program: Program) -> Iterator[tuple[tuple[int, int], str]]:
    channels = {place: subject.markets(program, place) for place in sorted(program.passed())}
    # Where a limit lets one message through at a time, the other is held or dropped.
    sent = {
        place: channel.name
        for place, channel in channels.items()
        if channel is not None and all(cap.count > 1 for cap in caps(program.project, channel))
    }
    for first, channel in sent.items():
        near = [one for one in sorted(_at_once(program, first) & sent.keys()) if sent[one] == channel]
        meets = _meets(subject.facts(program), first) if near else frozenset()
        for second in near:
            if (meets is None or second in meets) and not _circles(subject, program, second):
                yield (first, second), channel


def _circles(subject: Subject, program: Program, message: int) -> bool:
    """Whether a message stands on a circle without time, which is the graver mistake."""
    return (program.journey.name, message) in timeless_places(subject)


def _at_once(program: Program, message: int) -> set[int]:
    """The places that are passed at the instant of a delivery, conditions aside."""
    seen: set[int] = set()
    todo = [edge.end for edge in program.ways(message)]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += [edge.end for edge in program.ways(place) if edge.high == 0]
    return seen


def _meets(facts: Facts, message: int) -> frozenset[int] | None:
    """The messages that one and the same customer gets at the instant of a delivery; None where too much is asked."""
    from safar.engine.prove.changes import forwards

    station = facts.system.station(message)
    delivered = [arc for arc in (*station.once, *station.rest) if arc.kind == "delivered"]
    todo = [
        (arc.end, box) for arc in delivered for who in facts.takes(message, arc) for box in forwards(arc.then, who.box)
    ]
    seen: set[tuple[int, int]] = set()
    met: set[int] = set()
    while todo:
        spot = place, box = todo.pop()
        if place < 0 or spot in seen:
            continue
        if len(seen) > _MOST:
            return None
        seen.add(spot)
        for arc in _timeless(facts, place):
            through = tuple(forwards(arc.changes, box))
            if arc.kind == "delivered" and through:
                met.add(place)
            todo += [(arc.end, after) for one in through for after in forwards(arc.then, one)]
    return frozenset(met)


def _timeless(facts: Facts, place: int) -> tuple[Arc, ...]:
    """The ways on that take no time."""
    station = facts.system.station(place)
    if station.loop is None:
        return station.once
    return (*station.once, station.loop.done, *(() if station.loop.every else (station.loop.round,)))
