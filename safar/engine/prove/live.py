"""What still matters: for each place the fields that something may ask about before they change anyway.

What does not matter is forgotten, so that ways that differ in nothing else are one again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from safar.engine.prove.arcs import END, Arc, Station
from safar.engine.prove.changes import Change
from safar.engine.prove.marks import Mark
from safar.engine.prove.system import System

Asks = Callable[[Mark], int]
"""The fields that a watch looks at when something happens."""


class Live:
    """`here` are the fields that matter when a run comes to a place, `resting` while it rests there.

    `kept` matter everywhere, `asked` at single places.
    """

    def __init__(
        self,
        system: System,
        places: Iterable[int],
        asks: Asks,
        *,
        again: bool,
        kept: int = 0,
        asked: Mapping[int, int] = {},
    ) -> None:
        self._system, self._asks, self._kept, self._asked = system, asks, kept, asked
        self.here: dict[int, int] = {END: self._at_end() if again else kept}
        self.resting: dict[int, int] = {}
        self._settle(list(places))

    def _at_end(self) -> int:
        """Later runs ask again: what is fixed then is fixed now."""
        space = self._system.space
        return space.full & ~(space.free | space.moment)

    def _settle(self, places: Sequence[int]) -> None:
        before: defaultdict[int, set[int]] = defaultdict(set)
        for place in places:
            for arc in _arcs(self._system.station(place)):
                before[arc.end].add(place)
        todo = sorted(places)
        waiting = set(todo)
        while todo:
            place = todo.pop()
            waiting.discard(place)
            if self._look(place):
                fresh = [one for one in before[place] if one not in waiting]
                waiting.update(fresh)
                todo += fresh

    def _look(self, place: int) -> bool:
        station = self._system.station(place)
        kept = self._kept | self._asked.get(place, 0)
        resting = kept
        for arc in (*station.rest, *station.asides):
            resting |= self.before(arc)
        here = kept | (_through(station.settles, resting) if station.rest else 0)
        for arc in station.once:
            here |= self.before(arc)
        if station.loop is not None:
            here |= _through(station.loop.begins, self.before(station.loop.round) | self.before(station.loop.done))
        old = self.here.get(place, -1), self.resting.get(place, -1)
        self.here[place], self.resting[place] = here, resting
        return old != (here, resting)

    def before(self, arc: Arc) -> int:
        """The fields that matter before an arc."""
        fields = _through(arc.then, self.here.get(arc.end, 0))
        for mark in arc.marks:
            fields |= self._asks(mark)
        return _through(arc.changes, fields)


def _through(changes: Sequence[Change], fields: int) -> int:
    for change in reversed(changes):
        fields = change.live(fields)
    return fields


def _arcs(station: Station) -> Iterable[Arc]:
    loop = (station.loop.round, station.loop.done) if station.loop is not None else ()
    return (*station.once, *station.rest, *station.asides, *loop)
