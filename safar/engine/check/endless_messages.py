"""A marketing message on a way round that time alone leads over, again and again."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line, walk
from safar.engine.check.timeless_cycle import timeless_places
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Condition, Expression
from safar.engine.expression import Count as CountOf
from safar.engine.model import Send
from safar.engine.moves import Count, Deliver
from safar.engine.program import Edge, Program

RULE = Rule("endless-messages", "SF407", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        onward = {place: _onward(program, place) for place in program.passed()}
        for number in sorted(onward):
            step = program.places[number].step
            if step is None or not _marketing(program, number) or not _returns(onward, number):
                continue
            if (program.journey.name, number) not in timeless_places(subject):
                yield RULE.at(
                    name_or_line(step),
                    "this message goes out again and again until the horizon, without anything the customer does",
                    label="on a way round without a count",
                    help="write the way round as `repeat up to 3 times every 7d { ... }`",
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


def _returns(onward: dict[int, list[int]], begin: int) -> bool:
    seen: set[int] = set()
    todo = list(onward[begin])
    while todo:
        place = todo.pop()
        if place == begin:
            return True
        if place not in seen:
            seen.add(place)
            todo += onward.get(place, [])
    return False
