"""Who comes to which place, whatever customers are, do and choose: boxes pushed along all ways until nothing is new.

Boxes are kept apart, and merged where that loses nothing, or joined to one at each place: then the work is linear.
No time is told and no rounds are counted, so that one pass serves every question of `facts.py`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

from safar.engine.expression import Alternative, Heard
from safar.engine.moves import Count, Scope
from safar.engine.prove.arcs import END, Arc, Station
from safar.engine.prove.atoms import Form, normal
from safar.engine.prove.changes import forwards
from safar.engine.prove.live import Live
from safar.engine.prove.system import System, implies

COMES, AGAIN, RESTS = 0, 1, 2
"""Phases of a stay: it comes there, it comes back to the head of a loop after a round, it rests."""


class Group:
    """Customers (a box) in a phase at a place, and how they came: from one group by an arc, or as two others."""

    __slots__ = ("arc", "box", "gone", "parent", "parts", "phase", "place")

    def __init__(self, place: int, phase: int, box: int, parent: Group | None, arc: Arc | None) -> None:
        self.place, self.phase, self.box = place, phase, box
        self.parent, self.arc = parent, arc
        self.parts: tuple[Group, ...] = ()
        self.gone = False
        """Whether a wider group has taken its place."""


class Walk:
    """One walk over a system; `asked` are fields that matter at places beyond what the journey asks there."""

    def __init__(self, system: System, asked: Mapping[int, int], *, joined: bool) -> None:
        self.system, self.joined = system, joined
        self.groups: dict[tuple[int, int], list[Group]] = {}
        self.work = 0
        places = system.program.passed()
        self._full = system.space.full
        self._live = None if joined else Live(system, places, lambda mark: 0, again=False, asked=asked)
        self._order = system.ranks
        self._taken: dict[int, int] = {}
        self._heap: list[tuple[int, int, int, Group]] = []
        self._made = 0

    def run(self, budget: int) -> bool:
        """Walk everywhere; False where that takes more work than the budget."""
        for arc in self.system.entries:
            self._take(None, arc)
        while self._heap and self.work <= budget:
            group = heapq.heappop(self._heap)[-1]
            if not group.gone:
                self._leave(group)
        return not self._heap

    # --- ways on

    def _leave(self, group: Group) -> None:
        station = self.system.station(group.place)
        if group.phase == RESTS:
            for arc in station.rest:
                self._take(group, arc)
            return
        if station.loop is not None:
            self._at_head(group, station)
            return
        for arc in station.once:
            self._take(group, arc)
        if station.rest:
            self._settle(group, station)

    def _at_head(self, group: Group, station: Station) -> None:
        """A loop begins, or goes on or is done."""
        loop = station.loop
        assert loop is not None
        if group.phase == COMES:
            for arc in station.once:
                self._take(group, arc)
            for box in forwards(loop.begins, group.box):
                self._take(group, loop.round, box)
            return
        self._take(group, loop.done)
        if loop.limit > 1:
            self._take(group, loop.round)
            if station.rest:
                self._settle(group, station)

    def _settle(self, group: Group, station: Station) -> None:
        """Whoever rests on has met nothing that takes everybody away from there."""
        forgotten = self._full & ~self._live.resting[group.place] if self._live else 0
        possible = group.box | self._full & ~self._leaving(group.place)
        for box in forwards(station.settles, group.box):
            self._add(Group(group.place, RESTS, box & possible | forgotten, group, None))

    def _leaving(self, place: int) -> int:
        """The fields of events that interrupts around a place take, whoever it is."""
        scope = self.system.program.places[place].scope
        if scope not in self._taken:
            taking = [one for around in self.system.program.around(place) for one in leaving(around)]
            told = ((one.field, one.form) for one in self.system.space.told if one.form is not None)
            self._taken[scope] = sum(field for field, form in told if any(implies(form, one) for one, _ in taking))
        return self._taken[scope]

    def _take(self, group: Group | None, arc: Arc, box: int | None = None) -> None:
        start = box if box is not None else group.box if group is not None else self._full
        through = forwards((*arc.changes, *arc.then), start)
        self.work += 1 + len(through)
        if arc.end == END or not through:
            return
        forgotten = self._full & ~self._live.here[arc.end] if self._live else 0
        phase = self._phase(group, arc)
        for one in through:
            self._add(Group(arc.end, phase, one | forgotten, group, arc))

    def _phase(self, group: Group | None, arc: Arc) -> int:
        """Whether a run that comes to the head of a loop has begun it before."""
        move = self.system.program.places[arc.end].move
        if not isinstance(move, Count) or group is None or arc.anew == move.loop:
            return COMES
        program = self.system.program
        inside = any(scope.id == move.loop for scope in program.around(group.place))
        if inside and arc.drops:
            inside = arc.keeps >= 0 and move.loop in _above(self.system, arc.keeps)
        return AGAIN if inside else COMES

    # --- what is known of a place

    def _add(self, new: Group) -> None:
        groups = self.groups.setdefault((new.place, new.phase), [])
        self.work += 1 + len(groups) // 16
        if any(old.box | new.box == old.box for old in groups):
            return
        made = self._joined(groups, new) if self.joined else self._merged(groups, new)
        groups.append(made)
        self._made += 1
        heapq.heappush(self._heap, (self._order[made.place], made.phase, self._made, made))

    def _joined(self, groups: list[Group], new: Group) -> Group:
        return _both(groups, groups[0], new, groups[0].box | new.box) if groups else new

    def _merged(self, groups: list[Group], new: Group) -> Group:
        """Boxes that differ in one thing become one."""
        at = 0
        while at < len(groups):
            old, at = groups[at], at + 1
            box = old.box | new.box
            if box == new.box:
                old.gone = True
                groups.remove(old)
                at -= 1
            elif self._is_one_field(old.box ^ new.box):
                new, at = _both(groups, old, new, box), 0
        return new

    def _is_one_field(self, different: int) -> bool:
        return not different & ~self.system.space.field_at[different.bit_length() - 1]


def leaving(scope: Scope) -> Iterator[tuple[Form, Alternative]]:
    """The events that take everybody away who rests in a scope, with what hears them."""
    for handler in scope.handlers:
        for one in handler.pattern.alternatives if handler.to is not None else ():
            if one.form is not None and one.condition is None and one.form.kind is Heard.EVENT:
                yield normal(one.form), one


def _both(groups: list[Group], old: Group, new: Group, box: int) -> Group:
    made = Group(new.place, new.phase, box, None, None)
    made.parts = (old, new)
    old.gone = True
    groups.remove(old)
    return made


def _above(system: System, scope: int) -> set[int]:
    found = set()
    while scope >= 0:
        found.add(scope)
        scope = system.program.scopes[scope].parent
    return found
