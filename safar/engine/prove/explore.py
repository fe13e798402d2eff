"""Everything that can be reached: which customers come to which place, by which way, and what a watch made of it.

Boxes that differ in one thing become one, without any loss; what does not matter any more is forgotten.  Without loss
(`joined=False`) the work may grow with the number of combinations that matter: it ends at a budget, which is counted
and not timed, so that every machine says the same.  Joined, one box is kept for each place: the work is linear, and
what is not found then is not there.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Iterable, Iterator

import msgspec

from safar.engine.expression import Alternative
from safar.engine.moves import Count
from safar.engine.prove.arcs import END, Arc, Station
from safar.engine.prove.changes import Change, Guard, backwards, forwards
from safar.engine.prove.forms.watch import ENTRY, SEEN, State, Watch, told
from safar.engine.prove.labels import COMES, RESTED, RESTS, Broken, Label, Node
from safar.engine.prove.live import Live
from safar.engine.prove.marks import Happens, Mark
from safar.engine.prove.stations import staying
from safar.engine.prove.system import System
from safar.engine.prove.zones import ANY, Zone

MOST_ROUNDS = 24
"""Rounds of a loop that are told apart; of one with more, later rounds are one."""

Found = Callable[[Broken], bool]
"""Told of each place where the rule may be broken; True: that is enough."""


class Explorer:
    """Explores one system under one watch."""

    def __init__(self, system: System, watch: Watch, *, joined: bool = False, budget: int = 1_000_000) -> None:
        self.system, self.watch, self.joined, self.budget = system, watch, joined, budget
        watch.joined = joined
        self.space = system.space
        self.labels: dict[Node, list[Label]] = {}
        self.work = 0
        self.stopped = False
        self._heap: list[tuple[float, float, float, int, Label]] = []
        self._made = 0
        self._timed = watch.late is not None
        self._ranks = system.ranks
        self._marked: dict[Arc, tuple[Mark, ...]] = {}
        self._made_arcs: dict[tuple[int, str], tuple[Arc, ...]] = {}
        self._loops: dict[int, tuple[int, ...]] = {END: ()}
        self._most = self._limit()
        self._field_at = self.space.field_at
        self._found: Found = lambda broken: False

    @functools.cached_property
    def live(self) -> Live:
        """What still matters where; joined, nothing is forgotten: that would cost as much as the walk itself."""
        watch = self.watch
        return Live(self.system, self.system.program.passed(), watch.fields, again=watch.again, kept=watch.kept)

    def _limit(self) -> int:
        """Beyond so many seconds no bound is asked for."""
        again = self.system.program.journey
        rhythms = [
            place.move.every * place.move.limit
            for place in self.system.program.places
            if isinstance(place.move, Count) and place.move.every
        ]
        reentry = again.reenter.after if again.reenter is not None else 0
        return max(self.watch.most, reentry + again.horizon if self.watch.again else 0, *rhythms, 0) + 1

    # --- the walk

    def run(self, found: Found | None = None) -> bool:
        """Explore everything; False where the budget ended before, or where `found` had enough."""
        if found is not None:
            self._found = found
        for arc in self.system.entries:
            zone = Zone().with_now(ENTRY) if self.watch.begun else Zone()
            for box in forwards(arc.changes, self.space.full):
                self._follow(None, arc, box, zone, self.watch.first, ())
        while self._heap and not self.stopped:
            label = heapq.heappop(self._heap)[-1]
            if not label.dead:
                self._expand(label)
            if self.work > self.budget:
                return False
        return not self.stopped

    def _expand(self, label: Label) -> None:
        place, phase, _, _ = label.node
        if place == END:
            self._ended(label)
            return
        station = self.system.station(place)
        if phase == COMES:
            self._comes(label, station)
        else:
            self._rests(label, station, low=phase == RESTS)

    def _comes(self, label: Label, station: Station) -> None:
        if station.loop is not None:
            self._at_head(label, station)
            return
        for arc in station.once:
            self._take(label, arc)
        if station.rest:
            self._settle(label, label.zone)

    def _settle(self, label: Label, zone: Zone) -> None:
        """Begin to rest."""
        place, _, rounds, state = label.node
        arc = self._own(place, "settle")
        forgotten = 0 if self.joined else self.space.full & ~self.live.resting[place]
        for box in forwards(arc.changes, label.box):
            self._add(Node(place, RESTS, rounds, state), box | forgotten, zone, label, arc)

    def _rests(self, label: Label, station: Station, *, low: bool) -> None:
        place = label.node.place
        for arc in station.rest:
            if station.loop is not None and arc.kind == "round":
                self._next_round(label, station, arc)
            else:
                self._take(label, arc, low=low)
        for arc in (*station.asides, *self._meanwhile(place, station.high)):
            self._aside(label, arc)
        if self.watch.again:
            high = ANY if station.high is None else station.high
            self._enter_again(label, label.zone.later(0, high), self._horizon())

    def _aside(self, label: Label, arc: Arc) -> None:
        """Something happens while a run rests, and leaves it there: followed only if the watch minds."""
        if not self._marks(arc):
            return
        place, _, rounds, state = label.node
        zone = label.zone.later(0, ANY if arc.high is None else arc.high) if self._timed else label.zone
        for box in forwards(arc.changes, label.box):
            for next_state, after in self._watched(label, arc, box, zone, state):
                if next_state != state:
                    node = Node(place, RESTED if place != END else COMES, rounds, next_state)
                    kept = self._kept(after, self._loops_of(place))
                    self._add(node, self.system.passes.after(box)[0], kept, label, arc)

    def _ended(self, label: Label) -> None:
        if self.watch.afterwards:
            for arc in self._meanwhile(END, None):
                self._aside(label, arc)
        if self.watch.again:
            self._enter_again(label, label.zone.later(0, ANY), 0)

    # --- arcs

    def _take(self, label: Label, arc: Arc, *, low: bool = True) -> None:
        """Follow an arc from a label."""
        _, _, rounds, state = label.node
        zone = label.zone
        if self._timed and (arc.high is None or arc.high):
            zone = zone.later(arc.low if low else 0, ANY if arc.high is None else arc.high)
        for box in forwards(arc.changes, label.box):
            self._follow(label, arc, box, zone, state, rounds)

    def _follow(
        self, label: Label | None, arc: Arc, box: int, zone: Zone, state: State, rounds: tuple[int, ...]
    ) -> None:
        """A box is through an arc's changes: its marks, what they change, and its end."""
        self.work += 1
        if not self._marks(arc) and not self._timed:
            reached: Iterable[tuple[State, Zone]] = ((state, zone),)
        else:
            reached = self._watched(label, arc, box, zone, state)
        if arc.end in self.watch.targets:
            for there in self.watch.guard.after(box) if self.watch.guard is not None else (box,):
                self._tell(Broken(label, arc, there))
        left = tuple(forwards(arc.then, box)) if arc.then else (box,)
        forgotten = 0 if self.joined else self.space.full & ~self.live.here[arc.end]
        around = self._around(label, arc, rounds)
        for next_state, after in reached:
            kept = self._kept(after, self._loops_of(arc.end)) if self._timed else after
            for one in left:
                self._add(Node(arc.end, COMES, around, next_state), one | forgotten, kept, label, arc)

    def _watched(self, label: Label | None, arc: Arc, box: int, zone: Zone, state: State) -> list[tuple[State, Zone]]:
        """Where the watch stands after the marks of an arc; broken rules are told."""
        if self._timed and zone.names and self._is_overdue(state, zone):
            self._tell(Broken(label, arc, box))
        states = [(state, zone)]
        for mark in self._marks(arc):
            following: list[tuple[State, Zone]] = []
            for one, at in states:
                for after in self.watch.after(one, mark, at):
                    if not after.broken:
                        following.append((after.state, after.zone))
                        continue
                    for left in _those(after.where, mark, box) if after.where is not None else (box,):
                        self._tell(Broken(label, arc, left))
            states = list(dict.fromkeys(following))
        return states

    def _is_overdue(self, state: State, zone: Zone) -> bool:
        return self.watch.overdue(state, zone)

    def _tell(self, broken: Broken) -> None:
        if not self.stopped and self._found(broken):
            self.stopped = True

    def _marks(self, arc: Arc) -> tuple[Mark, ...]:
        """What the watch minds of what happens on an arc."""
        try:
            return self._marked[arc]
        except KeyError:
            found = self._marked[arc] = tuple(mark for mark in arc.marks if self.watch.sees(mark))
            return found

    def _own(self, place: int, kind: str) -> Arc:
        """An arc that stands for what a run does at a place by itself."""
        key = place, kind
        if key not in self._made_arcs:
            station = self.system.station(place)
            if kind == "settle":
                made = Arc(end=place, kind=kind, changes=station.settles)
            else:
                assert station.loop is not None
                begins = (*station.loop.begins, *station.loop.round.changes)
                made = msgspec.structs.replace(station.loop.round, changes=begins)
            self._made_arcs[key] = (made,)
        return self._made_arcs[key][0]

    # --- what may happen meanwhile, and later runs

    def _meanwhile(self, place: int, high: int | None) -> tuple[Arc, ...]:
        """Events that the watch looks for, while a run rests at a place or after it has left."""
        if not self.watch.meanwhile:
            return ()
        key = place, "meanwhile"
        if key not in self._made_arcs:
            self._made_arcs[key] = tuple(self._comings(place, high))
        return self._made_arcs[key]

    def _comings(self, place: int, high: int | None) -> Iterator[Arc]:
        for deed in self.watch.meanwhile:
            one = Alternative(span=deed.span, form=told(deed))
            changes: tuple[Change, ...] = ()
            if place != END:
                stays = staying(self.system, place, one)
                if stays is None:
                    continue
                changes = (*self.system.event(one, self.system.program.places[place].stage), *stays)
            mark = Mark(Happens.EVENT, place, form=one.form)
            yield Arc(end=place, kind="meanwhile", label=deed.name, changes=changes, high=high, marks=(mark,), by=one)

    def _horizon(self) -> int:
        return self.system.program.journey.horizon

    def _enter_again(self, label: Label, zone: Zone, least: int) -> None:
        """The customer's next run, after the last one has left, or is followed no more."""
        how = self.system.program.journey.reenter
        if how is None or how.how == "never" or not label.zone.has(ENTRY):
            return
        after = max(least, how.after if how.how == "after" else 0)
        later = zone.since(ENTRY, after, ANY)
        if later is None:
            return
        for arc in self._again:
            for box in forwards(arc.changes, label.box):
                self._follow(label, arc, box, later.with_now(ENTRY), label.node.state, ())

    @functools.cached_property
    def _again(self) -> tuple[Arc, ...]:
        passes = self.system.passes
        return tuple(
            msgspec.structs.replace(arc, kind="again", high=None, changes=(passes, *arc.changes))
            for arc in self.system.entries
        )

    # --- loops

    def _loops_of(self, place: int) -> tuple[int, ...]:
        """The loops around a place, the outermost first."""
        if place not in self._loops:
            around = self.system.program.around(place)
            self._loops[place] = tuple(scope.id for scope in around if scope.kind == "loop")[::-1]
        return self._loops[place]

    def _around(self, label: Label | None, arc: Arc, rounds: tuple[int, ...]) -> tuple[int, ...]:
        """The rounds that are remembered at the end of an arc."""
        here = self._loops_of(arc.end)
        if label is None or not here or arc.kind == "again":
            return (-1,) * len(here)
        known = dict(zip(self._loops_of(label.node.place), rounds, strict=True))
        if arc.drops:
            kept = self._scopes_above(arc.keeps)
            known = {loop: count for loop, count in known.items() if loop in kept}
        known.pop(arc.anew, None)
        return tuple(known.get(loop, -1) for loop in here)

    def _scopes_above(self, scope: int) -> set[int]:
        found = set()
        while scope >= 0:
            found.add(scope)
            scope = self.system.program.scopes[scope].parent
        return found

    def _at_head(self, label: Label, station: Station) -> None:
        loop = station.loop
        assert loop is not None
        place, _, rounds, state = label.node
        count = rounds[-1]
        if count < 0:
            for arc in station.once:
                self._take(label, arc)
            zone = label.zone.with_now(f"loop {loop.number}") if self._timed and loop.every else label.zone
            arc = self._own(place, "begin")
            for box in forwards(arc.changes, label.box):
                self._follow(label, arc, box, zone, state, (*rounds[:-1], 1))
            return
        if count >= min(loop.limit, MOST_ROUNDS):
            self._take(label, loop.done)
        if count < loop.limit:
            self._go_round(label, station, count)

    def _go_round(self, label: Label, station: Station, count: int) -> None:
        """The next round: at once if its time has come, else after a rest."""
        loop = station.loop
        assert loop is not None
        name, due = f"loop {loop.number}", count * loop.every
        at_once: Zone | None = label.zone
        rests: Zone | None = label.zone
        if self._timed and loop.every and count < MOST_ROUNDS:
            at_once, rests = label.zone.since(name, due, ANY), label.zone.since(name, 0, due - 1)
        if at_once is not None:
            self._round(label, loop.round, at_once)
        if loop.every and rests is not None:
            self._settle(label, rests)

    def _next_round(self, label: Label, station: Station, arc: Arc) -> None:
        """Time is up for the next round."""
        loop, zone = station.loop, label.zone
        assert loop is not None
        count = label.node.rounds[-1]
        if self._timed:
            name, due = f"loop {loop.number}", count * loop.every
            exact = zone.later(0, ANY).since(name, due, due) if count < MOST_ROUNDS else None
            zone = exact if exact is not None else zone.later(0, loop.every)
        for box in forwards(arc.changes, label.box):
            self._round(label, arc, zone, box)

    def _round(self, label: Label, arc: Arc, zone: Zone, box: int | None = None) -> None:
        _, _, rounds, state = label.node
        after = (*rounds[:-1], min(rounds[-1] + 1, MOST_ROUNDS))
        self._follow(label, arc, label.box if box is None else box, zone, state, after)

    # --- what is known at a node

    def _kept(self, zone: Zone, loops: tuple[int, ...]) -> Zone:
        """The instants that are still asked for."""
        if not zone.names:
            return zone
        wanted = {ENTRY, SEEN, *(f"loop {one}" for one in loops)}
        zone = zone.only(wanted).within(self._most)
        alone = len(zone.names) == 1 and zone.names[0] in (ENTRY, SEEN)
        if self.watch.late is None or not alone or (self.watch.again and self.watch.begun):
            return zone
        return zone.loosely(late=self.watch.late)

    def _add(self, node: Node, box: int, zone: Zone, parent: Label | None, arc: Arc) -> None:
        """Customers come to a node, unless they are known there, or cannot break the rule any more."""
        state, zone = self.watch.passed(node.state, zone)
        if state != node.state:
            node = node._replace(state=state)
        if self.watch.is_hopeless(node, zone):
            return
        group = node._replace(state=self.watch.group(node.state)) if self.joined else node
        labels = self.labels.setdefault(group, [])
        self.work += 1 + len(labels) // 16
        label = Label(node, box, zone, parent, arc)
        label.back = self._back(parent, arc)
        if self.joined:
            self._join(labels, label)
            return
        for old in labels:
            if old.box | box == old.box and old.zone.holds(zone):
                old.note(label)
                return
        self._merge(labels, label)

    def _join(self, labels: list[Label], label: Label) -> None:
        for old in labels:
            if old.zone.names == label.zone.names:
                box, zone = old.box | label.box, old.zone.joined(label.zone)
                state = self.watch.join(old.node.state, label.node.state)
                if box == old.box and zone == old.zone and state == old.node.state:
                    old.note(label)
                    return
                came, other = (old, label) if zone == old.zone and state == old.node.state else (label, old)
                back = label.back
                label = Label(label.node._replace(state=state), box, zone, came.parent, came.arc)
                label.back, label.others = back, old.others
                label.note(other)
                old.dead = True
                labels.remove(old)
                break
        self._push(labels, label)

    def _merge(self, labels: list[Label], label: Label) -> None:
        """Boxes that differ in one thing become one."""
        again = True
        while again:
            again = False
            for old in labels:
                box, mine = old.box, label.box
                if box | mine == mine and label.zone.holds(old.zone):
                    label.note(old)
                    old.dead = True
                    labels.remove(old)
                    again = True
                    break
                different = box ^ mine
                if old.zone == label.zone and not different & ~self._field_at[different.bit_length() - 1]:
                    old.dead = True
                    labels.remove(old)
                    both = Label(label.node, box | mine, label.zone, None, None)
                    both.parts = (old, label)
                    both.back = min(old.back, label.back)
                    label, again = both, True
                    break
        self._push(labels, label)

    def _push(self, labels: list[Label], label: Label) -> None:
        labels.append(label)
        self._made += 1
        heapq.heappush(self._heap, (*self._turn(label), self._made, label))

    def _turn(self, label: Label) -> tuple[float, float, float]:
        """When a label's turn comes, the least first."""
        return label.back, self._ranks.get(label.node.place, 0), label.node.phase

    def _back(self, parent: Label | None, arc: Arc) -> int:
        """Ways that lead back are followed after all others: what can happen without them is found first."""
        if parent is None:
            return 0
        leads = arc.kind == "again" or (
            arc.drops and self._ranks.get(arc.end, 0) <= self._ranks.get(parent.node.place, 0)
        )
        return parent.back + leads


def _those(where: Guard, mark: Mark, box: int) -> Iterator[int]:
    """Of those in a box the ones of whom a guard holds when a mark is made: as they are before all marks of its way."""
    for middle in forwards(mark.before, box):
        for left in where.after(middle):
            was = backwards(mark.before, box, left) if mark.before else left
            if was:
                yield was
