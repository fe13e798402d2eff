"""A customer bent a little: other values where conditions differ, other times, and events once more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from safar.engine.check.truth import Case
from safar.engine.diff.looser import differing
from safar.engine.diff.renaming import Names
from safar.engine.diff.same import Parting
from safar.engine.expression import (
    Attribute,
    EntryField,
    Expression,
    Happened,
    Heard,
    Literal,
    PayloadField,
    Persona,
    Value,
)
from safar.engine.model import Event, Interrupt
from safar.engine.names import fold
from safar.engine.parts import Assign
from safar.engine.program import Program
from safar.engine.promises import Given, Scenario, Scripted, Start, Trait
from safar.engine.source import NOWHERE

_HOUR, _DAY = 3_600, 86_400
_MOST_CASES = 12
_LONGEST = 400 * _DAY
replace = msgspec.structs.replace


# --- by the conditions that differ


def by_conditions(
    base: Scenario, old: Program, new: Program, names: Names, partings: tuple[Parting, ...]
) -> Iterator[Scenario]:
    """The customer as somebody whom one version lets through, and the other does not."""
    personas = tuple(new.project.vocabulary.personas)
    pairs = [one.conditions for one in partings if one.conditions is not None]
    pairs += [
        (one.condition, other.condition)
        for one, other in zip(old.journey.entries, new.journey.entries, strict=False)
        if one.condition is not None or other.condition is not None
    ]
    for before, after in pairs:
        for case in differing(before, after, personas, names, _MOST_CASES):
            yield from _in_case(base, case, new)


def _in_case(base: Scenario, case: Case, program: Program) -> Iterator[Scenario]:
    at_first = base
    for part, value in case.items():
        at_first = _with(at_first, part, value, program)
    yield at_first
    later = tuple(
        Scripted(span=NOWHERE, after=1, change=Assign(span=NOWHERE, attribute=part.name, value=_literal(part, value)))
        for part, value in case.items()
        if isinstance(part, Attribute) and not isinstance(value, str | None)
    )
    if later:
        yield replace(at_first, script=(*later, *at_first.script))


def _literal(part: Expression, value: Value) -> Literal:
    return Literal(span=NOWHERE, type=part.type.but(unknown=False), value=value)


def _with(base: Scenario, part: Expression, value: Value, program: Program) -> Scenario:
    match part:
        case Attribute(name=name):
            others = tuple(one for one in base.traits if fold(one.attribute) != fold(name))
            script = tuple(one for one in base.script if one.change is None or fold(one.change.attribute) != fold(name))
            trait = Trait(span=NOWHERE, attribute=name, value=_literal(part, value))
            return replace(_set_by_start(base, part, value, program), traits=(*others, trait), script=script)
        case Persona():
            return replace(base, persona=value if isinstance(value, str) else "")
        case EntryField(field=field):
            return _with_field(base, field, _literal(part, value))
        case Happened(form=form) if form.kind is Heard.EVENT and value is True:
            line = Scripted(span=NOWHERE, after=1, event=form.name, answers=form.answers)
            return replace(base, script=(line, *base.script))
    return base


def _with_field(base: Scenario, field: str, value: Literal) -> Scenario:
    start = base.start
    assert start is not None
    others = tuple(one for one in start.payload if fold(one.field) != fold(field))
    given = Given(span=NOWHERE, field=field, value=value)
    return replace(base, start=replace(start, payload=(*others, given)))


def _set_by_start(base: Scenario, part: Attribute, value: Value, program: Program) -> Scenario:
    """Where the event that begins the run sets the attribute from a field, the field says so."""
    event = _event(program, base.start)
    for line in event.then_set if event is not None else ():
        if fold(line.attribute) == fold(part.name) and isinstance(line.value, PayloadField):
            return _with_field(base, line.value.field, _literal(part, value))
    return base


def _event(program: Program, start: Start | None) -> Event | None:
    wanted = fold(start.event) if start is not None else ""
    return next((one for one in program.project.vocabulary.events.values() if fold(one.name) == wanted), None)


# --- by the time at which he comes, and by coming again


def by_time(base: Scenario, old: Program, new: Program) -> Iterator[Scenario]:
    """The customer at other hours and on other days; then coming again, as soon as either version lets him."""
    start = base.start
    assert start is not None
    for at in (*range(0, 24 * _HOUR, _HOUR), *range(_HOUR // 2, 24 * _HOUR, _HOUR)):
        yield replace(base, start=replace(start, at=at))
    for days in range(1, 8):
        yield replace(base, start=replace(start, date=start.date + datetime.timedelta(days=days)))
    if start.event:
        yield from _again(base, start, old, new)


def _again(base: Scenario, start: Start, old: Program, new: Program) -> Iterator[Scenario]:
    event = _event(new, start) or _event(old, start)
    keys = {fold(one.name) for one in event.fields if one.key} if event is not None else set()
    last = max((one.after for one in base.script), default=0)
    gaps = {one.journey.reenter.after for one in (old, new) if one.journey.reenter is not None}
    length = max(last, *(one.journey.horizon for one in (old, new)))
    pauses = sorted(
        {60, _HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 8 * _DAY, 31 * _DAY, last + _HOUR, last + _DAY, *gaps, length}
    )
    for pause in pauses:
        for times in (1, 2, 4, 8):
            lines = tuple(
                Scripted(
                    span=NOWHERE, after=number * pause, event=start.event, payload=_keyed(start.payload, keys, number)
                )
                for number in range(1, times + 1)
                if 0 < number * pause <= _LONGEST
            )
            if lines:
                yield replace(base, script=tuple(sorted((*base.script, *lines), key=lambda one: one.after)))


def _keyed(payload: tuple[Given, ...], keys: set[str], number: int) -> tuple[Given, ...]:
    """A key is another at each time."""
    return tuple(replace(one, value=_other(one.value, number)) if fold(one.field) in keys else one for one in payload)


def _other(value: Expression, number: int) -> Expression:
    if not isinstance(value, Literal):
        return value
    if isinstance(value.value, str):
        return replace(value, value=f"{value.value}-{number}")
    return replace(value, value=value.value + 1_000 * number) if isinstance(value.value, int) else value


# --- by events that either version listens for


def by_events(base: Scenario, old: Program, new: Program) -> Iterator[Scenario]:
    """The customer with one event more, at instants around those at which goals and waits end."""
    names = dict.fromkeys(
        fold(form.name)
        for program in (old, new)
        for form in (*(goal.on for goal in program.journey.goals), *(one.form for one in _interrupts(program)))
        if form is not None and form.kind is Heard.EVENT
    )
    known = {fold(one.name) for one in new.project.vocabulary.events.values()}
    days = {goal.within for program in (old, new) for goal in program.journey.goals if goal.within is not None}
    ends = {at + shift for at in days for shift in (-_HOUR, _HOUR)}
    last = max((one.after for one in base.script), default=0)
    moments = sorted({60, _HOUR, _DAY, 3 * _DAY, last + _HOUR, last + _DAY, *ends})
    for name in names:
        for at in moments if name in known else ():
            line = Scripted(span=NOWHERE, after=at, event=name)
            yield replace(base, script=tuple(sorted((*base.script, line), key=lambda one: one.after)))


def _interrupts(program: Program) -> Iterator[Interrupt]:
    yield from program.journey.interrupts
    for stage in program.journey.stages:
        yield from stage.interrupts
