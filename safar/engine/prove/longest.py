"""The longest that a run, or a round of a loop, can last."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from safar.engine.moves import Count
from safar.engine.prove.arcs import END, Arc
from safar.engine.prove.labels import RESTED, RESTS, Node
from safar.engine.prove.network import Network
from safar.engine.prove.system import System
from safar.engine.prove.zones import ANY, Bound

One = TypeVar("One", bound=Hashable)


def longest_round(system: System, head: int) -> Bound:
    """From the beginning of a round to its end, where it comes back to the head; infinite where no bound is known."""
    loop = system.station(head).loop
    assert loop is not None
    number = loop.number

    def is_inside(place: int) -> bool:
        return place != END and any(scope.id == number for scope in system.program.around(place))

    def ways(place: int) -> Iterable[tuple[Bound, int]]:
        if place == head:
            return ()
        if isinstance(system.program.places[place].move, Count):
            return ((ANY, head),)
        station = system.station(place)
        arcs = (*station.once, *station.rest)
        return ((_most(arc), arc.end) for arc in arcs if is_inside(arc.end))

    return _longest(loop.round.end, ways)


def longest_run(network: Network) -> Bound:
    """From an entry to where the run has left; infinite where no bound is known."""
    after: dict[Node, list[tuple[Bound, Node]]] = {}
    entries = []
    for node, parents in network.ways.items():
        for parent, arc in parents:
            if parent is None:
                entries.append(node)
            elif RESTED not in (parent.phase, node.phase):
                after.setdefault(parent, []).append((_most(arc) if parent.phase == RESTS else 0, node))
    return max((_longest(node, lambda one: after.get(one, ())) for node in entries), default=0)


def _most(arc: Arc) -> Bound:
    return ANY if arc.high is None else arc.high


def _longest(start: One, ways: Callable[[One], Iterable[tuple[Bound, One]]]) -> Bound:
    """The longest path from a node; infinite where a way leads round."""
    known: dict[One, Bound] = {}
    open_: set[One] = set()
    stack = [(start, False)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            open_.discard(node)
            known[node] = max((lasts + known[end] for lasts, end in ways(node)), default=0)
        elif node not in known:
            open_.add(node)
            stack.append((node, True))
            for _, end in ways(node):
                if end in open_:
                    return ANY
                if end not in known:
                    stack.append((end, False))
    return known[start]
