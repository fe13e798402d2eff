"""The ways that those take who come to a place, by what never changes of a customer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from safar.engine.check.subject import Subject
from safar.engine.moves import Branch, Draw
from safar.engine.program import Edge, Program

if TYPE_CHECKING:
    from safar.engine.prove.arcs import Arc

Allowed = Callable[[Edge], bool]
Turns = frozenset[tuple[int, int]]
"""Places with the numbers of the ways that are taken out of them."""

_MOST_KINDS, _MOST_FORKS = 6, 60
"""Kinds of customers that are told apart, and branches of a journey in which that is tried."""


def some_ways(subject: Subject, program: Program, places: Collection[int]) -> dict[Allowed, frozenset[int]]:
    """For each kind of customers to whom alone some of the places lead, the ways that they may take."""
    forks = _forks(subject, program)
    if not 1 < len(forks) <= _MOST_FORKS:
        return {}
    turns = _turns(program, forks)
    kinds: dict[Turns, set[int]] = {}
    for place in places:
        if turns.get(place):
            kinds.setdefault(turns[place], set()).add(place)
    chosen = sorted(kinds, key=sorted)[:_MOST_KINDS]
    return {_allowed(subject, program, forks, one): frozenset(kinds[one]) for one in chosen}


def _forks(subject: Subject, program: Program) -> dict[int, tuple[Arc, ...]]:
    """The branches and splits that ask what never changes, with their ways."""
    if sum(isinstance(place.move, Branch | Draw) for place in program.places) < 2:
        return {}
    from safar.engine.prove.space import FIXED

    system = subject.facts(program).system
    fixed = sum(one.field for one in system.space.variables if one.change == FIXED and one.key[0] != "met")
    forks = {}
    for place in program.places:
        if isinstance(place.move, Branch | Draw):
            arcs = system.station(place.id).once
            guards = [change for arc in arcs for change in arc.changes]
            if all(0 != getattr(guard, "fields", 0) & fixed == getattr(guard, "fields", 0) for guard in guards):
                forks[place.id] = arcs
    return forks


def _turns(program: Program, forks: Collection[int]) -> dict[int, Turns]:
    """The ways out of forks that everybody has taken who comes to a place."""
    found: dict[int, Turns] = {program.start: frozenset()}
    todo = deque([program.start])
    while todo:
        place = todo.popleft()
        ways = [
            (edge.end, found[place] | {(place, number)} if place in forks else found[place])
            for number, edge in enumerate(program.ways(place))
        ]
        ways += [(edge.end, found[place]) for edge in program.interrupts(place)]
        for end, turns in ways:
            known = found.get(end)
            left = turns if known is None else known & turns
            if left != known:
                found[end] = left
                todo.append(end)
    return found


def _allowed(subject: Subject, program: Program, forks: dict[int, tuple[Arc, ...]], turns: Turns) -> Allowed:
    from safar.engine.prove.changes import forwards

    guards = [change for place, number in sorted(turns) for change in forks[place][number].changes]
    boxes = forwards(guards, subject.facts(program).system.space.full)
    closed = {
        id(edge)
        for place, arcs in forks.items()
        for edge, arc in zip(program.ways(place), arcs, strict=True)
        if not any(forwards(arc.changes, box) for box in boxes)
    }
    return lambda edge: id(edge) not in closed
