"""The curve of a journey whose ways all lead on: no loops, no jumps back, one run.  In one pass, place after place.

The same as `curve` finds by exploring, several times as fast: where nothing leads back, time is one number, and who
has come to more in less time makes others needless.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator

from safar.engine.prove.arcs import END, Arc, Station
from safar.engine.prove.changes import forwards
from safar.engine.prove.labels import COMES, RESTS, Broken, Label, Node
from safar.engine.prove.live import Live
from safar.engine.prove.marks import Sees, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.together.peaks import Asking, Peaks
from safar.engine.prove.zones import Zone

_NO_ZONE = Zone()


class Come:
    """Customers who come to a place, or rest there: `count` in so many seconds since the first."""

    __slots__ = ("box", "count", "label", "seconds")

    def __init__(self, count: int, seconds: int, box: int, label: Label) -> None:
        self.count, self.seconds, self.box, self.label = count, seconds, box, label


class Straight:
    """One journey, made ready for all deeds."""

    def __init__(self, system: System, kept: int) -> None:
        self._system, self._kept = system, kept
        self._order = _in_order(system)
        self.leads_on = self._order is not None and not _is_entered_again(system)
        self._field_at = system.space.field_at
        if self.leads_on:
            places = self._order or []
            self._live = Live(system, places, lambda mark: 0, again=False, kept=kept)

    def peaks(self, asking: Asking, *, quiet: bool = False) -> Peaks | None:
        """The peaks of a deed; None where they are too much work, or what counts may happen while a run rests.

        `quiet`: those of customers to whom nothing happens but time, so that they do not disturb other journeys.
        """
        spots = sees(asking.deed, self._system.program)
        return _Pass(self, asking, spots, quiet=quiet).run()


class _Pass:
    """One deed."""

    def __init__(self, journey: Straight, asking: Asking, spots: Sees, *, quiet: bool) -> None:
        self._system, self._live, self._order = journey._system, journey._live, journey._order or []
        self._asking, self._spots, self._field_at = asking, spots, journey._field_at
        self._found = Peaks(journey._system.space.full & ~journey._kept)
        self._comes: dict[tuple[int, int], list[Come]] = {}
        self._marks: dict[Arc, int] = {}
        self._work = 0
        self._quiet = quiet

    def run(self) -> Peaks | None:
        for arc in self._system.entries:
            for box in forwards(arc.changes, self._system.space.full):
                self._follow(None, arc, box)
        for place in self._order:
            station = self._system.station(place)
            if any(self._seen(arc) for arc in station.asides) or self._work > self._asking.budget:
                return None
            for one in self._comes.pop((place, COMES), ()):
                self._expand(place, station, one)
            for one in self._comes.pop((place, RESTS), ()):
                for arc in station.rest:
                    if not (self._quiet and arc.by is not None):
                        self._take(one, arc, arc.low)
        return self._found

    def _expand(self, place: int, station: Station, one: Come) -> None:
        for arc in station.once:
            self._take(one, arc, 0)
        if station.rest:
            arc = Arc(end=place, kind="settle", changes=station.settles)
            forgotten = self._system.space.full & ~self._live.resting[place]
            for box in forwards(station.settles, one.box):
                self._add(Node(place, RESTS, (), _state(one.count)), one.count, one.seconds, box | forgotten, one, arc)

    def _take(self, one: Come, arc: Arc, low: int) -> None:
        for box in forwards(arc.changes, one.box):
            self._follow(one, arc, box, low)

    def _follow(self, one: Come | None, arc: Arc, box: int, low: int = 0) -> None:
        """A box is through an arc's changes, so many seconds later."""
        count = one.count if one is not None else 0
        seconds = one.seconds + low if one is not None and count else 0
        if count and seconds >= self._asking.longest:
            return
        reached = [(count, seconds)]
        for _ in range(self._seen(arc)):
            reached = [after for before in reached for after in self._counted(*before)]
            for number, lasted in reached:
                if number:
                    self._found.take(number, lasted, Broken(one.label if one is not None else None, arc, box))
        if arc.end == END:
            return
        forgotten = self._system.space.full & ~self._live.here[arc.end]
        for left in forwards(arc.then, box) if arc.then else (box,):
            for number, lasted in reached:
                if number < self._asking.most:
                    self._add(Node(arc.end, COMES, (), _state(number)), number, lasted, left | forgotten, one, arc)

    @staticmethod
    def _counted(count: int, seconds: int) -> Iterator[tuple[int, int]]:
        """One more; the first of a stretch may be this one, or a later one."""
        if not count:
            yield 0, 0
        yield count + 1, seconds

    def _seen(self, arc: Arc) -> int:
        if arc not in self._marks:
            self._marks[arc] = sum(self._spots(mark) is not Sure.NO for mark in arc.marks)
        return self._marks[arc]

    def _add(self, node: Node, count: int, seconds: int, box: int, parent: Come | None, arc: Arc) -> None:
        known = self._comes.setdefault((node.place, node.phase), [])
        self._work += 1 + len(known) // 16
        for old in known:
            if old.seconds <= seconds and old.box | box == old.box and (old.count >= count > 0 or old.count == count):
                return
        label = Label(node, box, _NO_ZONE, parent.label if parent is not None else None, arc)
        self._merged(known, Come(count, seconds, box, label))

    def _merged(self, known: list[Come], new: Come) -> None:
        """Those who are made needless go; boxes that differ in one thing become one."""
        again = True
        while again:
            again = False
            for old in known:
                better = new.count >= old.count > 0 or new.count == old.count
                if better and new.seconds <= old.seconds and old.box | new.box == new.box:
                    known.remove(old)
                    again = True
                    break
                different = old.box ^ new.box
                same = old.count == new.count and old.seconds == new.seconds
                if same and not different & ~self._field_at[different.bit_length() - 1]:
                    known.remove(old)
                    both = Label(new.label.node, old.box | new.box, _NO_ZONE, None, None)
                    both.parts = (old.label, new.label)
                    new, again = Come(new.count, new.seconds, both.box, both), True
                    break
        known.append(new)


def _state(count: int) -> object:
    return (count, 0) if count else 0


# --- whether all ways lead on


def _is_entered_again(system: System) -> bool:
    how = system.program.journey.reenter
    return how is not None and how.how != "never"


def _in_order(system: System) -> list[int] | None:
    """The places so that every way leads on; None where some leads back."""
    ways: dict[int, set[int]] = {}
    todo = [arc.end for arc in system.entries]
    while todo:
        place = todo.pop()
        if place == END or place in ways:
            continue
        station = system.station(place)
        if station.loop is not None:
            return None
        ways[place] = {arc.end for arc in (*station.once, *station.rest)} - {END}
        todo += ways[place]
    try:
        return [*graphlib.TopologicalSorter(ways).static_order()][::-1]
    except graphlib.CycleError:
        return None
