"""Values at which conditions turn: the constants that attributes are compared with, and the values beside them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from safar.engine.cover.walk import Walk
from safar.engine.expression import Base, Expression, Literal, Value
from safar.engine.moves import Branch
from safar.engine.names import fold
from safar.engine.parts import Assign
from safar.engine.promises import Given, Scenario, Scripted, Trait
from safar.engine.prove.classes import is_ordered
from safar.engine.prove.conditions import atoms
from safar.engine.prove.labels import Broken
from safar.engine.prove.space import Variable
from safar.engine.prove.system import System
from safar.engine.source import NOWHERE, Span

ENTRY = "entry"


class Turn(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """At a place (-1: the entry) with a value, in the class of that number; `part` is its number among all parts."""

    part: int
    place: int
    node: str
    variable: Variable
    number: int
    value: Value
    span: Span

    @property
    def attribute(self) -> str:
        return str(self.variable.key[1])

    @property
    def bits(self) -> int:
        return self.variable.bits((self.number,))


def turns(system: System, first: int) -> list[Turn]:
    """All of a journey: those of its `enter` lines, then of its branches in order of places."""
    asked = [(-1, ENTRY, one.condition) for one in system.program.journey.entries if one.condition is not None]
    for number in sorted(system.program.reachable()):
        place = system.program.places[number]
        if isinstance(place.move, Branch):
            asked.append((number, place.node, place.move.condition))
    found = [
        (place, node, variable, value, condition.span)
        for place, node, condition in asked
        for variable, value in dict.fromkeys(_values(system, condition))
    ]
    return [
        Turn(part=part, place=place, node=node, variable=one, number=one.class_of(value) or 0, value=value, span=span)
        for part, (place, node, one, value, span) in enumerate(found, first)
    ]


def _values(system: System, condition: Expression) -> Iterator[tuple[Variable, Value]]:
    """Each constant that an attribute is compared with, and the values just below and above."""
    attributes = system.project.vocabulary.attributes
    for atom in atoms(condition):
        variable = system.space.by_key.get(atom.key)
        if variable is None or atom.key[0] != "attribute":
            continue
        attribute = attributes[str(atom.key[1])]
        if is_ordered(attribute.type) and attribute.type.base is not Base.YES_NO and not attribute.private:
            for constant in atom.constants:
                yield from ((variable, value) for value in _beside(constant) if variable.class_of(value) is not None)


def _beside(constant: Value) -> tuple[Value, ...]:
    """A value with its neighbours; of numbers with a fraction, which have none, others near it."""
    if isinstance(constant, datetime.date):
        day = datetime.timedelta(days=1)
        return constant - day, constant, constant + day
    if isinstance(constant, float):
        return constant - abs(constant) / 8, constant, constant + abs(constant) / 8
    return (constant - 1, constant, constant + 1) if isinstance(constant, int) else (constant,)


def turning(system: System, walk: Walk, turn: Turn) -> Iterator[Broken]:
    """Those who go on at a turn's place, as far as their value is the one."""
    rest = system.space.full & ~turn.variable.field
    for (place, arc), ways in walk.ways.items():
        if place == turn.place:
            for label, _, box in ways:
                if box & turn.bits:
                    yield Broken(label, arc, box & (rest | turn.bits))


def nudged(system: System, scenario: Scenario, turn: Turn) -> Iterator[Scenario]:
    """The scenario with the turn's own value wherever another of its class stands that may become it; then also with
    that value from the beginning."""
    replace = msgspec.structs.replace
    script = tuple(
        replace(line, payload=_given(line.payload, turn), change=_change(line, turn)) for line in scenario.script
    )
    start = scenario.start
    if start is not None:
        start = replace(start, payload=_given(start.payload, turn))
    others = tuple(one for one in scenario.traits if fold(one.attribute) != fold(turn.attribute))
    traits = tuple(_trait(one, turn) for one in scenario.traits)
    yield replace(scenario, traits=traits, script=script, start=start)
    type = system.project.vocabulary.attributes[turn.attribute].type.but(unknown=False)
    own = Trait(span=NOWHERE, attribute=turn.attribute, value=Literal(span=NOWHERE, type=type, value=turn.value))
    yield replace(scenario, traits=(*others, own), script=script, start=start)


def _trait(one: Trait, turn: Turn) -> Trait:
    own = fold(one.attribute) == fold(turn.attribute)
    return msgspec.structs.replace(one, value=_value(one.value, turn)) if own else one


def _change(line: Scripted, turn: Turn) -> Assign | None:
    change = line.change
    if change is None or fold(change.attribute) != fold(turn.attribute):
        return change
    return msgspec.structs.replace(change, value=_value(change.value, turn))


def _given(payload: tuple[Given, ...], turn: Turn) -> tuple[Given, ...]:
    return tuple(msgspec.structs.replace(one, value=_value(one.value, turn)) for one in payload)


def _value(value: Expression, turn: Turn) -> Expression:
    if not isinstance(value, Literal) or type(value.value) is not type(turn.value):
        return value
    same = turn.variable.class_of(value.value) == turn.number
    return msgspec.structs.replace(value, value=turn.value) if same else value
