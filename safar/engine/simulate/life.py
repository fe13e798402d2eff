"""One customer's time line: what is due, what happens, who hears it, and who acts next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import Any

from safar.engine.expression import Heard, Value
from safar.engine.model import Attribute
from safar.engine.simulate import chance, entries, phrases
from safar.engine.simulate.answers import Answer
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.behaviour import Flow
from safar.engine.simulate.channel import Sent
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.history import NOTHING, Name, Record, heard
from safar.engine.simulate.order import END, WAKE, Order
from safar.engine.simulate.run import Run, State
from safar.engine.simulate.situation import Payload, Situation
from safar.engine.simulate.track import GoalReady, Hearing, Jumper, Shared, Spot, Track, Way
from safar.engine.simulate.words import PRIVATE
from safar.engine.simulate.world import Customer

_HOLD_OUT = chance.name_part("hold out")

MOST_STEPS = 10_000
"""Steps of one run at one instant; more stop the command."""
MOST_DUE = 1_000_000
"""Things that may become due for one customer, candidates of `behaves` among them; more stop the command."""


class LimitExceededError(Exception):
    """A customer's time line does not come to an end.  The command ends with exit code 5, naming the `limit`."""

    def __init__(self, limit: str, words: str) -> None:
        self.limit = limit
        super().__init__(words)


