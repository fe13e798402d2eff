"""How long after a visit to a touchpoint a place is passed: at the same instant, or later."""

from __future__ import annotations

from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program


def visits(program: Program, name: str) -> frozenset[int]:
    """The places that runs come to and at which a touchpoint is met, or the one step of that name."""
    return frozenset(
        place
        for place in program.passed()
        if isinstance(move := program.places[place].move, Deliver)
        and fold(name) in (fold(program.places[place].name), fold(move.touchpoint.name))
    )


def since(program: Program, visited: frozenset[int]) -> set[tuple[int, bool]]:
    """The places that can be passed after a visit, each with whether time may have passed since the last one."""
    seen: set[tuple[int, bool]] = set()
    todo = [(edge.end, False) for visit in visited for edge in program.ways(visit)]
    while todo:
        place, later = todo.pop()
        if (place, later) in seen:
            continue
        seen.add((place, later))
        if place not in visited:
            todo += [(edge.end, later or edge.high != 0) for edge in program.ways(place)]
        todo += [(edge.end, True) for edge in program.interrupts(place)]
    return seen
