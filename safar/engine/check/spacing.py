"""How long ago messages that count in a limit went out, at every place of a journey: surely, and perhaps.

Rounds of loops are told apart, so that a loop's rhythm counts as it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

import msgspec

from safar.engine.model import Cap
from safar.engine.moves import Count
from safar.engine.program import Edge, Program
from safar.engine.steps.go_to import GoTo

Ages = tuple[int, ...]
"""The last message went out so many seconds ago, the one before it so many, and so on."""
FOREVER = 1 << 60
_YEAR = 366 * 86_400
_MOST_ROUNDS = 30
"""Rounds of a loop that are told apart; the messages of one with more are not followed through it."""
_MOST_SPOTS = 3_000
"""Places, each round by itself, of a journey that is followed."""
_MOST_STEPS = 60
"""Visits to a spot until what still changes counts as without bound."""


class Spot(NamedTuple):
    """A place, in such a round of each loop around it (0: before the first), the outermost first."""

    place: int
    rounds: tuple[int, ...]


class Past(NamedTuple):
    """What is known at a spot: at most how long ago the messages that surely went out did, at least how long ago those
    that may have done; for each loop around, how long ago it began, at least and at most."""

    sure: Ages
    maybe: Ages
    begun: tuple[tuple[int, int], ...]


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A limit, the places whose messages count in it, and how ages grow on a way."""

    cap: Cap
    places: Collection[int]
    crosses: Callable[[Edge], bool]
    """Whether the day or week of a limit by the calendar may end on a way."""
    drops: Callable[[int, Past], bool]
    """Whether a message that the limit refuses at a place is never delivered, not even after it was held."""
    allowed: Callable[[Edge], bool] = lambda edge: True
    """Whether those who are asked about may take a way."""