class Life(Situation):
    """The state of one customer between two happenings."""

    __slots__ = (
        *("_alarms", "_announced", "_dirty", "_due", "_heap", "_woken", "deliveries", "draws", "flows"),
        *("followed_until", "happenings", "key", "name", "on_set", "runs", "sent", "shared", "words"),
    )

    def __init__(self, shared: Shared, customer: Customer, attributes: dict[str, Value], zone: Zone) -> None:
        super().__init__(customer.persona, attributes, zone, shared.start)
        self.shared = shared
        self.name = customer.key
        self.key = chance.mix(shared.seed, chance.customer_part(customer.key))
        self.draws = customer.occurrences is None
        self.words = shared.words
        self.runs: list[Run] = []
        self.happenings: list[Happening] = []
        self.sent: Sent = [[] for _ in range(shared.counters)]
        self._heap: list[tuple[int, int, Order, int, Callable[[Any], None], Any]] = []
        self.deliveries = 0
        self.followed_until = shared.start
        self.flows: list[Flow] = []
        self.on_set: dict[str, list[Callable[[], None]]] = {}
        self._due = self._alarms = 0
        self._woken: list[Run] = []
        self._announced: list[Record] = []
        self._dirty = False

    # --- what chance decides in every life, and a script in one that is told

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        """Which arm of a split the customer goes into: by the key, the same in every visit and entry.

        None, in a life that is told, where nobody said which: there the run ends.
        """
        u = chance.uniform(key)
        return next((number for number, end in enumerate(ends) if u < end), len(ends) - 1)

    def is_held_out(self, track: Track) -> bool:
        """The same for a customer at every entry; `of project` in all journeys."""
        if not track.hold_out:
            return False
        part = _HOLD_OUT if track.hold_out_of_project else chance.together(track.part, _HOLD_OUT)
        return chance.uniform(chance.mix(self.key, part)) < track.hold_out

    def goes_on(self, at: int) -> bool:
        """Whether the calendar still counts at that instant."""
        return True

    # --- what is written down

    def note(  # noqa: PLR0913 - the parts of a happening
        self,
        what: What,
        run: Run | None = None,
        *,
        journey: str = "",
        entry: int = 0,
        step: str = "",
        why: str = "",
        event: str | None = None,
        payload: Payload | None = None,
        detail: str = "",
        touchpoint: str = "",
        number: int = 0,
        goal: tuple[int | None, str, bool] = (None, "", False),
    ) -> None:
        """Write down a happening.  `goal` is its value, the currency, and whether it is a held-out run's."""
        self.happenings.append(
            Happening(
                customer=self.name,
                journey=run.track.name if run is not None else journey,
                entry=run.entry if run is not None else entry,
                n=len(self.happenings) + 1,
                at=self.now,
                step=step,
                what=what,
                why=why,
                event=event,
                payload=payload,
                detail=detail,
                touchpoint=touchpoint,
                number=number,
                value=goal[0],
                currency=goal[1],
                held_out=goal[2],
            )
        )

    # --- what is due

    def schedule(self, at: int, kind: int, order: Order, function: Callable[[Any], None], data: Any) -> None:
        self.count_due()
        heapq.heappush(self._heap, (at, kind, order, self._due, function, data))

    def count_due(self) -> None:
        self._due += 1
        if self._due > MOST_DUE:
            raise LimitExceededError("due", f"more than {MOST_DUE} things become due for customer `{self.name}`")

    def stop_at(self, at: int) -> None:
        """Let nothing happen after that instant."""
        self.schedule(at, END, (), lambda _: self._heap.clear(), None)

    def live(self) -> None:
        """Take everything that is due, in order, until nothing is left."""
        heap = self._heap
        while heap:
            at, kind, _, _, function, data = heapq.heappop(heap)
            self.now = at
            function(data)
            while kind == WAKE and heap and heap[0][0] == at and heap[0][1] == WAKE:
                _, _, _, _, function, data = heapq.heappop(heap)
                function(data)
            self.settle()

    def rest(self, run: Run, until: int, state: State) -> None:
        """The run stays where it is until then, if nothing takes it away before."""
        self._alarms += 1
        run.state = state
        run.due = self._alarms
        run.waited = self.history.length
        self.schedule(until, WAKE, (run.order,), self._ring, (run, self._alarms))

    def _ring(self, alarm: tuple[Run, int]) -> None:
        run, number = alarm
        if run.due == number and run.resting:
            self.wake(run, None)

    # --- who acts

    def wake(self, run: Run, way: Way | None) -> None:
        """The run is to act: at the place the way leads to, or where it stands."""
        run.way = way
        run.due = 0
        if run.state is not State.ACTING:
            run.state = State.ACTING
            self._woken.append(run)

    def begin(self, run: Run) -> None:
        """A new run is to act."""
        self._woken.append(run)

    def settle(self) -> None:
        """Let all runs act that are awake, and whom their doing wakes, until all rest."""
        heard = 0
        while True:
            while self._announced:
                heard += 1
                if heard > MOST_STEPS:
                    raise LimitExceededError("steps", self._endless(self._announced[0]))
                self.hear(self._announced.pop(0))
            if self._dirty:
                self._dirty = False
                self._look()
            woken = self._woken
            if not woken:
                return
            run = woken[0] if len(woken) == 1 else min(woken, key=_turn)
            woken.remove(run)
            if run.state is State.ACTING:
                self._act(run)

    def _endless(self, record: Record) -> str:
        what = f"customer `{self.name}`, {record.name[0].value} `{record.name[1]}`"
        return f"more than {MOST_STEPS} deliveries and actions follow from each other at one instant: {what}"

    def _act(self, run: Run) -> None:
        if run.steps_at != self.now:
            run.steps_at, run.steps = self.now, 0
        spots = run.track.spots
        way, run.way = run.way, None
        if way is None:
            way = spots[run.place].resume(self, run)
        while way is not None:
            run.steps += 1
            if run.steps > MOST_STEPS:
                place = f"customer `{self.name}`, journey `{run.track.name}`, step `{run.node}`"
                raise LimitExceededError("steps", f"more than {MOST_STEPS} steps at one instant: {place}")
            to, label, anew = way
            if anew >= 0:
                run.loops.pop(anew, None)
            spot = spots[to]
            run.passages.append((run.node, spot.node, label))
            run.node = spot.node
            run.visits.append(spot.node)
            run.place = to
            if run.loops:
                for loop in [loop for loop in run.loops if loop not in spot.loops]:
                    del run.loops[loop]
            way = spot.enter(self, run)

    def leave(self, run: Run, outcome: str) -> None:
        run.state = State.LEFT
        run.outcome = outcome
        run.ended = self.now

    # --- what happens

    def happened(self, name: Name, payload: Payload) -> Record:
        """Something joins the history; conditions that wait are looked at again when all rest."""
        self._dirty = True
        return self.history.add(name, self.now, payload)

    def set(self, attribute: Attribute, new: Value, run: Run | None, step: str) -> None:
        """Put a value into an attribute, as far as it may change so."""
        old = self.attributes.get(attribute.name)
        new, left = allowed(attribute, old, kept(new, attribute.type))
        why = ""
        if self.words:
            why = phrases.changed(attribute, old, new, left)
        shown: Value = PRIVATE if attribute.private else new
        self.note(What.SET, run, step=step, why=why, detail=attribute.name, payload={attribute.name: shown})
        if new != old:
            self.attributes[attribute.name] = new
            self._dirty = True
            for follow in self.on_set.get(attribute.name, ()):
                follow()

    def event(self, name: str, payload: Payload, answer: Answer | None = None) -> None:
        """An event of that folded name: history, its `then set` lines, the runs, and last entries into journeys."""
        event = self.shared.events[name]
        record = self.happened((Heard.EVENT, name), payload)
        touchpoint = ""
        if answer is not None:
            record.run, record.visit = answer.run, answer.visit
            record.touchpoint, record.step = answer.touchpoint, answer.step
            touchpoint = self.shared.touchpoints[answer.touchpoint]
        shown = event.shown(payload)
        self.note(What.EVENT, event=event.name, payload=shown, touchpoint=touchpoint, number=record.number)
        for attribute, reading in event.sets:
            self.set(attribute, reading(self, None, payload), None, "")
        self.reach(record)
        self.hear(record)
        self.settle()
        entries.meet(self, record)

    def answer(self, answer: Answer) -> None:
        """An answer that was drawn comes, unless it was withdrawn by a later visit or nobody follows the run."""
        run = answer.run
        if run.followed and run.latest.get(answer.touchpoint) == answer.visit:
            self.event(answer.event, answer.payload, answer)

    def horizon(self, run: Run) -> None:
        """The run is followed no longer."""
        if run.followed:
            if run.inside:
                self.note(What.UNFINISHED, run, step=run.node)
            run.end(self.now)

    def reach(self, record: Record) -> None:
        """Goals of all runs that are followed, held-out ones too.  The entry event reaches none."""
        for run in self.runs:
            if run.followed and record.number > run.known:
                for goal in run.track.goals.get(record.name, ()):
                    if self.now - run.began <= goal.within and heard(record, run) and goal.matches(self, run, record):
                        self._reach(run, goal, record.payload, record)

    def exit_goals(self, run: Run, outcome: str) -> None:
        """Goals that count by an exit with their name."""
        for goal in run.track.exits.get(outcome, ()):
            self._reach(run, goal, NOTHING, None)

    def _reach(self, run: Run, goal: GoalReady, payload: Payload, record: Record | None) -> None:
        again = goal.name in run.reached
        if again and (goal.value is None or goal.first):
            return
        run.reached.add(goal.name)
        units = goal.value(self, run, payload) if goal.value is not None else None
        self.note(
            What.GOAL,
            run,
            step=run.node if run.inside else "",
            why=goal.why,
            event=self._event_name(record),
            detail=goal.name,
            number=record.number if record is not None else 0,
            goal=(units if isinstance(units, int) else None, goal.currency, run.state is State.OUT),
        )

    def _event_name(self, record: Record | None) -> str | None:
        if record is None or record.name[0] is not Heard.EVENT:
            return None
        return self.shared.events[record.name[1]].name

    def announce(self, record: Record) -> None:
        """A delivery or an action: heard once the run that caused it rests."""
        if record.name in self.shared.heard:
            self._announced.append(record)

    # --- who hears it

    def hear(self, record: Record) -> None:
        """Every run inside obeys the record at most once, the earliest entry first."""
        for run in self.runs:
            if run.inside and record.number > run.known:
                hearing = _spot(run).hears.get(record.name)
                if hearing is not None and heard(record, run):
                    self._obey(run, record, hearing)

    def _obey(self, run: Run, record: Record, hearing: Hearing) -> None:
        for aside in hearing.asides:
            if aside.matches(self, run, record):
                aside.do(self, run, aside.node, record.payload)
        for jumper in hearing.jumpers:
            if jumper.hears(self, run, record):
                self._interrupt(run, jumper, self._event_name(record))
                return
        if run.state is State.WAITING and record.number > run.waited:
            for way, matches in hearing.ways:
                if matches(self, run, record):
                    self._end_wait(run, way, self._event_name(record))
                    return

    def _interrupt(self, run: Run, jumper: Jumper, event: str | None) -> None:
        self.note(What.INTERRUPTED, run, step=run.node, why=jumper.label, event=event, detail=jumper.label)
        run.loops = {number: loop for number, loop in run.loops.items() if number in jumper.keeps}
        self.wake(run, jumper.way)

    def _end_wait(self, run: Run, way: Way, event: str | None) -> None:
        self.note(What.WOKEN, run, step=run.node, why=way[1], event=event, detail=way[1])
        self.wake(run, way)

    def _look(self) -> None:
        """Conditions that loops and waits are about, in all runs that rest, the earliest entry first."""
        for run in self.runs:
            if run.resting:
                self._look_in(run)

    def _look_in(self, run: Run) -> None:
        spot = run.track.spots[run.place]
        for jumper in spot.until:
            if jumper.holds(self, run):
                self._interrupt(run, jumper, None)
                return
        if run.state is State.WAITING:
            for way, condition in spot.awaits:
                if condition(self, run, NOTHING) is True:
                    self._end_wait(run, way, None)
                    return


def _spot(run: Run) -> Spot:
    """Where the run stands, or where it is about to go on."""
    return run.track.spots[run.place if run.way is None else run.way[0]]


def _turn(run: Run) -> tuple[int, int]:
    spot = _spot(run)
    return spot.woken_priority if run.way is None else spot.priority, run.order


def allowed(attribute: Attribute, old: Value, new: Value) -> tuple[Value, str]:
    """What an attribute becomes, and why it does not become what was wanted."""
    if attribute.change == "fixed":
        return old, "fixed"
    if new is None and not attribute.type.unknown:
        return old, "unknown leaves it"
    if attribute.change == "growing" and old is not None and (new is None or new < old):  # type: ignore[operator]
        return old, "it only grows"
    return new, ""
