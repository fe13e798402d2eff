"""What rules look at: a project with its programs, and the walks over it that they share."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from safar.engine.check.week import Week
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.expression import Condition, EventForm, Expression, Happened, Node, Template, Type
from safar.engine.model import (
    At,
    Behaviour,
    Channel,
    ConditionDeclared,
    Declared,
    Do,
    Goal,
    Interrupt,
    Journey,
    MapLine,
    Project,
    Response,
    Send,
    Step,
    Touchpoint,
    bodies,
    within,
)
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program, lower
from safar.engine.source import NOWHERE, Source, Span
from safar.engine.steps.go_to import GoTo
from safar.engine.steps.start import Start
from safar.engine.steps.touchpoint import Meet

if TYPE_CHECKING:
    from safar.engine.prove.facts import Facts

N = TypeVar("N", bound=Node)

_LEAVES = (Span, Source, Type, Condition)
_PLAIN = {"None", "str", "int", "bool", "Fraction", "Value", "Span", "Type", "datetime", "date", "tuple", "dict"}
"""The words of a field's type where no node can be in it."""

Inside = Callable[[Any], tuple[Any, ...]]


def walk(thing: Any) -> Iterator[Node]:
    """A node and all nodes inside it, in the order they are written.  What a named condition says stands where it
    is declared, not where it is used."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is tuple:
            waiting += reversed(one)
        elif kind is dict:
            waiting += reversed(one.values())
        elif (inside := _inside(kind)) is not None:  # type: ignore[arg-type]
            if isinstance(one, Node):
                yield one
            waiting += inside(one)


@functools.cache
def _inside(kind: type) -> Inside | None:
    """What gives the values in which there may be nodes, the last one first; None where there are no fields."""
    if not issubclass(kind, msgspec.Struct):
        return None
    written = () if issubclass(kind, _LEAVES) else reversed(kind.__struct_fields__)
    fields = [field for field in written if _holds(kind, field)]
    if len(fields) == 1:
        return lambda one, field=fields[0]: (getattr(one, field),)  # type: ignore[misc]
    return operator.attrgetter(*fields) if fields else lambda _: ()


def _holds(kind: type, field: str) -> bool:
    """Whether there may be nodes in a field, by the type that it was declared with."""
    notes = (vars(base).get("__annotations__", {}).get(field) for base in kind.__mro__)
    note = next(note for note in notes if note is not None)
    return not _PLAIN.issuperset(re.findall(r"\w+", str(note)))


@functools.cache
def _kinds(kind: type[Node]) -> tuple[type[Node], ...]:
    """A kind of node and the wider ones that it belongs to."""
    return tuple(base for base in kind.__mro__ if issubclass(base, Node))


class Asked(msgspec.Struct, frozen=True):
    """A condition and the node that asks it."""

    condition: Expression
    by: Node


_ASKING: dict[type[Node], str] = {Channel: "consent", ConditionDeclared: "expression", EventForm: "where"}


@functools.cache
def _asking(kind: type[Node]) -> str:
    """The field in which a kind of node has a condition; empty where it has none."""
    return _ASKING.get(kind, "condition" if "condition" in kind.__struct_fields__ else "")


_MOST = 100
"""Errors of a journey; with more of them nothing is said of it as a whole."""


class Subject:
    """One project under check.  Everything is found when first asked for, and once."""

    def __init__(self, project: Project, errors: tuple[Diagnostic, ...] = ()) -> None:
        self.project = project
        self.vocabulary = project.vocabulary
        self.journeys = tuple(project.journeys.values())
        self.errors = tuple(error for error in errors if error.severity is Severity.ERROR)
        self._programs: dict[str, Program] = {}
        self._facts: dict[str, Facts] = {}
        self._weeks: dict[str, Week] = {}

    # --- programs

    def program(self, journey: Journey) -> Program:
        if journey.name not in self._programs:
            self._programs[journey.name] = lower(self.project, journey)
        return self._programs[journey.name]

    def facts(self, program: Program) -> Facts:
        """Who comes where in a journey, and who takes which way: walked when first asked for.

        That takes a few milliseconds: ask only where a rule has something to ask of it.
        """
        from safar.engine.check.wonders import wonders
        from safar.engine.prove.facts import facts

        name = program.journey.name
        if name not in self._facts:
            self._facts[name] = facts(program, wonders(program))
        return self._facts[name]

    @functools.cached_property
    def whole(self) -> tuple[Program, ...]:
        """The programs of journeys of which no statement was lost: whose ways can be followed."""
        return tuple(self.program(j) for j in self.journeys if j.stages and not self._damaged(j))

    @functools.cached_property
    def clear(self) -> tuple[Program, ...]:
        """The programs of journeys without an error: what they ask is what was meant, so that it can be followed."""
        return tuple(one for one in self.whole if self.sound(one.journey))

    def sound(self, node: Node) -> bool:
        """Whether nothing inside a node was read with an error, so that what it lacks is truly missing."""
        return not any(_covers(node.span, error.span) for error in self.errors)

    def _damaged(self, journey: Journey) -> bool:
        inside = [error for error in self.errors if _covers(journey.span, error.span)]
        if len(inside) > _MOST or any(_lost(journey, error) for error in inside):
            return True
        program = self.program(journey)
        known = program.names.keys() | program.stages.keys()
        steps = (*journey.steps, *(i.reaction for i in interrupts(journey)))
        return any(isinstance(step, GoTo) and fold(step.target) not in known for step in steps)

    def week(self, program: Program) -> Week:
        """When in the week runs come to the places of a program."""
        name = program.journey.name
        if name not in self._weeks:
            self._weeks[name] = Week(program, started=fold(name) in self._started)
        return self._weeks[name]

    @functools.cached_property
    def _started(self) -> frozenset[str]:
        return frozenset(fold(step.journey) for step in self.all(Start))

    # --- nodes

    @functools.cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the project once: the vocabulary's first, then each journey's."""
        vocabulary = [getattr(self.vocabulary, field) for field in self.vocabulary.__struct_fields__]
        seen: dict[int, Node] = {}
        for node in walk((*vocabulary, self.project.journeys)):
            seen.setdefault(id(node), node)
        return tuple(seen.values())

    def all(self, kind: type[N]) -> Iterator[N]:
        """Every node of a kind."""
        return iter(self._kinds.get(kind, ()))

    @functools.cached_property
    def _kinds(self) -> dict[type, list[Any]]:
        """The nodes by their kinds, the wider ones too."""
        found: dict[type, list[Any]] = {}
        for node in self.nodes:
            for kind in _kinds(type(node)):
                found.setdefault(kind, []).append(node)
        return found

    @functools.cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every condition: of branches, interrupts, entries, patterns, cases, consents, `where`s, and declared ones."""
        found = ((node, getattr(node, field)) for node in self.nodes if (field := _asking(type(node))))
        return tuple(Asked(condition, node) for node, condition in found if isinstance(condition, Expression))

    @functools.cached_property
    def personas(self) -> tuple[str, ...]:
        return tuple(self.vocabulary.personas)

    # --- touchpoints and what answers them

    @functools.cached_property
    def met(self) -> dict[str, Touchpoint]:
        """The touchpoints that journeys meet, by folded name."""
        found = (step.touchpoint for journey in self.journeys for step in journey.steps if isinstance(step, Meet))
        return {fold(touchpoint.name): touchpoint for touchpoint in found}

    @functools.cached_property
    def done(self) -> frozenset[str]:
        """The actions that steps, touchpoints and interrupts do, by folded name."""
        return frozenset(fold(call.action) for call in self.all(Do))

    def messages(self) -> Iterator[Touchpoint]:
        """The marketing messages that journeys send."""
        return (t for t in self.met.values() if isinstance(t.contact, Send) and not t.transactional)

    def marketed(self) -> Iterator[tuple[Channel, Touchpoint]]:
        """The outbound channels that were read without an error, with the first marketing message over each."""
        first: dict[str, tuple[Channel, Touchpoint]] = {}
        for message in self.messages():
            channel = self.channel(message)
            if channel is not None and channel.outbound and self.sound(channel):
                first.setdefault(channel.name, (channel, message))
        yield from first.values()

    def markets(self, program: Program, place: int) -> Channel | None:
        """The outbound channel over which a marketing message goes out at a place; none where it has an error."""
        move = program.places[place].move
        if not isinstance(move, Deliver) or move.touchpoint.transactional or isinstance(move.touchpoint.contact, At):
            return None
        channel = self.channel(move.touchpoint)
        return channel if channel is not None and channel.outbound and self.sound(channel) else None

    def channel(self, touchpoint: Touchpoint) -> Channel | None:
        contact = touchpoint.contact
        return self.vocabulary.channels.get(contact.channel) if isinstance(contact, Send | At) else None

    @functools.cached_property
    def assumed(self) -> frozenset[str]:
        """The events that an assumption produces or that begin a run, by folded name."""
        drawn = {node.event for node in self.nodes if isinstance(node, Response | Behaviour)}
        entered = {entry.event for journey in self.journeys for entry in journey.entries}
        return frozenset(fold(name) for name in drawn | entered if name)

    def assumes(self) -> bool:
        """Whether the project says what customers do, as far as it could be read: else nothing is missing."""
        return not self.errors and any(isinstance(node, Response | Behaviour) for node in self.nodes)


def places_of(program: Program) -> dict[int, int]:
    """The place of every step, by the identity of the step."""
    return {id(place.step): place.id for place in program.places if place.step is not None}


def happenings(condition: Expression) -> Iterator[EventForm]:
    """The event forms that a condition asks for by themselves, also inside named conditions."""
    for node in walk(condition):
        if isinstance(node, Happened):
            yield node.form
        elif isinstance(node, Condition):
            yield from happenings(node.item)


def answers(touchpoint: Touchpoint) -> Iterator[Response]:
    """All lines of a touchpoint's `responds`, inner ones too."""
    return (node for node in walk(touchpoint.responds) if isinstance(node, Response))


