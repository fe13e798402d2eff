"""The order in which places are looked at, and which of them a run may come to again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from safar.engine.moves import Count
from safar.engine.program import Program

K = TypeVar("K", bound=Hashable)


def ranks(program: Program) -> dict[int, int]:
    """Places in an order in which what leads to one mostly comes before it; rounds of a loop before what is behind."""
    order = in_order(program.resolve(program.start), lambda place: _onward(program, place))
    return {place: number for number, place in enumerate(order, 1)}


def in_order(start: K, onward: Callable[[K], Iterable[K]]) -> list[K]:
    """From the start on, each after most of what leads to it: what is left last is told first."""
    order: list[K] = []
    seen = {start}
    stack = [(start, iter(onward(start)))]
    while stack:
        one, ways = stack[-1]
        following = next((end for end in ways if end not in seen), None)
        if following is None:
            order.append(one)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(onward(following))))
    return order[::-1]


def recurring(program: Program, ranked: dict[int, int]) -> set[int]:
    """The places that one run may come to more than once; maybe some more.

    A way round crosses every rank between its ends, so that a place lies on one only where some way leads back over it.
    """
    reach = {rank: rank - 1 for rank in ranked.values()}
    for place, rank in ranked.items():
        for end in _onward(program, place):
            if ranked[end] <= rank:
                reach[ranked[end]] = max(reach[ranked[end]], rank)
    found, furthest = set(), 0
    for place in sorted(ranked, key=ranked.__getitem__):
        furthest = max(furthest, reach[ranked[place]])
        if furthest >= ranked[place]:
            found.add(place)
    return found


def _onward(program: Program, place: int) -> Iterator[int]:
    yield from (edge.end for edge in program.interrupts(place))
    ways = program.ways(place)
    behind = reversed(ways) if isinstance(program.places[place].move, Count) else ways
    yield from (program.resolve(edge.end) for edge in behind)
