"""How long ago messages that count in a limit went out, at every spot of a timeline: surely, and perhaps."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection
from typing import NamedTuple

import msgspec

from safar.engine.check.timeline import Passage, Timeline
from safar.engine.model import Cap
from safar.engine.program import Edge

Ages = tuple[int, ...]
"""The last message went out so many seconds ago, the one before it so many, and so on."""
_MOST_VISITS = 12
"""Visits to each spot, and some more, until what still changes counts as without bound."""
_MOST_WORK = 60_000
"""Visits to spots in all, each counted with the messages that are remembered there."""
_LONGEST = {None: 0, "day": 26 * 3_600, "week": (7 * 24 + 2) * 3_600}
"""Days and weeks of the calendar are no longer, clocks set back among it."""


class Past(NamedTuple):
    """What is known at a spot: at most how long ago the messages that surely went out did, and at least how long ago
    those that may have done."""

    sure: Ages = ()
    maybe: Ages = ()


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
    """What is known of one limit in one journey; nothing, where it would take too long."""

    def __init__(self, timeline: Timeline, counted: Counted) -> None:
        self._timeline, self._counted = timeline, counted
        self.past: dict[int, Past] = {}
        if timeline.spots:
            self._follow()

    def refuses(self, place: int, past: Past) -> bool:
        """Whether so many messages surely went out that the limit lets no other through."""
        return len(past.sure) == self._counted.cap.count and self._counted.drops(place, past)

    def _follow(self) -> None:
        """From the entry on, in the order of the timeline."""
        spots, counted = self._timeline.spots, self._counted
        found = {0: Past()}
        todo, waiting = [0], {0}
        visits, work = _MOST_VISITS * len(spots) + 100, _MOST_WORK
        while todo:
            number = heapq.heappop(todo)
            waiting.discard(number)
            past, place = found[number], spots[number].place
            visits, work = visits - 1, work - 1 - len(past.maybe)
            if visits < 0 or work < 0:
                return
            goes_out = place in counted.places and not self.refuses(place, past)
            for way in self._timeline.ways[number]:
                if not counted.allowed(way.edge):
                    continue
                left = self._later(past, way)
                then = self._sent(past, left) if goes_out and way.edge.kind == "next" else left
                known = found.get(way.end)
                both = then if known is None else _either(known, then)
                if both != known:
                    found[way.end] = both
                    if way.end not in waiting:
                        heapq.heappush(todo, way.end)
                        waiting.add(way.end)
        self.past = found

    def _sent(self, came: Past, left: Past) -> Past:
        """A message surely goes out where the limit cannot refuse it when it comes, on whatever way."""
        most = self._counted.cap.count
        sure = left.sure if len(came.maybe) == most else (0, *left.sure)[:most]
        return Past(sure, (0, *left.maybe)[:most])

    def _later(self, past: Past, way: Passage) -> Past:
        if not way.high or not past.maybe:
            return past
        window = self._counted.cap.window
        longest = window or _LONGEST[self._counted.cap.calendar]
        maybe = tuple(age + way.low for age in past.maybe if age + way.low < longest) if way.low else past.maybe
        if window is None:
            return Past(() if self._counted.crosses(way.edge) else past.sure, maybe)
        return Past(tuple(age + way.high for age in past.sure if age + way.high < window), maybe)


def _either(one: Past, other: Past) -> Past:
    """What is known where two ways meet."""
    return Past(tuple(map(max, zip(one.sure, other.sure, strict=False))), _nearest(one.maybe, other.maybe))


def _nearest(one: Ages, other: Ages) -> Ages:
    """The lesser of each two ages; where only one side has so many, its own."""
    return (*map(min, zip(one, other, strict=False)), *max(one, other, key=len)[min(len(one), len(other)) :])
