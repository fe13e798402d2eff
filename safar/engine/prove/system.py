"""A journey as a transition system: its stations, how runs begin, and the space of customers its conditions cut."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from safar.engine.expression import (
    Alternative,
    Base,
    EventForm,
    Expression,
    Happened,
    Heard,
    Literal,
    Node,
    Pattern,
    Persona,
    Type,
)
from safar.engine.model import Assign, Attribute, Entry, Journey, Project
from safar.engine.moves import Branch, Deliver, Draw, Effect, Move, SetAttribute, Wait
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Apart, Claim, Follows, NotBefore, OnlyIf, Reachable
from safar.engine.prove import conditions as c
from safar.engine.prove.arcs import Arc, Station
from safar.engine.prove.atoms import AT_ENTRY, NEVER, SINCE, Atom, Form, Key, atom, normal
from safar.engine.prove.changes import Change, Guard, Loosen, Passes, Put, Turn
from safar.engine.prove.conditions import Answer, Conditions
from safar.engine.prove.marks import Happens, Mark
from safar.engine.prove.meddling import attributes_set, deeds_done, is_started
from safar.engine.prove.order import ranks, recurring
from safar.engine.prove.refusals import refusing
from safar.engine.prove.sending import Sending, sending
from safar.engine.prove.space import FIXED, FREE, GROWING, Space, Variable
from safar.engine.prove.turns import becomes, grown
from safar.engine.simulate.arithmetic import kept
from safar.engine.source import NOWHERE

if TYPE_CHECKING:
    from safar.engine.claims.telling import Teller
    from safar.engine.prove.guide import Guide


class System:
    """One journey, and the things that rules about it ask.  Stations are made when they are first asked for.

    `beside` are journeys of other files of the project: they may set attributes and start this one.
    """

    def __init__(
        self,
        program: Program,
        claims: Sequence[Claim] = (),
        conditions: Sequence[Expression] = (),
        beside: Sequence[Journey] = (),
    ) -> None:
        self.program = program
        self.project: Project = program.project
        self._journeys = (*self.project.journeys.values(), *beside)
        self.ranks = ranks(program)
        asked = (*_asked(program, claims), *(one for condition in conditions for one in c.atoms(condition)))
        self.space = Space(self.project, asked, self._arms(), refusing(program))
        self.conditions = Conditions(self.space)
        self.passes = Passes(self.space)
        self._stations: dict[int, Station] = {}
        self._events: dict[tuple[int, str], tuple[Alternative, tuple[Change, ...]]] = {}
        self._assigned: dict[int, tuple[Assign, tuple[Change, ...]]] = {}
        self._sendings: dict[str, Sending] = {}

    def _arms(self) -> list[tuple[str, tuple[str, ...]]]:
        """The splits whose arm is met again: it is the same for a customer at every visit."""
        program = self.program
        again = recurring(program, self.ranks) if is_entered_once(program) else self.ranks.keys()
        drawn = [(place.id, place.move) for place in program.places if isinstance(place.move, Draw)]
        places = Counter(fold(move.split) for _, move in drawn)
        return [
            (fold(move.split), tuple(arm.name for arm in move.arms))
            for number, move in drawn
            if number in again or places[fold(move.split)] > 1
        ]

    @functools.cached_property
    def teller(self) -> Teller:
        """Tells scenarios of this journey."""
        from safar.engine.claims.telling import Teller

        return Teller(self.program)

    @functools.cached_property
    def guide(self) -> Guide:
        """Leads customers through this journey."""
        from safar.engine.prove.guide import Guide

        return Guide(self)

    def station(self, place: int) -> Station:
        if place not in self._stations:
            from safar.engine.prove.stations import station

            self._stations[place] = station(self, self.program.places[place])
        return self._stations[place]

    def sending(self, move: Deliver) -> Sending:
        name = move.touchpoint.name
        if name not in self._sendings:
            self._sendings[name] = sending(self.project, move.touchpoint)
        return self._sendings[name]

    # --- changes

    def guard(self, condition: Expression, answer: Answer, stage: str = "", *, entering: bool = False) -> Guard:
        return Guard(self.space, self.conditions.boxes(condition, answer, stage, entering=entering))

    def put(self, key: Key, *classes: int) -> Iterator[Change]:
        """A thing, if anybody asks about it, becomes one of these classes."""
        variable = self.space.by_key.get(key)
        if variable is not None:
            yield Put(self.space, variable.field, variable.bits(classes))

    def arm(self, split: str, arm: int) -> Iterator[Change]:
        """What must be so for a customer to go into an arm: nothing, of a split that is met once."""
        variable = self.space.by_key.get(("arm", fold(split)))
        if variable is not None:
            yield Guard(self.space, [self.space.full & ~variable.field | variable.bits((arm,))])

    def assigned(self, assign: Assign) -> tuple[Change, ...]:
        """`set customer.x = e`."""
        if id(assign) not in self._assigned:
            self._assigned[id(assign)] = assign, tuple(self._set(assign))
        return self._assigned[id(assign)][1]

    def _set(self, assign: Assign) -> Iterator[Change]:
        attribute = self.project.vocabulary.attributes[assign.attribute]
        variable = self.space.by_key.get(("attribute", attribute.name))
        if attribute.change != FIXED:
            if variable is not None:
                yield from self._becomes(variable, assign.value)
            yield from self._follow(attribute.name)

    def _becomes(self, variable: Variable, value: Expression) -> Iterator[Change]:
        table = becomes(variable, value, self._attribute(variable))
        if table is None:
            yield Loosen(self.space, variable.field)
        else:
            yield Turn(self.space, variable, table)

    def _attribute(self, variable: Variable) -> Attribute:
        return self.project.vocabulary.attributes[str(variable.key[1])]

    def _follow(self, attribute: str) -> Iterator[Change]:
        """What is computed from an attribute is another."""
        fields = sum(one.field for one in self.space.about(attribute))
        if fields:
            yield Loosen(self.space, fields)

    def happened(self, form: EventForm) -> Iterator[Change]:
        """An event (or delivery, or action) joins the history of the run."""
        came = normal(form)
        for one in self.space.told:
            if one.form is not None and implies(came, one.form):
                yield Put(self.space, one.field, one.bits((SINCE,)))
        told = sum(one.field for one in self.space.past if _tells_of(one, came))
        if told:
            yield Loosen(self.space, told)

    def event(self, one: Alternative, stage: str) -> tuple[Change, ...]:
        """What an event that is taken changes, and what must be so for it to be taken."""
        key = id(one), stage
        if key not in self._events:
            self._events[key] = one, self._event(one, stage)
        return self._events[key][1]

    def _event(self, one: Alternative, stage: str) -> tuple[Change, ...]:
        form = one.form
        assert form is not None
        changes: list[Change] = [Loosen(self.space, self.space.moment)] if self.space.moment else []
        event = self.project.vocabulary.events.get(form.name) if form.kind is Heard.EVENT else None
        for assign in event.then_set if event is not None else ():
            changes += self.assigned(assign)
        if form.answers and ("met", fold(form.answers)) in self.space.by_key:
            met = self.space.by_key["met", fold(form.answers)]
            changes.append(Guard(self.space, [self.space.full & ~met.field | met.bits((1,))]))
        changes += self.happened(form)
        changes += [self.guard(asked, Answer.YES, stage) for asked in (form.where, one.condition) if asked is not None]
        return tuple(changes)

    @functools.cached_property
    def meddled(self) -> tuple[Change, ...]:
        """What other runs of the customer, of this journey or another, may set before a woken run acts."""
        others = [one for one in self._journeys if one.name != self.program.journey.name]
        several = any(entry.per for entry in self.program.journey.entries)
        sets = attributes_set((*others, self.program.journey) if several else others)
        known = [one for one in self.space.variables if one.key[0] == "attribute" and one.key[1] in sets]
        changes: list[Change] = [Turn(self.space, one, grown(one)) for one in known if one.change == GROWING]
        fields = sum(one.field for one in known if one.change == FREE)
        fields |= sum(one.field for one in self.space.variables if one.needs & sets)
        return (*changes, Loosen(self.space, fields)) if fields else tuple(changes)

    @functools.cached_property
    def preceded(self) -> tuple[Change, ...]:
        """What other runs that the same event begins may have done before a new run acts."""
        others = [one for one in self._journeys if one.name != self.program.journey.name]
        asked = {one: told for one in (*self.space.told, *self.space.past) if (told := set(_deeds_told(one)))}
        done = deeds_done(others) if asked else set()
        known = [one for one, told in asked.items() if told & done]
        grows = (Turn(self.space, one, grown(one)) for one in known if one.form is not None)
        fields = sum(one.field for one in known if one.form is None)
        return (*self.meddled, *grows, *([Loosen(self.space, fields)] if fields else ()))

    # --- how runs begin

    @functools.cached_property
    def entries(self) -> tuple[Arc, ...]:
        journey = self.program.journey
        found = [self._entry(entry) for entry in journey.entries]
        if self._is_started or not journey.entries:
            found.append(self._entry(None))
        return tuple(found)

    @functools.cached_property
    def _is_started(self) -> bool:
        return is_started(self.program.journey.name, self._journeys)

    def _entry(self, entry: Entry | None) -> Arc:
        changes = list(self._fresh(entry))
        marks = [Mark(Happens.ENTERED)]
        if entry is not None and entry.event:
            event = self.project.vocabulary.events[entry.event]
            for assign in event.then_set:
                changes += self.assigned(assign)
            form = EventForm(span=entry.span, kind=Heard.EVENT, name=event.name)
            marks.insert(0, Mark(Happens.EVENT, form=form))
        if entry is not None and entry.condition is not None:
            changes.append(self.guard(entry.condition, Answer.YES, entering=True))
        return Arc(
            end=self.program.resolve(self.program.start),
            kind="entry",
            label=_entry_label(entry),
            changes=tuple(changes),
            then=self.preceded,
            marks=tuple(marks),
            entry=entry,
        )

    def _fresh(self, entry: Entry | None) -> Iterator[Change]:
        """Nothing has happened yet in a new run; fields of `entry` are those of its event."""
        event = self.project.vocabulary.events.get(entry.event) if entry is not None else None
        known = {field.name for field in event.fields} if event is not None else set()
        own = (Heard.EVENT, fold(event.name)) if event is not None else None
        for one in self.space.variables:
            if one.form is not None:
                yield Put(self.space, one.field, one.bits(_seen(one.form, own)))
            elif one.key[0] == "met":
                yield Put(self.space, one.field, one.bits((0,)))
            elif one.key[0] == "entry":
                yield Put(self.space, one.field, one.field if one.key[1] in known else one.bits((0,)))


def is_entered_once(program: Program) -> bool:
    """Whether a customer has one run at most."""
    journey = program.journey
    never = journey.reenter is None or journey.reenter.how == "never"
    return never and not any(entry.per for entry in journey.entries)


def implies(came: Form, asked: Form) -> bool:
    """Whether what came is surely what is asked for."""
    same = (came.kind, came.name) == (asked.kind, asked.name)
    return same and asked.answers in ("", came.answers) and asked.where in (None, came.where)


def _seen(form: Form, own: tuple[Heard, str] | None) -> tuple[int, ...]:
    """Whether the event that begins a run is one that is asked for."""
    if (form.kind, form.name) != own or form.answers:
        return (NEVER,)
    return (AT_ENTRY,) if form.where is None else (NEVER, AT_ENTRY)


def _entry_label(entry: Entry | None) -> str:
    if entry is None:
        return "started"
    return f"on {entry.event}" if entry.event else f"each {entry.unit or entry.occasion or entry.kind}"


def _tells_of(variable: Variable, came: Form) -> bool:
    return any((form.kind, fold(form.name)) == (came.kind, came.name) for form in _forms(variable.expression))


def _deeds_told(variable: Variable) -> Iterator[tuple[Heard, str]]:
    """The deliveries and actions that a thing tells of."""
    forms = [variable.form] if variable.form is not None else [*_forms(variable.expression)]
    return ((form.kind, fold(form.name)) for form in forms if form.kind is not Heard.EVENT)


def _forms(node: object) -> Iterator[EventForm]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, EventForm):
            yield one
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Node):
            waiting += [getattr(one, field) for field in one.__struct_fields__ if field not in ("span", "type")]


# --- what is asked


def _asked(program: Program, claims: Sequence[Claim]) -> Iterator[Atom]:
    for entry in program.journey.entries:
        if entry.condition is not None:
            yield from c.atoms(entry.condition, entering=True)
            for form in _forms(entry.condition):  # of events before the run, which a replay has to make up
                yield from c.atoms(form.where) if form.where is not None else ()
    for place in program.places:
        yield from _in_move(program, place.move)
    for scope in program.scopes:
        for handler in scope.handlers:
            yield from _in_pattern(handler.pattern)
    for event in program.project.vocabulary.events.values():
        for assign in event.then_set:
            yield from _set_to(program, assign)
    for claim in claims:
        yield from _in_claim(claim)


def _in_move(program: Program, move: Move) -> Iterator[Atom]:
    match move:
        case Branch(condition=condition):
            yield from c.atoms(condition)
        case Wait(ways=ways):
            for way in ways:
                yield from _in_pattern(way.pattern)
        case Deliver(touchpoint=touchpoint):
            consent = sending(program.project, touchpoint).consent
            if consent is not None:
                yield from c.atoms(consent)
        case Effect(effect=SetAttribute(assign)):
            yield from _set_to(program, assign)


def _set_to(program: Program, assign: Assign) -> Iterator[Atom]:
    """A constant that is set cuts its attribute's values, so that its class is known."""
    attribute = program.project.vocabulary.attributes[assign.attribute]
    if isinstance(assign.value, Literal) and assign.value.type.base is attribute.type.base:
        value = kept(assign.value.value, attribute.type)
        constants = () if value is None else (value,)
        yield Atom(("attribute", attribute.name), attribute.type, lambda one: one == value, constants)