def interrupts(journey: Journey) -> tuple[Interrupt, ...]:
    """The interrupts of a journey and of its stages."""
    return (*journey.interrupts, *(i for stage in journey.stages for i in stage.interrupts))


def rows(journey: Journey) -> Iterator[tuple[Step, ...]]:
    """The steps that follow one another: of each stage, and of each body inside it."""
    for stage in journey.stages:
        yield stage.steps
        for step in within(stage.steps):
            yield from (body.steps for body in bodies(step))


def jumped_to(journey: Journey) -> frozenset[str]:
    """The names, as steps bear them, to which a `go to` leads."""
    steps = (*journey.steps, *(interrupt.reaction for interrupt in interrupts(journey)))
    targets = {fold(step.target) for step in steps if isinstance(step, GoTo)}
    return frozenset(step.name for step in journey.steps if step.name and fold(step.name) in targets)


def _lost(journey: Journey, error: Diagnostic) -> bool:
    """Whether an error took a whole statement away: then it stands in the head of none that is left.

    A goal is nothing without the statement that it holds.
    """
    if error.code < "SF1":
        return True
    left = (*journey.steps, *interrupts(journey), *journey.goals, *journey.measures)
    inner = [node for node in left if _covers(node.span, error.span)]
    smallest = min(inner, key=lambda node: node.span.end - node.span.start, default=None)
    if smallest is None or isinstance(smallest, Goal):
        return True
    return not (isinstance(smallest, Meet) or _covers(_head(smallest.span), error.span))


