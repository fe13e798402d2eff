"""All runs of a journey as one system of constraints for z3: for each place whether the run passes it, when, and what
the attributes are then; for each way whether it is taken.

Instants are whole seconds since the entry, which is at any second of a week; clocks show UTC.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import networkx
import z3

from safar.engine import expression as ex
from safar.engine.expression import Base, Expression
from safar.engine.model import Send
from safar.engine.moves import After, Branch, Clock, Deliver, DoAction, Effect, Handler, SetAttribute, Wait
from safar.engine.names import fold
from safar.engine.program import Edge, Program
from safar.engine.promises import Deed

Z3 = Any  # z3 has no types


DAY, WEEK = 86_400, 7 * 86_400
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_OPS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Term(msgspec.Struct, frozen=True):
    """A value as z3 sees it, and whether it is known."""

    value: Z3
    known: Z3


class Sent(msgspec.Struct, frozen=True):
    """Something that may be delivered, done or happen: whether, when, and what comes before what at one instant."""

    place: int
    order: tuple[int, int]
    happens: Z3
    at: Z3


class UnsupportedError(Exception):
    """The plain encoding does not know this construct."""


class Runs:
    """All runs of a journey, as constraints."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._attributes = {fold(name): one for name, one in program.project.vocabulary.attributes.items()}
        start = program.resolve(program.start)
        self.edges = self._found(start)
        graph = networkx.DiGraph((edge.start, edge.end) for edge, _ in self.edges)
        graph.add_node(start)
        if not networkx.is_directed_acyclic_graph(graph):
            raise UnsupportedError("a loop")
        self.places = list(networkx.topological_sort(graph))
        self.rank = {place: number for number, place in enumerate(self.places)}
        self._start = start
        self._payload: dict[str, Term] = {}
        self.passed = {place: z3.Bool(f"passed {place}") for place in self.places}
        self.at = {place: z3.Int(f"at {place}") for place in self.places}
        self.taken = [z3.Bool(f"taken {number}") for number in range(len(self.edges))]
        self.began = z3.Int("began")
        self.persona = z3.Int("persona")
        asked = {fold(name) for name in _asked(program)}
        self.values = {
            place: {name: self._term(name, place) for name in self._attributes if name in asked}
            for place in self.places
        }

    def _found(self, start: int) -> list[tuple[Edge, Handler | None]]:
        """All ways that a run may go; of an interrupt also the handler."""
        program, seen, todo = self.program, set(), [start]
        found: list[tuple[Edge, Handler | None]] = []
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            own: list[tuple[Edge, Handler | None]] = [(edge, None) for edge in program.edges(place)]
            if program.rests(place):
                handlers = [one for scope in program.around(place) for one in scope.handlers]
                if any(one.to is None for one in handlers):
                    raise UnsupportedError("an interrupt without a jump")
                own += zip(program.interrupts(place), handlers, strict=True)
            found += own
            todo += [edge.end for edge, _ in own]
        return found

    def _term(self, name: str, place: int) -> Term:
        type = self._attributes[name].type
        sort = z3.Bool if type.base is Base.YES_NO else z3.Int
        if type.base not in (Base.YES_NO, Base.INTEGER, Base.MONEY, Base.ONE_OF):
            raise UnsupportedError(f"an attribute of type {type}")
        known = z3.Bool(f"{name} {place} known") if type.unknown else z3.BoolVal(True)
        return Term(sort(f"{name} {place}"), known)

    # --- how a run goes

    def constraints(self) -> Iterator[Z3]:
        yield self.at[self._start] == 0
        yield z3.And(self.began >= 0, self.began < WEEK)
        yield self.passed[self._start]
        yield z3.And(self.persona >= 0, self.persona < max(1, len(self.program.project.vocabulary.personas)))
        yield self._eligible()
        ways: dict[int, list[Z3]] = {place: [] for place in self.places}
        came: dict[int, list[Z3]] = {place: [] for place in self.places}
        for taken, (edge, handler) in zip(self.taken, self.edges, strict=True):
            ways[edge.start].append(taken)
            came[edge.end].append(taken)
            yield z3.Implies(taken, z3.And(*self._step(edge, handler)))
        for place in self.places:
            if ways[place]:
                yield self.passed[place] == z3.PbEq([(one, 1) for one in ways[place]], 1)
                yield z3.PbLe([(one, 1) for one in ways[place]], 1)
            if place != self._start:
                yield self.passed[place] == z3.Or(*came[place])
            yield from self._typed(place)

    def _typed(self, place: int) -> Iterator[Z3]:
        for name, term in self.values[place].items():
            options = self._attributes[name].type.options
            if options:
                yield z3.And(term.value >= 0, term.value < len(options))

    def _eligible(self) -> Z3:
        """Some `enter` line is met."""
        conditions = [entry.condition for entry in self.program.journey.entries]
        return z3.Or(*(self.true(one, self._start) if one is not None else z3.BoolVal(True) for one in conditions))

    def _step(self, edge: Edge, handler: Handler | None) -> Iterator[Z3]:
        """What taking a way means for the time and the attributes."""
        move = self.program.places[edge.start].move
        yield self._lasts(edge, handler)
        if isinstance(move, Branch):
            holds = self.true(move.condition, edge.start)
            yield holds if edge.kind == "true" else z3.Not(holds)
        if handler is not None or edge.kind == "pattern":
            patterns = self._patterns(edge)
            own = patterns.pop()
            earlier = [one for pattern in patterns for one in pattern.alternatives]
            yield z3.Or(*(self._hears(one, earlier, edge) for one in own.alternatives))
        else:
            yield from self._changes(edge, move, {})

    def heard(self, edge: Edge) -> list[ex.Alternative]:
        """What a way is taken for; nothing where it is time, or at once."""
        handler = next(handler for one, handler in self.edges if one is edge)
        if handler is None and edge.kind != "pattern":
            return []
        return list(self._patterns(edge)[-1].alternatives)

    def _patterns(self, edge: Edge) -> list[ex.Pattern]:
        """Who is asked about an event, up to the one whose way this is: interrupts, then the ways of the wait."""
        own = [(one, handler) for one, handler in self.edges if one.start == edge.start]
        move = self.program.places[edge.start].move
        ways = [way.pattern for way in move.ways] if isinstance(move, Wait) else []
        handlers = [(one, handler.pattern) for one, handler in own if handler is not None]
        patterned = [one for one, _ in own if one.kind == "pattern"]
        asked = [*handlers, *zip(patterned, ways, strict=True)]
        last = next(number for number, (one, _) in enumerate(asked) if one is edge)
        return [pattern for _, pattern in asked[: last + 1]]

    def _lasts(self, edge: Edge, handler: Handler | None) -> Z3:
        """When a way is at its end: a wait is over when its time is, or before where something takes the run away."""
        move, before, after = self.program.places[edge.start].move, self.at[edge.start], self.at[edge.end]
        if not isinstance(move, Wait):
            if edge.high is None or edge.high > 0:
                raise UnsupportedError("a message that may be held")
            return after == before
        if handler is None and edge.kind != "pattern":
            return self._is_up(move, before, after)
        due = z3.FreshInt("due")
        return z3.And(self._is_up(move, before, due), after >= before, after <= due)

    def _is_up(self, move: Wait, before: Z3, due: Z3) -> Z3:
        match move.deadline:
            case After(seconds=seconds):
                return due == before + seconds
            case Clock(at=at, weekday=weekday):
                period = WEEK if weekday else DAY
                wanted = at + DAY * (_WEEKDAYS.index(weekday) if weekday else 0)
                return z3.And(due > before, due <= before + period, (self.began + due) % period == wanted)
        raise UnsupportedError("a wait until an instant of its own")

    def _hears(self, one: ex.Alternative, earlier: Sequence[ex.Alternative], edge: Edge) -> Z3:
        """An event comes that nothing asked before takes: its `then set` lines, then the condition."""
        form = one.form
        if form is None or form.kind is not ex.Heard.EVENT:
            raise UnsupportedError("a wait for a condition")
        event = self.program.project.vocabulary.events[form.name]
        self._payload = {field.name: Term(z3.FreshInt(), z3.FreshBool()) for field in event.fields}
        sets = {fold(assign.attribute): assign.value for assign in event.then_set}
        parts = [*self._changes(edge, None, sets), self._taken(one, edge)]
        if form.answers:
            if len(self._listening(form)) > 1:
                raise UnsupportedError("an answer that two waits listen for")  # the second one may be over at once
            places = self.sent(Deed(span=form.span, kind="touchpoint", name=form.answers))
            parts.append(z3.Or(*(sent.happens for sent in places if sent.place != edge.end)))
        for other in earlier:
            if other.form is not None and other.form.name == form.name and other.form.answers in (None, form.answers):
                parts.append(z3.Not(self._taken(other, edge)))
        return z3.And(*parts)

    def _listening(self, form: ex.EventForm) -> set[int]:
        """The places at which an answer is listened for."""
        return {
            edge.start
            for edge, _ in self.edges
            for one in self.heard(edge)
            if one.form is not None and (one.form.name, one.form.answers) == (form.name, form.answers)
        }

    def _taken(self, one: ex.Alternative, edge: Edge) -> Z3:
        """That the event at hand meets what is said of it."""
        said = [one.condition, one.form.where if one.form is not None else None]
        return z3.And(*(self.true(condition, edge.end) for condition in said if condition is not None))

    def _changes(self, edge: Edge, move: Any, sets: dict[str, Expression]) -> Iterator[Z3]:
        """Attributes at the end of a way: free ones are any if time has passed, growing ones not less."""
        if isinstance(move, Effect) and isinstance(move.effect, SetAttribute):
            sets = {fold(move.effect.assign.attribute): move.effect.assign.value}
        passes = self.at[edge.end] > self.at[edge.start]
        for name, before in self.values[edge.start].items():
            after, change = self.values[edge.end][name], self._attributes[name].change
            same = z3.And(after.value == before.value, after.known == before.known)
            if name in sets:
                given = self._set(name, before, sets[name], edge.start)
                rising = change == "growing" and not isinstance(move, Effect)
                yield (
                    after.value >= given.value
                    if rising
                    else z3.And(after.known == given.known, after.value == given.value)
                )
            elif change == "fixed":
                yield same
            elif change == "growing":
                yield z3.If(passes, after.value >= before.value, same)
            else:
                yield z3.Implies(z3.Not(passes), same)

    def _set(self, name: str, before: Term, value: Expression, place: int) -> Term:
        """What an attribute becomes: unknown leaves one that must be known, a growing one keeps the greater."""
        given, attribute = self.term(value, place), self._attributes[name]
        if attribute.change == "growing":
            return Term(z3.If(z3.And(given.known, given.value > before.value), given.value, before.value), before.known)
        if attribute.type.unknown:
            return given
        return Term(z3.If(given.known, given.value, before.value), before.known)

    # --- expressions

    def true(self, condition: Expression, place: int) -> Z3:
        return self._truth(condition, place)[0]

    def _truth(self, one: Expression, place: int) -> tuple[Z3, Z3]:
        """When a condition is true, and when it is false; else it is unknown."""
        match one:
            case ex.Condition(item=item):
                return self._truth(item, place)
            case ex.Not(item=item):
                return self._truth(item, place)[::-1]
            case ex.And(left=left, right=right) | ex.Or(left=left, right=right):
                (a, not_a), (b, not_b) = self._truth(left, place), self._truth(right, place)
                both = isinstance(one, ex.And)
                return (z3.And(a, b), z3.Or(not_a, not_b)) if both else (z3.Or(a, b), z3.And(not_a, not_b))
            case ex.Known(item=item, known=known):
                holds = self.term(item, place).known
                return (holds, z3.Not(holds)) if known else (z3.Not(holds), holds)
            case ex.Compare(op=op, left=left, right=right):
                a, b = self.term(left, place), self.term(right, place)
                known, holds = z3.And(a.known, b.known), _compare(op, a.value, b.value)
                return z3.And(known, holds), z3.And(known, z3.Not(holds))
        term = self.term(one, place)
        return z3.And(term.known, term.value), z3.And(term.known, z3.Not(term.value))

    def term(self, one: Expression, place: int) -> Term:
        match one:
            case ex.Attribute(name=name):
                return self.values[place][fold(name)]
            case ex.Persona():
                return Term(self.persona, z3.BoolVal(True))
            case ex.Literal(value=None):
                return Term(z3.IntVal(0), z3.BoolVal(False))
            case ex.Literal(value=value):
                return Term(self._literal(one, value), z3.BoolVal(True))
            case ex.Arithmetic(op=op, left=left, right=right) if op in "+-":
                a, b = self.term(left, place), self.term(right, place)
                return Term(a.value + b.value if op == "+" else a.value - b.value, z3.And(a.known, b.known))
            case ex.PayloadField(field=field):
                return self._payload[field]
        raise UnsupportedError(f"an expression like {type(one).__name__}")

    def _literal(self, one: ex.Literal, value: ex.Value) -> Z3:
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, int):
            return z3.IntVal(value)
        personas = list(self.program.project.vocabulary.personas)
        options = personas if one.type.base is Base.PERSONA else list(one.type.options) or self._options(str(value))
        return z3.IntVal(options.index(str(value)))

    def _options(self, value: str) -> list[str]:
        return next(list(one.type.options) for one in self._attributes.values() if value in one.type.options)

    # --- what rules speak of

    @functools.cached_property
    def _all_sent(self) -> list[tuple[Sent, str, Any]]:
        """Deliveries and actions, with the touchpoint or the action's name."""
        found: list[tuple[Sent, str, Any]] = []
        for place in self.places:
            move, rank = self.program.places[place].move, self.rank[place]
            if isinstance(move, Deliver):
                happens = z3.And(self.passed[place], self._may_send(move, place))
                found.append((Sent(place, (rank, 0), happens, self.at[place]), "delivery", move.touchpoint))
                for number, do in enumerate(move.touchpoint.actions, 1):
                    found.append((Sent(place, (rank, number), happens, self.at[place]), "action", do.action))
            elif isinstance(move, Effect) and isinstance(move.effect, DoAction):
                sent = Sent(place, (rank, 0), self.passed[place], self.at[place])
                found.append((sent, "action", move.effect.call.action))
        return found

    def _may_send(self, move: Deliver, place: int) -> Z3:
        contact = move.touchpoint.contact
        if not isinstance(contact, Send) or move.touchpoint.transactional:
            return z3.BoolVal(True)
        channel = self.program.project.vocabulary.channels[contact.channel]
        limits = any(
            not one.channels or channel.name in one.channels for one in self.program.project.vocabulary.limits.values()
        )
        if channel.caps or channel.quiet or channel.closed or limits:
            raise UnsupportedError("a channel with limits")
        return self.true(channel.consent, place) if channel.consent is not None else z3.BoolVal(True)

    def sent(self, deed: Deed) -> list[Sent]:
        if deed.kind in ("event", "entry"):
            raise UnsupportedError(f"a rule about an {deed.kind}")
        return [sent for sent, kind, what in self._all_sent if self._is(deed, sent, kind, what)]

    def _is(self, deed: Deed, sent: Sent, kind: str, what: Any) -> bool:
        name, vocabulary = fold(deed.name), self.program.project.vocabulary
        move = self.program.places[sent.place].move
        if deed.kind == "tag":
            bears = isinstance(move, Deliver) and name in map(fold, move.touchpoint.tags)
            if kind == "delivery":
                return bears
            return not bears and name in map(fold, vocabulary.actions[what].tags)
        if kind == "action":
            return deed.kind == "action" and fold(what) == name
        contact = what.contact
        match deed.kind:
            case "touchpoint":
                return fold(what.name) == name
            case "step":
                return fold(self.program.places[sent.place].node) == name
            case "channel":
                return contact is not None and fold(contact.channel) == name and not what.transactional
            case "messages":
                outbound = isinstance(contact, Send) and vocabulary.channels[contact.channel].outbound
                return outbound and (deed.every or not what.transactional)
        return False


def _compare(op: str, a: Z3, b: Z3) -> Z3:
    return _OPS[op](a, b)


def _asked(program: Program) -> set[str]:
    """The attributes that the journey, its channels or its rules ask for or set."""
    found: set[str] = set()
    todo: list[Any] = [program.places, program.scopes, program.journey.entries, program.journey.rules]
    todo += [program.project.vocabulary.channels, program.project.vocabulary.rules]
    while todo:
        one = todo.pop()
        if isinstance(one, ex.Attribute):
            found.add(one.name)
        elif isinstance(one, msgspec.Struct):
            todo += [getattr(one, field) for field in one.__struct_fields__ if field != "span"]
        elif isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, (tuple, list)):
            todo += one
    return found


__all__ = ["Runs", "Sent", "UnsupportedError"]
