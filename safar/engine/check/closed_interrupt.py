"""An interrupt, or the `until` of a loop, that never acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from safar.engine.check.closed_way import is_taken_before
from safar.engine.check.reasons import because, excluded
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Alternative
from safar.engine.moves import Count
from safar.engine.program import Program

if TYPE_CHECKING:
    from safar.engine.prove.facts import Facts

RULE = Rule("closed-interrupt", "SF331", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.clear:
        if any(scope.handlers for scope in program.scopes):
            facts = subject.facts(program)
            if facts.told:
                yield from _look(program, facts)


def _look(program: Program, facts: Facts) -> Iterator[Diagnostic]:
    reached = [place for place in sorted(program.passed()) if facts.is_reached(place)]
    acting = _acting(facts, reached)
    around: dict[int, list[int]] = {}
    for place in reached:
        if program.rests(place) and facts.rests(place):
            for scope in program.around(place):
                around.setdefault(scope.id, []).append(place)
    for scope in program.scopes:
        for handler in scope.handlers if scope.id in around else ():
            for one in handler.pattern.alternatives:
                if id(one) not in acting:
                    yield _finding(facts, around[scope.id], one)


def _acting(facts: Facts, places: Sequence[int]) -> set[int]:
    """The alternatives that take somebody away, or do something, at one of these places."""
    known: set[int] = set()
    for place in places:
        station = facts.system.station(place)
        heads = station.once if isinstance(facts.system.program.places[place].move, Count) else ()
        for arc in (*heads, *station.rest, *station.asides):
            if arc.by is not None and id(arc.by) not in known and facts.is_taken(place, arc):
                known.add(id(arc.by))
    return known


def _finding(facts: Facts, places: Sequence[int], one: Alternative) -> Diagnostic:
    from safar.engine.prove.conditions import Answer

    first = next(
        (other for other in _before(facts.system.program, places[0], one) if is_taken_before(other, one)), None
    )
    if first is not None:
        return RULE.at(
            first_line(one.span),
            "an interrupt before this one always leaves first",
            label="never acts",
            help="take it out, or give the one before an `if`",
            related=(Related("leaves first", first_line(first.span)),),
        )
    resting = [group for place in places for group in facts.rests(place)]
    reason = excluded(facts, resting, one.condition, Answer.YES) if one.condition is not None else None
    return RULE.at(
        first_line(one.span),
        f"this never acts{because(reason.words if reason is not None else '')}",
        label="never acts",
        help="ask for something else, or take it out",
        related=reason.related if reason is not None else (),
    )


def _before(program: Program, place: int, one: Alternative) -> Iterator[Alternative]:
    """What is asked before an interrupt: loops from the outermost, then the stage's, then the journey's."""
    scopes = list(program.around(place))
    loops = [scope for scope in reversed(scopes) if scope.kind == "loop"]
    for scope in (*loops, *(scope for scope in scopes if scope.kind != "loop")):
        for handler in scope.handlers:
            for other in handler.pattern.alternatives:
                if other is one:
                    return
                if handler.to is not None:
                    yield other