def _in_pattern(pattern: Pattern) -> Iterator[Atom]:
    for one in pattern.alternatives:
        if one.condition is not None:
            yield from c.atoms(one.condition)
        if one.form is not None:
            if one.form.where is not None:
                yield from c.atoms(one.form.where)
            if one.form.answers:
                yield from c.atoms(happening(one.form))


def happening(form: EventForm) -> Expression:
    """That it has happened since the run began, as a condition."""
    bare = EventForm(span=form.span, kind=form.kind, name=form.name, answers=form.answers, where=form.where)
    return Happened(span=NOWHERE, type=Type(Base.YES_NO), form=bare)


def _in_claim(claim: Claim) -> Iterator[Atom]:
    match claim:
        case Reachable():
            yield atom(Persona(span=NOWHERE, type=Type(Base.PERSONA)))
        case OnlyIf(condition=condition):
            yield from c.atoms(condition)
        case NotBefore(other=other) if other.kind == "event":
            form = EventForm(
                span=other.span, kind=Heard.EVENT, name=other.name, answers=other.answers, where=other.where
            )
            yield from c.atoms(happening(form))
        case Follows(cause=other) | Apart(other=other) if other.where is not None:
            yield from c.atoms(other.where)  # of events that a replay has to make up


__all__ = ["System", "happening", "is_entered_once"]
