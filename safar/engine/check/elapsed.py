"""How long after a visit to a touchpoint a place is passed: at the same instant, or later."""

from __future__ import annotations

import heapq
from collections import deque

from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program


def visits(program: Program) -> dict[str, frozenset[int]]:
    """The places that runs come to and at which a touchpoint is met, by its folded name or that of the step."""
    found: dict[str, set[int]] = {}
    for place in program.passed():
        move = program.places[place].move
        if isinstance(move, Deliver):
            for name in {move.touchpoint.name, program.places[place].name}:
                found.setdefault(fold(name), set()).add(place)
    return {name: frozenset(places) for name, places in found.items()}


def since(program: Program, visited: frozenset[int], place: int, *, when: bool = True) -> set[bool]:
    """Whether a place can be passed after a visit: later than the last one (True), and at its instant (False).

    Once it can be passed later, the search ends; where it does not matter `when`, once it can be passed at all.
    """
    seen: set[tuple[int, bool]] = set()
    todo = deque((edge.end, False) for visit in visited for edge in program.ways(visit))
    while todo and (place, True) not in seen and (when or (place, False) not in seen):
        here, later = spot = todo.popleft()
        if spot in seen:
            continue
        seen.add(spot)
        if here not in visited:
            todo += [(edge.end, later or edge.high != 0) for edge in program.ways(here)]
        todo += [(edge.end, True) for edge in program.interrupts(here)]
    return {later for later in (True, False) if (place, later) in seen}


def soonest(program: Program) -> dict[int, int]:
    """The least number of seconds from the entry to every place."""
    found: dict[int, int] = {}
    todo = [(0, program.start)]
    while todo:
        at, place = heapq.heappop(todo)
        if place not in found:
            found[place] = at
            for edge in (*program.ways(place), *program.interrupts(place)):
                heapq.heappush(todo, (at + edge.low, edge.end))
    return found
