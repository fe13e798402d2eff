"""Places in an order in which what leads to one mostly comes before it, so that few are looked at twice."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.prove.arcs import END
from safar.engine.prove.system import System


def ranks(system: System) -> dict[int, int]:
    """Places in an order in which what leads to one mostly comes before it."""
    order: list[int] = []
    seen: set[int] = set()
    for arc in system.entries:
        stack: list[tuple[int, Iterator[int]]] = []
        if arc.end not in seen:
            seen.add(arc.end)
            stack.append((arc.end, _onward(system, arc.end)))
        while stack:
            place, ways = stack[-1]
            following = next((one for one in ways if one not in seen), None)
            if following is None:
                order.append(place)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, _onward(system, following)))
    return {place: len(order) - number for number, place in enumerate(order)}


def _onward(system: System, place: int) -> Iterator[int]:
    station = system.station(place)
    loop = (station.loop.done, station.loop.round) if station.loop is not None else ()
    return (arc.end for arc in (*station.rest, *station.once, *loop) if arc.end != END)
