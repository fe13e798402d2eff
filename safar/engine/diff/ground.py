"""What the places of a journey stand on: declarations and settings that both versions have, and that matter to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from safar.engine.diff.renaming import Names, meant
from safar.engine.model import Event, Vocabulary
from safar.engine.names import fold
from safar.engine.program import Program

_SETTINGS = ("timezone", "week_starts", "rates", "currency")
_FIELDS = {
    "attributes": ("type", "default", "change"),
    "events": ("fields", "then_set"),
    "feeds": ("fields",),
    "actions": ("fields",),
    "occasions": ("dates",),
}
_ALWAYS = "timezone"
"""The attribute that has the customer's zone."""


def ground(old: Program, new: Program, names: Names) -> Iterator[str]:
    """What differs of what matters, in words.

    A declaration that neither version names does not matter, unless it is an event that sets an attribute which they
    name.  Channels and limits are looked at where messages are sent.
    """
    before, after = old.project.settings, new.project.settings
    yield from (f"the project's {field}" for field in _SETTINGS if getattr(before, field) != getattr(after, field))
    was, now = old.project.vocabulary, new.project.vocabulary
    named = _closed({_ALWAYS} | _named(old) | _named(new), was, now)
    for kind, fields in _FIELDS.items():
        earlier, later = _by_name(getattr(was, kind)), _by_name(getattr(now, kind))
        for name in sorted(named & earlier.keys() & later.keys()):
            if any(meant(getattr(earlier[name], one), names) != meant(getattr(later[name], one)) for one in fields):
                yield f"{kind[:-1]} `{name}`"
        if kind == "events":
            alone = (earlier.keys() ^ later.keys()) & named
            yield from (f"event `{name}`" for name in sorted(alone) if (earlier.get(name) or later[name]).then_set)


def _by_name(table: Mapping[str, Any]) -> dict[str, Any]:
    return {fold(name): one for name, one in table.items()}


def _named(program: Program) -> set[str]:
    """The names that a journey and the consents of its channels speak of, declared conditions opened."""
    journey, channels = program.journey, program.project.vocabulary.channels.values()
    found = set(_names((journey.entries, journey.interrupts, journey.goals, journey.stages)))
    return found.union(*(_names(one.consent) for one in channels if fold(one.name) in found))


def _names(value: Any) -> Iterator[str]:
    """Everything that may be a name: texts of one word are taken for one, too, which does no harm."""
    if isinstance(value, str):
        yield fold(value)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            if field not in ("span", "name_span", "target_span"):
                yield from _names(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from _names(one)


def _closed(named: set[str], *vocabularies: Vocabulary) -> set[str]:
    """With the events that set what is named, and what these speak of."""
    events = [one for vocabulary in vocabularies for one in vocabulary.events.values()]
    while True:
        more = {name for one in events if _sets(one, named) for name in _names(one)} | named
        if more == named:
            return named
        named = more


def _sets(event: Event, named: set[str]) -> bool:
    return any(fold(line.attribute) in named for line in event.then_set)