def _head(span: Span) -> Span:
    """A statement without what it holds: in the DSL its first line, in YAML all that is before its first list."""
    if not span.source.path.endswith((".yaml", ".yml")):
        return first_line(span)
    item = re.search(r"\n *- ", span.text)
    return Span(span.source, span.start, span.start + item.start()) if item else span


def _covers(outer: Span, inner: Span) -> bool:
    return outer.source.path == inner.source.path and outer.start <= inner.start and inner.end <= outer.end


def first_line(span: Span) -> Span:
    """The first line of a statement, without the block it opens."""
    line = span.text.split("\n", 1)[0].split(" {", 1)[0].rstrip()
    return Span(span.source, span.start, span.start + len(line))


def name_or_line(node: Declared | Step) -> Span:
    """The name that a statement gives, or its first line."""
    return first_line(node.span) if node.name_span is NOWHERE else node.name_span


class Part(msgspec.Struct, frozen=True):
    """The map lines of a touchpoint or a stage; `around` are those of the stage that a touchpoint is met in."""

    lines: tuple[MapLine, ...]
    around: tuple[MapLine, ...] = ()


def on_the_map(subject: Subject) -> Iterator[Part]:
    """What a map shows from left to right: every stage, and every touchpoint where it is met."""
    for journey in subject.journeys:
        for stage in journey.stages:
            met = [step.touchpoint for step in within(stage.steps) if isinstance(step, Meet)]
            yield Part(stage.map_lines, tuple(line for touchpoint in met for line in touchpoint.map_lines))
            yield from (Part(touchpoint.map_lines, stage.map_lines) for touchpoint in met)


def quoted(subject: Subject) -> Iterator[Span]:
    """The words for people that are not all ASCII: the lines of titles, texts of messages and lines of the map."""
    seen: set[tuple[str, int, int]] = set()
    for node in subject.nodes:
        if not node.span.source.text.isascii():
            for span in _worded(node):
                if span.key not in seen and not span.text.isascii():
                    seen.add(span.key)
                    yield span


def _worded(node: Node) -> Iterator[Span]:
    match node:
        case MapLine() | Template():
            yield node.span
        case Declared(title=title, span=span) if title:
            offset = span.text.find(title)
            yield Span(span.source, span.start + offset, span.start + offset + len(title)) if offset >= 0 else span
