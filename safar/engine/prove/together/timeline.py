"""Several parts laid on one customer's time line, as one script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from safar.engine.expression import Literal, Value
from safar.engine.model import Attribute, Project
from safar.engine.parts import Assign
from safar.engine.promises import Given, Scenario, Scripted, Start, Take, Trait
from safar.engine.prove.together.parts import Part
from safar.engine.simulate.clock import Zone
from safar.engine.source import NOWHERE


class Laid(msgspec.Struct, frozen=True):
    """A part that begins so many seconds later than it did alone."""

    part: Part
    shift: int

    @property
    def begins(self) -> int:
        """Its first instant that counts, as far as nobody meddles."""
        return self.part.begins + self.shift

    @property
    def ends(self) -> int:
        return self.part.ends + self.shift

    @property
    def starts(self) -> int:
        return self.part.began + self.shift


class Person(msgspec.Struct, frozen=True):
    """Who the customer is, as far as several journeys ask: his persona, and what is fixed."""

    persona: str = ""
    fixed: Mapping[str, Value] = {}


def scenario(project: Project, laid: Sequence[Laid], person: Person, zone: Zone) -> Scenario:
    """One script of all parts.  What one part needs of an attribute and another part changes is set again before."""
    start = min(one.starts for one in laid) // 60 * 60
    first = laid[0].part.scenario
    lines = [*_changes(project, laid, start), *_events(laid, start, _keys(project, laid))]
    lines.sort(key=lambda line: (line.after, line.change is None))
    date = zone.date(start)
    takes = {f"{one.part.name}.{take.split}": take.arm for one in reversed(laid) for take in one.part.scenario.takes}
    return Scenario(
        span=NOWHERE,
        title="a customer",
        journey=first.journey,
        persona=person.persona or next((one.part.scenario.persona for one in laid if one.part.scenario.persona), ""),
        traits=tuple(_traits(project, laid, person)),
        start=Start(span=NOWHERE, date=date, at=zone.time(start)),
        takes=tuple(Take(span=NOWHERE, split=split, arm=arm) for split, arm in takes.items()),
        script=tuple(lines),
    )


# --- who he is


def _traits(project: Project, laid: Sequence[Laid], person: Person) -> Iterator[Trait]:
    attributes = project.vocabulary.attributes
    initial: dict[str, Value] = {}
    for one in sorted(laid, key=lambda one: -one.starts):
        initial |= {trait.attribute: _value(trait.value) for trait in one.part.scenario.traits}
    initial |= person.fixed
    for name, value in initial.items():
        if value is not None:
            yield Trait(span=NOWHERE, attribute=name, value=literal(value, attributes[name]))


def _value(written: object) -> Value:
    assert isinstance(written, Literal)
    return written.value


def literal(value: Value, attribute: Attribute) -> Literal:
    return Literal(span=NOWHERE, type=attribute.type.but(unknown=False), value=value)


# --- what changes


def _changes(project: Project, laid: Sequence[Laid], start: int) -> Iterator[Scripted]:
    """Before each instant at which a part goes on, the attributes it asks for as it had them alone."""
    attributes = project.vocabulary.attributes
    contested = [name for name in attributes if attributes[name].change != "fixed" and _is_contested(name, laid)]
    if not contested:
        return
    told: dict[str, Value] = {}
    every = sorted(
        ((at + one.shift, number, values, one) for number, one in enumerate(laid) for at, values in one.part.moments),
        key=lambda moment: moment[:2],
    )
    for at, _, values, one in every:
        for name in contested:
            if name in _asked(one.part) and (name not in told or told[name] != values.get(name)):
                told[name] = values.get(name)
                value = literal(told[name], attributes[name])
                change = Assign(span=NOWHERE, attribute=name, value=value)
                yield Scripted(span=NOWHERE, after=at - start, change=change)


def _asked(part: Part) -> frozenset[str]:
    space = part.system.space
    names = {str(one.key[1]) for one in space.variables if one.key[0] == "attribute"}
    return frozenset(names.union(*(one.needs for one in space.variables)))


def _is_contested(name: str, laid: Sequence[Laid]) -> bool:
    """Whether parts need different values, or somebody changes what another part needs."""
    asking = [one for one in laid if name in _asked(one.part)]
    seen = {_hashable(values.get(name)) for one in asking for _, values in one.part.moments}
    return bool(asking) and (len(seen) > 1 or any(_changes_it(name, one.part) for one in laid))


def _changes_it(name: str, part: Part) -> bool:
    return len({_hashable(values.get(name)) for _, values in part.moments}) > 1


def _hashable(value: Value) -> object:
    return repr(value)


# --- what happens


Renamed = Mapping[tuple[int, str, object], Value]
"""New values of key fields, by the number of the part, the field and the old value."""


def _events(laid: Sequence[Laid], start: int, renamed: Renamed) -> Iterator[Scripted]:
    for number, one in enumerate(laid):
        own = one.part.scenario
        if own.start is not None and own.start.event:
            payload = _given(own.start.payload, number, renamed)
            yield Scripted(span=NOWHERE, after=one.starts - start, event=own.start.event, payload=payload)
        for line in own.script:
            if line.change is not None and _is_told_elsewhere(line, laid):
                continue
            after = one.starts + line.after - start
            yield msgspec.structs.replace(line, after=after, payload=_given(line.payload, number, renamed))


def _is_told_elsewhere(line: Scripted, laid: Sequence[Laid]) -> bool:
    assert line.change is not None
    return _is_contested(line.change.attribute, laid)


def _given(payload: tuple[Given, ...], number: int, renamed: Renamed) -> tuple[Given, ...]:
    return tuple(
        msgspec.structs.replace(one, value=msgspec.structs.replace(one.value, value=renamed[key]))
        if isinstance(one.value, Literal) and (key := (number, one.field, one.value.value)) in renamed
        else one
        for one in payload
    )


def _keys(project: Project, laid: Sequence[Laid]) -> Renamed:
    """Keys are new in each part: an event with a key seen before would be set aside."""
    fields = {field.name for event in project.vocabulary.events.values() for field in event.fields if field.key} | {
        entry.per for one in laid for entry in one.part.system.program.journey.entries if entry.per
    }
    renamed: dict[tuple[int, str, object], Value] = {}
    for number, one in enumerate(laid):
        own = one.part.scenario
        start = own.start.payload if own.start is not None else ()
        for given in (*start, *(given for line in own.script for given in line.payload)):
            if given.field in fields and isinstance(given.value, Literal):
                key = number, given.field, given.value.value
                if key not in renamed:
                    renamed[key] = _fresh(given.value.value, len(renamed) + 1)
    return renamed


def _fresh(old: Value, number: int) -> Value:
    if isinstance(old, str):
        return f"A{number}"
    return number if isinstance(old, int) and not isinstance(old, bool) else old