class Spacing:
    """What is known of one limit in one journey."""

    def __init__(self, program: Program, counted: Counted) -> None:
        self._program, self._counted = program, counted
        self._loops: dict[int, tuple[int, ...]] = {}
        self.past: dict[Spot, Past] = {}
        self._follow()

    def refuses(self, place: int, past: Past) -> bool:
        """Whether so many messages surely went out that the limit lets no other through."""
        return len(past.sure) == self._counted.cap.count and self._counted.drops(place, past)

    def _follow(self) -> None:
        """From the entry on; nothing is known where it would take too long."""
        program, counted = self._program, self._counted
        first = Spot(program.start, ())
        found = {first: Past((), (), ())}
        todo, waiting = deque([first]), {first}
        steps = _MOST_STEPS * len(program.places)
        while todo:
            spot = todo.popleft()
            waiting.discard(spot)
            steps -= 1
            if steps < 0 or len(found) > _MOST_SPOTS:
                return
            past = found[spot]
            goes_out = spot.place in counted.places and not self.refuses(spot.place, past)
            for end, left in self._onward(spot, past):
                then = self._sent(past, left) if goes_out else left
                known = found.get(end)
                both = then if known is None else _either(known, then)
                if both != known:
                    found[end] = both
                    if end not in waiting:
                        todo.append(end)
                        waiting.add(end)
        self.past = found

    def _sent(self, came: Past, left: Past) -> Past:
        """A message surely goes out where the limit cannot refuse it when it comes, on whatever way."""
        most = self._counted.cap.count
        sure = left.sure if len(came.maybe) == most else (0, *left.sure)[:most]
        return left._replace(sure=sure, maybe=(0, *left.maybe)[:most])

    # --- ways

    def _onward(self, spot: Spot, past: Past) -> Iterator[tuple[Spot, Past]]:
        program = self._program
        place = program.places[spot.place]
        for edge in program.ways(spot.place):
            if self._counted.allowed(edge):
                if isinstance(place.move, Count):
                    yield from self._round(spot, past, edge, place.move)
                else:
                    later = self._later(past, edge, edge.low, edge.high)
                    yield self._arrives(spot, edge.end, later, anew=isinstance(place.step, GoTo))
        for edge in program.interrupts(spot.place):
            later = self._later(past, edge, 0, edge.high)
            yield self._arrives(spot, edge.end, later, anew=not edge.label.startswith("until "))

    def _round(self, spot: Spot, past: Past, edge: Edge, move: Count) -> Iterator[tuple[Spot, Past]]:
        """From the head of a loop: into its next round, or out of it."""
        number = spot.rounds[-1]
        if edge.kind == "done":
            if number >= min(move.limit, _MOST_ROUNDS) or self._has_until(move):
                yield self._arrives(spot, edge.end, past)
        elif number < move.limit:
            after = self._next_round(past, edge, move, number)
            following = spot._replace(rounds=(*spot.rounds[:-1], min(number + 1, _MOST_ROUNDS)))
            yield self._arrives(following, edge.end, after)

    def _next_round(self, past: Past, edge: Edge, move: Count, number: int) -> Past:
        if number == 0:
            return past._replace(begun=(*past.begun[:-1], (0, 0)))
        if not move.every:
            return past
        if number >= _MOST_ROUNDS:
            return self._later(past, edge, 0, move.every)
        low, high = past.begun[-1]
        due = number * move.every
        return self._later(past, edge, max(0, due - high), max(0, due - low))

    def _has_until(self, move: Count) -> bool:
        return any(scope.id == move.loop and scope.handlers for scope in self._program.scopes)

    def _arrives(self, spot: Spot, end: int, past: Past, *, anew: bool = False) -> tuple[Spot, Past]:
        """At the end of a way: the rounds of the loops that are left are forgotten, those of new ones begin; a jump to
        the head of a loop begins it `anew`."""
        here, there = self._around(spot.place), self._around(end)
        if here == there and not anew:
            return Spot(end, spot.rounds), past
        known = dict(zip(here, zip(spot.rounds, past.begun, strict=True), strict=True))
        move = self._program.places[end].move
        if anew and isinstance(move, Count):
            known.pop(move.loop, None)
        kept = [known.get(loop, (0, (0, 0))) for loop in there]
        return Spot(end, tuple(one for one, _ in kept)), past._replace(begun=tuple(begun for _, begun in kept))

    def _around(self, place: int) -> tuple[int, ...]:
        """The loops around a place, the outermost first."""
        if place not in self._loops:
            around = self._program.around(place)
            self._loops[place] = tuple(scope.id for scope in around if scope.kind == "loop")[::-1]
        return self._loops[place]

    # --- time

    def _later(self, past: Past, edge: Edge, low: int, high: int | None) -> Past:
        if high == 0:
            return past
        most = FOREVER if high is None else high
        begun = tuple((lower + low, _saturated(upper + most)) for lower, upper in past.begun)
        window = self._counted.cap.window
        maybe = tuple(age + low for age in past.maybe if age + low < (window or _LONGEST[self._counted.cap.calendar]))
        if window is None:
            return Past(() if self._counted.crosses(edge) else past.sure, maybe, begun)
        return Past(tuple(age + most for age in past.sure if age + most < window), maybe, begun)


_LONGEST = {None: 0, "day": 26 * 3_600, "week": (7 * 24 + 2) * 3_600}
"""Days and weeks of the calendar are no longer, clocks set back among it."""


def _saturated(seconds: int) -> int:
    return seconds if seconds <= _YEAR else FOREVER


def _either(one: Past, other: Past) -> Past:
    """What is known where two ways meet."""
    begun = tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one.begun, other.begun, strict=True))
    return Past(tuple(map(max, zip(one.sure, other.sure, strict=False))), _nearest(one.maybe, other.maybe), begun)


def _nearest(one: Ages, other: Ages) -> Ages:
    """The lesser of each two ages; where only one side has so many, its own."""
    return (*map(min, zip(one, other, strict=False)), *max(one, other, key=len)[min(len(one), len(other)) :])
