"""Runs side by side: with `enter ... per F` a customer is in a journey once for each value of F, as often as he likes.

So whoever comes to one X comes to any number of them: more events, with other values of F, at the same instants.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from safar.engine.expression import Literal, Value
from safar.engine.model import Event, Field
from safar.engine.program import Program
from safar.engine.promises import Claim, Given, Scenario, Scripted
from safar.engine.prove.choose import example
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.guide import Manner
from safar.engine.prove.replay import Replayer, Seen
from safar.engine.prove.sending import DAY
from safar.engine.prove.system import System
from safar.engine.prove.trail import Trail
from safar.engine.prove.verdict import Counterexample
from safar.engine.source import NOWHERE


def is_side_by_side(program: Program) -> bool:
    """Whether a customer may be in a journey several times at once."""
    return any(entry.per for entry in program.journey.entries)


class SeveralRuns(Replayer):
    """Replays what one run does in so many runs side by side."""

    def __init__(self, system: System, claim: Claim, runs: int) -> None:
        super().__init__(system, claim)
        self._runs = runs
        self._gap = 0

    def refutation(self, steps: Trail, watch: Watch) -> Counterexample | None:
        """All runs at once; else one after another, so far apart that limits let their messages through."""
        for gap in (0, *self._windows()):
            self._gap = gap
            found = super().refutation(steps, watch)
            if found is not None:
                return found
        return None

    def _windows(self) -> list[int]:
        vocabulary = self._system.project.vocabulary
        limits = [cap for channel in vocabulary.channels.values() for cap in channel.caps]
        limits += [cap for limit in vocabulary.limits.values() for cap in limit.caps]
        return sorted({cap.window or DAY for cap in limits})

    def _guided(self, steps: Trail, manner: Manner) -> Scenario | None:
        scenario = super()._guided(steps, manner)
        return multiplied(self._system.program, scenario, self._runs, self._gap) if scenario is not None else None

    def _seen(self, scenario: Scenario, **how: Any) -> Seen | None:
        """What a scenario breaks; None too where a run begins without a value of its own, which is hard to read."""
        pers = _pers(self._system.program)
        lines = (scenario.start, *scenario.script)
        begins = [one for one in lines if one is not None and one.event in pers]
        told = all(pers[one.event] in {given.field for given in one.payload} for one in begins)
        return super()._seen(scenario, **how) if told else None


def _pers(program: Program) -> dict[str, str]:
    """The events that begin runs side by side, each with its field."""
    return {one.event: one.per for one in program.journey.entries if one.per}


def multiplied(program: Program, scenario: Scenario, runs: int, gap: int = 0) -> Scenario:
    """The scenario with each event that belongs to its run as often as there shall be runs, each with its own value;
    each run `gap` seconds after the one before."""
    start = scenario.start
    pers = _pers(program)
    if start is None or start.event not in pers:
        return scenario
    events, per = program.project.vocabulary.events, pers[start.event]
    first = Scripted(span=NOWHERE, after=0, event=start.event, payload=start.payload)
    apart = range(gap, gap * runs, gap) if gap else [0] * (runs - 1)
    script = list(_others(first, events[start.event], per, apart))
    for line in scenario.script:
        script.append(line)
        event = events.get(line.event)
        if event is not None and any(field.name == per for field in event.fields):
            script += _others(line, event, per, apart)
    return msgspec.structs.replace(scenario, script=tuple(sorted(script, key=operator.attrgetter("after"))))


def _others(line: Scripted, event: Event, per: str, apart: Iterable[int]) -> Iterator[Scripted]:
    """The event of each other run, so many seconds later; what is a key is another each time, too."""
    own = [field for field in event.fields if field.name == per or field.key]
    told = {given.field: given.value for given in line.payload}
    for number, later in enumerate(apart, 1):
        anew = {field.name: _another(field, told.get(field.name), number) for field in own}
        rest = tuple(given for given in line.payload if given.field not in anew)
        given = tuple(Given(span=NOWHERE, field=name, value=value) for name, value in anew.items() if value is not None)
        yield msgspec.structs.replace(line, after=line.after + later, payload=(*given, *rest))


def _another(field: Field, told: object, number: int) -> Literal | None:
    """Another value of a field; None where there are not so many."""
    value: Value = told.value if isinstance(told, Literal) else example(field.type)
    match value:
        case bool():
            value = (not value) if number == 1 else None
        case int() | float():
            value += number
        case datetime.date():
            value += datetime.timedelta(days=number)
        case str() if field.type.options:
            left = [one for one in field.type.options if one != value]
            value = left[number - 1] if number <= len(left) else None
        case str():
            value = f"{value}.{number + 1}"
        case _:
            value = None
    return Literal(span=NOWHERE, type=field.type.but(unknown=False), value=value) if value is not None else None
