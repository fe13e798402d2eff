"""A marketing message on a way round that time alone leads over, again and again."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line, walk
from safar.engine.check.timeless_cycle import timeless_places, without_ends
from safar.engine.check.witness import shortest, told
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Condition, Expression
from safar.engine.expression import Count as CountOf
from safar.engine.model import Send
from safar.engine.moves import Count, Deliver
from safar.engine.program import Edge, Program

RULE = Rule("endless-messages", "SF407", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        onward = without_ends({place: _onward(program, place) for place in program.passed()})
        reported: set[int] = set()
        for number in sorted(onward):
            step = program.places[number].step
            if number in reported or step is None or not _marketing(program, number):
                continue
            circle = _circle(onward, number)
            reported |= circle
            if circle and (program.journey.name, number) not in timeless_places(subject):
                yield RULE.at(
                    name_or_line(step),
                    "this message goes out again and again until the horizon, without anything the customer does",
                    label="on a way round without a count",
                    help="write the way round as `repeat up to 3 times every 7d { ... }`",
                    way=told(program.places[one] for one in shortest(onward.__getitem__, number, {number})),
                )


def _marketing(program: Program, number: int) -> bool:
    move = program.places[number].move
    return isinstance(move, Deliver) and not move.touchpoint.transactional and isinstance(move.touchpoint.contact, Send)


def _onward(program: Program, place: int) -> list[int]:
    """Where a run goes on without an event, without a loop's own, counted way back, and without asking for a count."""
    ways = program.ways(place)
    if any(edge.condition is not None and _counts(edge.condition) for edge in ways):
        return []
    return [edge.end for edge in ways if edge.kind != "pattern" and not _own(program, edge)]


def _counts(condition: Expression) -> bool:
    parts = list(walk(condition))
    inner = (part.item for part in parts if isinstance(part, Condition))
    return any(isinstance(part, CountOf) for part in parts) or any(_counts(item) for item in inner)


def _own(program: Program, edge: Edge) -> bool:
    move = program.places[edge.end].move
    return isinstance(move, Count) and any(scope.id == move.loop for scope in program.around(edge.start))


def _circle(onward: dict[int, list[int]], begin: int) -> set[int]:
    """All places on ways round that lead over a place; empty if there is none."""
    back: dict[int, list[int]] = {}
    for start, ends in onward.items():
        for end in ends:
            back.setdefault(end, []).append(start)
    return _from(onward, begin) & _from(back, begin)


def _from(arcs: dict[int, list[int]], begin: int) -> set[int]:
    """The places that a way of one arc or more leads to."""
    seen: set[int] = set()
    todo = list(arcs.get(begin, ()))
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += arcs.get(place, ())
    return seen
