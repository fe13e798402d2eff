"""A customer led along a trail by the plain interpreter: what comes to him when, written down as a script.

The trail says which events come, which attributes change and where time runs out; the interpreter says when holds
and clocks end.  So the instants are chosen while the story goes on, early or late in each rest.
"""

from __future__ import annotations

import datetime
import enum
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from safar.engine.expression import Alternative, EventForm, Heard, Literal, Value
from safar.engine.expression import Attribute as AttributeAsked
from safar.engine.model import Attribute, Entry, Event, Field, Project
from safar.engine.moves import Deliver, Draw, FromDate, Wait
from safar.engine.names import fold
from safar.engine.parts import Assign
from safar.engine.promises import Claim, Given, Scenario, Scripted, Start, Take, Trait
from safar.engine.prove.arcs import END
from safar.engine.prove.atoms import SINCE, Form
from safar.engine.prove.choose import Chooser, Wish, example
from safar.engine.prove.conditions import Answer
from safar.engine.prove.earlier import came
from safar.engine.prove.system import System, happening
from safar.engine.prove.trail import Step, Trail
from safar.engine.simulate import arrivals
from safar.engine.simulate.clock import DAY, day_number
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.life import Life
from safar.engine.simulate.order import FILE
from safar.engine.simulate.run import Run, State
from safar.engine.simulate.situation import Payload
from safar.engine.simulate.track import Track
from safar.engine.simulate.world import Customer, Occurrence
from safar.engine.source import NOWHERE

if TYPE_CHECKING:
    from safar.engine.program import Program

_HOUR = 3_600
_NEAR, _FAR = 30, 300
"""Days ahead of a date that a run waits for."""
_NEXT_ENTRIES = 400 * DAY


class Pace(enum.Enum):
    """When things come in a rest: soon after it begins (but not at once), at once, or as late as can be."""

    SOON = "soon"
    AT_ONCE = "at once"
    LATE = "late"


class Manner(msgspec.Struct, frozen=True):
    """How a trail is walked: the pace before and after the step `turn`, and when it begins; `horizon` is another one
    than the journey's.  `deep`: numbers are far from the ends of their classes at first."""

    before: Pace = Pace.SOON
    after: Pace = Pace.SOON
    turn: int = 0
    date: datetime.date = datetime.date(2027, 1, 5)
    at: int = 10 * _HOUR
    horizon: int | None = None
    deep: bool = False


