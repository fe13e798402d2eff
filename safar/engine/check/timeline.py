"""The ways through a journey with the rounds of loops told apart, and how long each takes: at least and at most."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from safar.engine.moves import Count, Deliver
from safar.engine.program import Edge, Program
from safar.engine.prove.order import in_order
from safar.engine.prove.sending import sending
from safar.engine.steps.go_to import GoTo

FOREVER = 1 << 60
_YEAR = 366 * 86_400
_MOST_ROUNDS = 30
"""Rounds of a loop that are told apart; of one with more, later rounds are one."""
_MOST_SPOTS = 2_000
"""Places, each round by itself, of a journey that is followed."""
_MOST_VISITS = 20
"""Visits to each of them until what still changes counts as without bound."""

Begun = tuple[tuple[int, int], ...]
"""For each loop around, the outermost first, how long ago it began: at least and at most."""


class Spot(NamedTuple):
    """A place, in such a round of each loop around it (0: before the first), the outermost first."""

    place: int
    rounds: tuple[int, ...]


Onward = tuple[Spot, Begun, Edge, int, int]
"""A way: its end, what has begun how long ago there, the edge, and the seconds that it takes."""


class Passage(NamedTuple):
    """A way from one spot to another, by an edge of the program, and the seconds that it takes."""

    end: int
    edge: Edge
    low: int
    high: int


class Timeline:
    """The spots of one journey, in an order in which what leads to one mostly comes before it, and the ways between
    them.  There are none where it would take too long to find them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._loops: dict[int, tuple[int, ...]] = {}
        self._holds: dict[int, int] = {}
        self.spots: tuple[Spot, ...] = ()
        self.ways: tuple[tuple[Passage, ...], ...] = ()
        onward = self._followed()
        if onward:
            self._put_in_order(onward)

    def _followed(self) -> dict[Spot, list[Onward]]:
        """The ways from each spot, by all that may have begun how long ago; none where that is too much."""
        first = Spot(self.program.start, ())
        found: dict[Spot, Begun] = {first: ()}
        onward: dict[Spot, list[Onward]] = {}
        todo, waiting, visits = deque([first]), {first}, 0
        while todo:
            spot = todo.popleft()
            waiting.discard(spot)
            visits += 1
            if len(found) > _MOST_SPOTS or visits > _MOST_VISITS * _MOST_SPOTS:
                return {}
            onward[spot] = list(self._onward(spot, found[spot]))
            for end, begun, _, _, _ in onward[spot]:
                known = found.get(end)
                both = begun if known is None else _either(known, begun)
                if both != known:
                    found[end] = both
                    if end not in waiting:
                        todo.append(end)
                        waiting.add(end)
        return onward

    def _put_in_order(self, onward: dict[Spot, list[Onward]]) -> None:
        start = Spot(self.program.start, ())
        self.spots = tuple(in_order(start, lambda spot: [way[0] for way in onward[spot]]))
        number = {spot: at for at, spot in enumerate(self.spots)}
        self.ways = tuple(
            tuple(Passage(number[end], edge, low, high) for end, _, edge, low, high in onward[spot])
            for spot in self.spots
        )

    # --- ways

    def _onward(self, spot: Spot, begun: Begun) -> Iterator[Onward]:
        place = self.program.places[spot.place]
        for edge in self.program.ways(spot.place):
            if isinstance(place.move, Count):
                yield from self._round(spot, begun, edge, place.move)
            else:
                high = self._hold(spot.place) if isinstance(place.move, Deliver) else edge.high
                yield self._arrives(spot, edge, begun, edge.low, high, anew=isinstance(place.step, GoTo))
        for edge in self.program.interrupts(spot.place):
            yield self._arrives(spot, edge, begun, 0, edge.high, anew=not edge.label.startswith("until "))

    def _hold(self, place: int) -> int:
        if place not in self._holds:
            move = self.program.places[place].move
            assert isinstance(move, Deliver)
            self._holds[place] = sending(self.program.project, move.touchpoint).hold
        return self._holds[place]

    def _round(self, spot: Spot, begun: Begun, edge: Edge, move: Count) -> Iterator[Onward]:
        """From the head of a loop: into its next round, or out of it."""
        number = spot.rounds[-1]
        if edge.kind == "done":
            if number >= min(move.limit, _MOST_ROUNDS) or self._has_until(move):
                yield self._arrives(spot, edge, begun, 0, 0)
        elif number < move.limit:
            low, high = self._rests(begun, move, number)
            began = (*begun[:-1], (0, 0)) if number == 0 else begun
            following = spot._replace(rounds=(*spot.rounds[:-1], min(number + 1, _MOST_ROUNDS)))
            yield self._arrives(following, edge, began, low, high)

    @staticmethod
    def _rests(begun: Begun, move: Count, number: int) -> tuple[int, int]:
        """How long a run rests until the next round of a loop."""
        if number == 0 or not move.every:
            return 0, 0
        if number >= _MOST_ROUNDS:
            return 0, move.every
        low, high = begun[-1]
        due = number * move.every
        return max(0, due - high), max(0, due - low)

    def _has_until(self, move: Count) -> bool:
        return any(scope.id == move.loop and scope.handlers for scope in self.program.scopes)

    def _arrives(
        self, spot: Spot, edge: Edge, begun: Begun, low: int, high: int | None, *, anew: bool = False
    ) -> Onward:
        """At the end of a way: the rounds of the loops that are left are forgotten, those of new ones begin; a jump to
        the head of a loop begins it `anew`."""
        most = FOREVER if high is None else high
        later = tuple((lower + low, _saturated(upper + most)) for lower, upper in begun) if most else begun
        here, there = self._around(spot.place), self._around(edge.end)
        if here == there and not anew:
            return Spot(edge.end, spot.rounds), later, edge, low, most
        known = dict(zip(here, zip(spot.rounds, later, strict=True), strict=True))
        move = self.program.places[edge.end].move
        if anew and isinstance(move, Count):
            known.pop(move.loop, None)
        kept = [known.get(loop, (0, (0, 0))) for loop in there]
        return Spot(edge.end, tuple(one for one, _ in kept)), tuple(one for _, one in kept), edge, low, most

    def _around(self, place: int) -> tuple[int, ...]:
        """The loops around a place, the outermost first."""
        if place not in self._loops:
            around = self.program.around(place)
            self._loops[place] = tuple(scope.id for scope in around if scope.kind == "loop")[::-1]
        return self._loops[place]


def _saturated(seconds: int) -> int:
    return seconds if seconds <= _YEAR else FOREVER


def _either(one: Begun, other: Begun) -> Begun:
    return tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, other, strict=True))
