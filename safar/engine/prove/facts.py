"""Facts of one journey: who comes where, who takes which way, who answers a condition so.

What nobody does here nobody can do: that is a proof.  What somebody does may need what the walk does not tell: the
history, the clock, sums; so that it is shown by a replayed customer, or not said.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from safar.engine.expression import Base, Expression, Type
from safar.engine.program import Program
from safar.engine.prove.arcs import Arc
from safar.engine.prove.changes import Guard, forwards
from safar.engine.prove.conditions import Answer
from safar.engine.prove.described import described
from safar.engine.prove.space import Variable
from safar.engine.prove.system import System
from safar.engine.prove.walk import AGAIN, COMES, RESTS, Group, Walk

APART, JOINED = 16, 60
"""Work for each place, of a walk with boxes kept apart and of one with joined boxes, beyond which it is given up."""
LEAST = 15_000
"""Work that every journey may take."""
MOST_WAYS, MOST_TOLD = 40, 1_000_000
"""Ways for each place, interrupts among them, and ways times events asked for: beyond that nothing is looked at."""

Asked = Mapping[int, Iterable[Expression]]
"""Conditions by the number of the place at which they will be asked."""


class Who(NamedTuple):
    """Some customers: a box, and the group from which they are."""

    box: int
    group: Group


class Cause(NamedTuple):
    """Where a thing became what it is: on an arc out of a place (None: as a rest began there), or on the way in."""

    place: int | None
    arc: Arc | None


class Facts:
    """What is known of one journey.

    - `told`: False where it would have taken too much work: then everything seems possible everywhere.
    - `exact`: whether boxes were kept apart.
    """

    def __init__(
        self, make: Callable[[], System], groups: Mapping[tuple[int, int], list[Group]], *, exact: bool, told: bool
    ) -> None:
        self._make, self.exact, self.told = make, exact, told
        self._groups = groups

    @functools.cached_property
    def system(self) -> System:
        """The transition system that was walked; where nothing is told, made only if it is asked for."""
        return self._make()

    # --- who comes where

    def comes(self, place: int) -> tuple[Group, ...]:
        """Who comes to a place of the program (not a jump: `program.resolve`), at the instant he comes."""
        return (*self._at(place, COMES), *self._at(place, AGAIN))

    def rests(self, place: int) -> tuple[Group, ...]:
        """Who rests at a place, as he may be when something wakes him."""
        return self._at(place, RESTS)

    def is_reached(self, place: int) -> bool:
        return bool(self.comes(place))

    def _at(self, place: int, phase: int) -> tuple[Group, ...]:
        if not self.told:
            return (Group(place, phase, self.system.space.full, None, None),)
        return tuple(self._groups.get((place, phase), ()))

    # --- who goes where

    def takes(self, place: int, arc: Arc) -> Iterator[Who]:
        """Who takes an arc of a place's station, as he is when it is taken."""
        station = self.system.station(place)
        loop = station.loop
        if any(one is arc for one in (*station.rest, *station.asides)):
            groups = self.rests(place)
        elif loop is None:
            groups = self.comes(place)
        else:
            groups = self._at(place, AGAIN if arc is loop.done else COMES)
        begins = loop.begins if loop is not None and arc is loop.round else ()
        for group in groups:
            for box in forwards((*begins, *arc.changes), group.box):
                yield Who(box, group)

    def is_taken(self, place: int, arc: Arc) -> bool:
        return next(self.takes(place, arc), None) is not None

    def who(self, place: int, condition: Expression, answer: Answer, *, rested: bool = False) -> Iterator[Who]:
        """Who answers a condition so when he comes to a place, or (`rested`) when he is woken there.

        The condition is one that the journey asks at that place, or one of those that the facts were made with.
        """
        guard = self.system.guard(condition, answer, self._stage(place))
        for group in self.rests(place) if rested else self.comes(place):
            for box in guard.after(group.box):
                yield Who(box, group)

    # --- why

    def excluded(self, group: Group, condition: Expression, answer: Answer) -> tuple[Variable, ...]:
        """The things because of which nobody of a group answers so, one for each way to; empty if somebody does."""
        return self.barred(group.box, self.system.guard(condition, answer, self._stage(group.place)))

    def barred(self, box: int, guard: Guard) -> tuple[Variable, ...]:
        """The things because of which nobody in a box gets through, one for each way to; empty if somebody does."""
        found: dict[Variable, None] = {}
        for way in guard.lets():
            things = [one for one in self.system.space.variables if not box & way & one.field]
            if not things:
                return ()
            found.setdefault(next((one for one in things if one in found), things[0]))
        return tuple(found)

    def _stage(self, place: int) -> str:
        return self.system.program.places[place].stage

    def cause(self, group: Group, thing: Variable) -> Cause | None:
        """Where a thing became what it is in a group, on one way there; None where it always was so."""
        field = thing.field
        while True:
            while group.parts:
                group = group.parts[0]
            was = group.parent.box if group.parent is not None else self.system.space.full
            if was & field & ~group.box:
                place = group.parent.place if group.parent is not None else None
                return Cause(place, group.arc)
            if group.parent is None:
                return None
            group = group.parent

    def words(self, box: int, things: Iterable[Variable]) -> tuple[str, ...]:
        """What a box says of some things, such as "`customer.orders` is at most 2"."""
        return tuple(text for one in things if (text := described(one, box, self._type(one))))

    def _type(self, thing: Variable) -> Type:
        match thing.key:
            case ("attribute", str() as name):
                return self.system.project.vocabulary.attributes[name].type
            case ("persona",):
                return Type(Base.PERSONA)
        return thing.expression.type if thing.expression is not None else Type(Base.TEXT)


def facts(program: Program, asked: Asked = types.MappingProxyType({})) -> Facts:
    """Walk a journey; `asked` are conditions that will be asked at places beyond what the journey asks there."""
    made = functools.cache(lambda: System(program, conditions=tuple(one for each in asked.values() for one in each)))
    size, ways = len(program.places), _ways(program)
    if ways > LEAST + size * MOST_WAYS or ways * len(made().space.told) > MOST_TOLD:
        return Facts(made, {}, exact=False, told=False)
    fields = {place: _fields(made(), several) for place, several in asked.items()}
    for joined, work in ((False, APART), (True, JOINED)):
        walk = Walk(made(), fields, joined=joined)
        if walk.run(LEAST + size * work):
            return Facts(made, walk.groups, exact=not joined, told=True)
    return Facts(made, {}, exact=False, told=False)


def _ways(program: Program) -> int:
    """The number of ways, each interrupt at each place at which it may come among them."""
    handlers = [len(scope.handlers) for scope in program.scopes]
    for scope in program.scopes:
        handlers[scope.id] += handlers[scope.parent] if scope.parent >= 0 else 0
    resting = sum(handlers[place.scope] for place in program.places if program.rests(place.id))
    return resting + sum(map(len, program.onward))


def _fields(system: System, conditions: Iterable[Expression]) -> int:
    fields = 0
    for condition in conditions:
        fields |= system.guard(condition, Answer.YES).fields | system.guard(condition, Answer.NOT_YES).fields
    return fields


__all__ = ["Asked", "Cause", "Facts", "Who", "facts"]