class Guide:
    """Leads customers through one journey."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._program: Program = system.program
        self._shared = system.teller.shared(words=False)
        self._chooser = Chooser(system.space)
        moves = [place.move for place in self._program.places]
        self._arms = {fold(move.split): move.arms[0].name for move in moves if isinstance(move, Draw)}

    def script(self, steps: Trail, manner: Manner, claim: Claim) -> Scenario | None:
        """A scenario of a customer who goes along the trail, as far as he can be led; None if he cannot even begin."""
        first = steps[0]
        entry = first.arc.entry
        if entry is None:
            return None
        project = self._program.project
        attributes = dict(self._shared.defaults)
        zone = customer_zone(attributes.get(zone_attribute(project)), project_zone(project))
        manner = _dated(manner, entry, project)
        began = zone.instant(day_number(manner.date), manner.at)
        shared = self._system.teller.shared(words=False, horizon=manner.horizon)
        shared = msgspec.structs.replace(shared, start=began, end=began + shared.end)
        persona = self._persona(first.before)
        customer = Customer(key="customer", persona=persona, occurrences=())
        life = _Life(shared, customer, attributes, zone)
        life.prepare(self._system, self._chooser, steps, manner, self._arms)
        if not life.begin_with(entry):
            return None
        initial = dict(life.attributes)
        arrivals.plan(life, customer)
        life.live()
        return self._written(life, initial, persona, manner, claim)

    def _persona(self, want: int) -> str | None:
        variable = self._system.space.by_key.get(("persona",))
        if variable is None:
            return None
        left = variable.left(want)
        return None if None in left else str(left[0])

    def _written(
        self, life: _Life, initial: dict[str, Value], persona: str | None, manner: Manner, claim: Claim
    ) -> Scenario:
        vocabulary = self._program.project.vocabulary
        traits = tuple(
            Trait(span=NOWHERE, attribute=name, value=_literal(value, vocabulary.attributes[name]))
            for name, value in initial.items()
            if value != self._shared.defaults.get(name) and value is not None
        )
        start = Start(
            span=NOWHERE,
            date=manner.date,
            at=manner.at,
            event=life.first_event,
            payload=_given(life.first_payload, vocabulary.events.get(life.first_event)),
        )
        return Scenario(
            span=NOWHERE,
            title=claim.span.text or "a customer",
            journey=self._program.journey.name,
            persona=persona or "",
            traits=traits,
            start=start,
            takes=tuple(Take(span=NOWHERE, split=split, arm=arm) for split, arm in life.taken.items()),
            script=tuple(life.lines),
            expects=(claim,),
        )


def _dated(manner: Manner, entry: Entry, project: Project) -> Manner:
    """Where a run begins by the calendar, the day before it."""
    match entry.kind:
        case "occasion":
            dates = project.vocabulary.occasions[entry.occasion].dates
            date = next((one for one in sorted(dates) if one >= manner.date), None) or max(dates, default=manner.date)
        case "date":
            date = entry.date or manner.date
        case "event":
            return manner
        case _:
            return msgspec.structs.replace(manner, at=0)
    return msgspec.structs.replace(manner, date=date, at=0)


def _literal(value: Value, typed: Attribute | Field) -> Literal:
    return Literal(span=NOWHERE, type=typed.type.but(unknown=False), value=value)


def _given(payload: Payload, event: Event | None) -> tuple[Given, ...]:
    fields = {field.name: field for field in event.fields} if event is not None else {}
    return tuple(
        Given(span=NOWHERE, field=name, value=_literal(value, fields[name]))
        for name, value in payload.items()
        if value is not None
    )


class _Life(Life):
    """A life in which what a trail says comes true, as far as it can."""

    __slots__ = (
        *(
            "_at",
            "_begins",
            "_by_time",
            "_chooser",
            "_done",
            "_first",
            "_keys",
            "_last",
            "_manner",
            "_number",
            "_space",
            "_steps",
            "_system",
        ),
        *("first_event", "first_payload", "lines", "taken"),
    )

    def prepare(self, system: System, chooser: Chooser, steps: Trail, manner: Manner, arms: Mapping[str, str]) -> None:
        """`arms` are those of splits that the trail says nothing of."""
        self._system, self._space, self._chooser = system, system.space, chooser
        self._steps: Sequence[Step] = [step for step in steps[1:] if step.rested]
        self._begins = list(itertools.takewhile(lambda step: not step.rested, steps[1:]))
        self._last: Step | None = None
        self._at = 0
        self._manner = manner
        self._number = 0
        self._keys = 0
        self._done = self.shared.start
        self._by_time = False
        self.lines: list[Scripted] = []
        self.taken = dict(arms)
        self.first_event = ""
        self.first_payload: Payload = {}
        self._arms(steps)
        self._first = steps[0]

    def _arms(self, steps: Trail) -> None:
        """The arms of splits: of those that are met again what the box leaves, of others what the trail goes."""
        for one in self._space.variables:
            if one.key[0] == "arm":
                self.taken[str(one.key[1])] = str(one.left(steps[0].before)[0])
        places = self._system.program.places
        for step in steps:
            move = places[step.node.place].move if step.node is not None and step.arc.kind == "arm" else None
            if isinstance(move, Draw):
                self.taken[fold(move.split)] = step.arc.label

    # --- what chance would decide

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        wanted = self.taken.setdefault(fold(split), arms[0])
        return next((number for number, arm in enumerate(arms) if arm == wanted), 0)

    def is_held_out(self, track: Track) -> bool:
        return False

    def goes_on(self, at: int) -> bool:
        return not self.runs or any(step.arc.kind == "again" for step in self._steps[self._at :])

    # --- the beginning

    def begin_with(self, entry: Entry) -> bool:
        """The customer as he is at first, and the event that comes; False where none would do."""
        first = self._first
        deep = self._manner.deep
        self.attributes.update(self._dates())
        self.attributes.update(self._chooser.attributes(first.before, self, None, anew=True, deep=deep))
        if entry.kind == "yearly":
            month_day = datetime.date(1990, self._manner.date.month, self._manner.date.day)
            self.attributes[entry.attribute] = month_day
        if not entry.event:
            return True
        event = self._system.project.vocabulary.events[entry.event]
        one = Alternative(span=NOWHERE, condition=entry.condition) if entry.condition is not None else None
        found = self._chooser.payload(Wish(event, one, first.after, first.after), self, None)
        boxes = [step.before for step in self._begins]
        if found is None and entry.condition is not None:
            boxes += self._system.conditions.boxes(entry.condition, Answer.YES, entering=True)[:1]
        wanted = [came for box in boxes for came in self._lacking(box, None)]
        if wanted:
            self._come_before(wanted, event, one)
        elif found is not None:
            payload, before = found
            self.attributes.update(before)
            self._start_with(event, payload)
        return bool(wanted) or found is not None

    def _dates(self) -> dict[str, Value]:
        """Dates until which the run is to wait: days ahead."""
        ahead = datetime.timedelta(days=_FAR if self._manner.before is Pace.LATE else _NEAR)
        found: dict[str, Value] = {}
        for step in self._steps:
            move = self._system.program.places[step.node.place].move if step.node and step.node.place != END else None
            if isinstance(move, Wait) and isinstance(move.deadline, FromDate):
                date = move.deadline.date
                if isinstance(date, AttributeAsked):
                    found[date.name] = self._manner.date + ahead
        return found

    def _lacking(self, want: int, run: Run | None) -> Iterator[tuple[Event, Payload]]:
        """What is to happen for the past to be as a box wants it."""
        for one in self._space.past:
            if want & one.field != one.field and not self._chooser.is_so(one, self, run, want):
                for event, asked, fields in came(one, want, self._system.project.vocabulary):
                    yield event, {**self._payload_of(event, asked, run), **fields}

    def _start_with(self, event: Event, payload: Payload) -> None:
        self.first_event, self.first_payload = event.name, self._keyed(event, payload, None)
        self.schedule(self.shared.start, FILE, (0,), self._come, (event.name, self.first_payload, None))

    def _come_before(self, wanted: Sequence[tuple[Event, Payload]], event: Event, one: Alternative | None) -> None:
        """What is asked of the past happens first, and the event of the entry comes afterwards."""
        self._start_with(*wanted[0])
        for number, (other, payload) in enumerate(wanted[1:], 1):
            told = other, self._keyed(other, payload, None), None
            self.schedule(self.shared.start, FILE, (number,), self._tell, told)
        self._done = self.shared.start + (2 * DAY if self._manner.before is Pace.LATE else _HOUR)
        self.schedule(self._done, FILE, (0,), self._enter_late, (event, one))

    def _payload_of(self, event: Event, asked: Alternative, run: Run | None) -> Payload:
        """A payload with which an event is what is asked for."""
        full = self._space.full
        found = self._chooser.payload(Wish(event, asked, full, full), self, run)
        return found[0] if found is not None else {field.name: example(field.type) for field in event.fields}

    def _enter_late(self, told: tuple[Event, Alternative | None]) -> None:
        self._event(*told, None, self._first._replace(before=self._first.after))

    def _keyed(self, event: Event, payload: Payload, run: Run | None) -> Payload:
        """Keys are new each time; what a run is `per` is its own."""
        made = dict(payload)
        for field in event.fields:
            if field.key:
                self._keys += 1
                made[field.name] = f"A{self._keys}" if isinstance(example(field.type), str) else self._keys
            if run is not None and run.per == field.name:
                made[field.name] = run.own
        return made

    def _come(self, told: tuple[str, Payload, str | None]) -> None:
        name, payload, answers = told
        self._by_time = False
        arrivals.Filed(self).come(Occurrence(at=self.now, event=name, payload=payload, touchpoint=answers))

    # --- rests

    def _ring(self, alarm: tuple[Run, int]) -> None:
        self._by_time = True
        super()._ring(alarm)

    def rest(self, run: Run, until: int, state: State) -> None:
        super().rest(run, until, state)
        self._lead(run, run.place, until)

    def leave(self, run: Run, outcome: str) -> None:
        super().leave(run, outcome)
        self._lead(run, END, None)

    def _lead(self, run: Run, place: int, until: int | None) -> None:
        """Let come what the trail says of this rest."""
        self._pass_holds(place)
        step = self._next()
        if step is None and (self._last is None or self._last.node is None or self._last.node.place != place):
            self.stop_at(max(self.now, self._done))
            return
        if (step is None or step.node is None or step.node.place != place) and self._last is not None:
            again = self._last
            if again.node is not None and again.node.place == place and again.arc.by is None and until is not None:
                self._plan(until, self._change, again)
            return
        at = self.now
        while step is not None and step.node is not None and step.node.place == place:
            at = self._let_come(run, step, at, until)
            self._last = step
            self._at += 1
            if step.arc.kind not in ("meanwhile", "aside"):
                return
            step = self._next()

    def _pass_holds(self, place: int) -> None:
        """A message that the trail holds may go out at once: the run goes on without that rest."""
        places = self._system.program.places
        at = self._at
        while at < len(self._steps) and (node := self._steps[at].node) is not None and node.place != place:
            if node.place == END or not isinstance(places[node.place].move, Deliver):
                return
            at += 1
        self._at = at if at < len(self._steps) else self._at

    def _next(self) -> Step | None:
        return self._steps[self._at] if self._at < len(self._steps) else None

    def _order(self) -> tuple[int, ...]:
        self._number += 1
        return (self._number,)

    def _let_come(self, run: Run, step: Step, at: int, until: int | None) -> int:
        """Put one step on the time line; when it is."""
        if step.arc.kind == "again":
            return self._come_again(run, step)
        if step.arc.by is None:
            if until is not None:
                self._plan(until, self._change, step)
            return at
        when = self._when(at, until)
        self._plan(when, self._happen, step)
        return when

    def _plan(self, at: int, function: Callable[[Step], None], step: Step) -> None:
        self._done = max(self._done, at)
        self.schedule(at, FILE, self._order(), function, step)

    def _when(self, now: int, until: int | None) -> int:
        pace = self._manner.after if self._at >= self._manner.turn else self._manner.before
        soonest = now + int(self._by_time)
        last = now + 30 * DAY if until is None else until
        match pace:
            case Pace.LATE:
                return last
            case Pace.AT_ONCE:
                return min(soonest, last)
        return max(min(soonest, last), now + min(_HOUR, (last - now) // 2))

    # --- what comes

    def _change(self, step: Step) -> None:
        """Attributes and history become what the step wants, just before it."""
        run = self.runs[-1] if self.runs else None
        self._recall(step)
        for name, value in self._chooser.attributes(step.before, self, run, anew=False).items():
            self._set(name, value)

    def _set(self, name: str, new: Value) -> None:
        attribute = self.shared.attributes[name]
        literal = _literal(new, attribute)
        change = Assign(span=NOWHERE, attribute=name, value=literal)
        self.lines.append(Scripted(span=NOWHERE, after=self.now - self.shared.start, change=change))
        self.set(attribute, new, None, "")

    def _recall(self, step: Step) -> None:
        """What must have happened by now, and has not, happens now."""
        for one in self._space.variables:
            form = one.form
            wanted = form is not None and step.before & one.field == one.bits((SINCE,))
            if form is not None and wanted and form.kind is Heard.EVENT and not self._has_happened(form):
                events = self._system.project.vocabulary.events.values()
                event = next(one for one in events if fold(one.name) == form.name)
                self._event(event, None, form.answers or None, step)
        run = self.runs[-1] if self.runs else None
        for event, payload in list(self._lacking(step.before, run)):
            self._tell((event, self._keyed(event, payload, run), None))

    def _has_happened(self, form: Form) -> bool:
        asked = EventForm(span=NOWHERE, kind=form.kind, name=form.name, answers=form.answers or None, where=form.where)
        return ready(happening(asked))(self, self.runs[-1] if self.runs else None, {}) is True

    def _happen(self, step: Step) -> None:
        one = step.arc.by
        assert one is not None
        if one.form is None or one.form.kind is not Heard.EVENT:
            self._change(step)
            return
        self._change(step)
        event = self._system.project.vocabulary.events[one.form.name]
        self._event(event, one, one.form.answers, step)

    def _event(self, event: Event, one: Alternative | None, answers: str | None, step: Step) -> None:
        run = self.runs[-1] if self.runs else None
        found = self._chooser.payload(Wish(event, one, step.before, self._at_once(step)), self, run)
        payload, before = (
            found if found is not None else ({field.name: example(field.type) for field in event.fields}, {})
        )
        for name, value in before.items():
            self._set(name, value)
        self._tell((event, self._keyed(event, payload, run), answers))

    def _at_once(self, step: Step) -> int:
        """Who is wanted right after a step; where the run rests on, he may change before he is as the trail says."""
        rests_on = step.arc.kind in ("aside", "meanwhile")
        return self._system.passes.before(self._space.full, step.after) if rests_on else step.after

    def _tell(self, told: tuple[Event, Payload, str | None]) -> None:
        event, payload, answers = told
        self.lines.append(
            Scripted(
                span=NOWHERE,
                after=self.now - self.shared.start,
                event=event.name,
                answers=answers,
                payload=_given(payload, event),
            )
        )
        self._come((event.name, payload, answers))

    # --- later runs

    def _come_again(self, run: Run, step: Step) -> int:
        how = run.track.reentry
        at = max(self.now + 1, run.began + (how.after if how.how == "after" else 0))
        self._plan(at, self._enter, step)
        return at

    def _enter(self, step: Step) -> None:
        entry = step.arc.entry
        if entry is None or not entry.event:
            return
        event = self._system.project.vocabulary.events[entry.event]
        self._change(step._replace(before=self._apart_from(event, step.after)))
        one = Alternative(span=NOWHERE, condition=entry.condition) if entry.condition is not None else None
        self._event(event, one, None, step._replace(before=step.after))

    def _apart_from(self, event: Event, want: int) -> int:
        """What is wanted after an event, without what the event itself sets."""
        for line in event.then_set:
            variable = self._space.by_key.get(("attribute", line.attribute))
            want |= variable.field if variable is not None else 0
        return want
