"""A customer of one version as the other knows him: what it does not know does not happen there."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from safar.engine.diff.renaming import Names
from safar.engine.expression import Base, Literal, Type
from safar.engine.model import Attribute, Event, Field
from safar.engine.moves import Draw
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Given, Scenario, Scripted, Start, Take
from safar.engine.source import NOWHERE

_Named = TypeVar("_Named", Attribute, Event, Field)


class Version:
    """One version; `back` leads from the names that scenarios are told in to its own."""

    def __init__(self, program: Program, back: Names) -> None:
        vocabulary = program.project.vocabulary
        self._journey, self._back = program.journey.name, back
        self._attributes = _by_name(vocabulary.attributes)
        self._events = _by_name(vocabulary.events)
        self._personas = {fold(name): name for name in vocabulary.personas}
        self._splits = {
            fold(place.move.split): (place.move.split, tuple(arm.name for arm in place.move.arms))
            for place in program.places
            if isinstance(place.move, Draw)
        }

    def scenario(self, told: Scenario) -> Scenario:
        """The same customer, in this version's names, with an arm for every split."""
        start = told.start
        assert start is not None
        return msgspec.structs.replace(
            told,
            journey=self._journey,
            persona=self._personas.get(fold(told.persona), ""),
            traits=tuple(
                one for one in told.traits if self._fits(self._attributes.get(fold(one.attribute)), one.value)
            ),
            start=self._start(start),
            takes=tuple(self._takes(told.takes)),
            script=tuple(one for line in told.script if (one := self._line(line)) is not None),
            expects=(),
        )

    def _start(self, start: Start) -> Start:
        event = self._events.get(fold(start.event))
        if event is None:
            return msgspec.structs.replace(start, event="", payload=())
        return msgspec.structs.replace(start, event=event.name, payload=self._given(event, start.payload))

    def _takes(self, told: tuple[Take, ...]) -> list[Take]:
        wanted = {self._back.step(one.split): one for one in told}
        found = []
        for key, (split, arms) in self._splits.items():
            take = wanted.get(key)
            arm = next((one for one in arms if take is not None and fold(one) == fold(take.arm)), arms[0])
            found.append(Take(span=NOWHERE, split=split, arm=arm))
        return found

    def _line(self, line: Scripted) -> Scripted | None:
        if line.change is not None:
            attribute = self._attributes.get(fold(line.change.attribute))
            return line if self._fits(attribute, line.change.value) else None
        event = self._events.get(fold(line.event))
        if event is None:
            return None
        answers = self._back.step(line.answers) if line.answers else None
        return msgspec.structs.replace(
            line, event=event.name, answers=answers, payload=self._given(event, line.payload)
        )

    def _given(self, event: Event, given: tuple[Given, ...]) -> tuple[Given, ...]:
        fields = _by_name({one.name: one for one in event.fields})
        return tuple(one for one in given if self._fits(fields.get(fold(one.field)), one.value))

    @staticmethod
    def _fits(declared: Attribute | Field | None, value: object) -> bool:
        """Whether a value is one of those that the declared thing takes."""
        if declared is None or not isinstance(value, Literal):
            return False
        if value.value is None:
            return declared.type.unknown
        return _kind(value.type) == _kind(declared.type) and (
            declared.type.base is not Base.ONE_OF or value.value in declared.type.options
        )


def _kind(type: Type) -> tuple[Base, str, object]:
    return type.base, type.currency, _kind(type.item) if type.item is not None else None


def _by_name(table: dict[str, _Named]) -> dict[str, _Named]:
    return {fold(name): one for name, one in table.items()}
