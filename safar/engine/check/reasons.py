"""Why nobody answers so at a place: what the customers who come there are like, and where that was settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from safar.engine.check.subject import first_line
from safar.engine.diagnostic import Related
from safar.engine.expression import Alternative, Expression
from safar.engine.moves import Branch
from safar.engine.source import NOWHERE, Span

if TYPE_CHECKING:
    from safar.engine.prove.conditions import Answer
    from safar.engine.prove.facts import Cause, Facts
    from safar.engine.prove.space import Variable
    from safar.engine.prove.walk import Group

_MOST_GROUPS, _MOST_PLACES = 40, 4
"""Kinds of customers, and places, that are told."""


class Reason(msgspec.Struct, frozen=True):
    """`words` say what everybody there is like; empty where that cannot be said in one breath."""

    words: str
    related: tuple[Related, ...]


def excluded(facts: Facts, groups: Sequence[Group], condition: Expression, answer: Answer) -> Reason:
    """Why nobody of these groups answers so; empty if somebody does."""
    spots: dict[tuple[str, int, int], Related] = {}
    said: set[str] = set()
    for number, group in enumerate(groups[:_MOST_GROUPS]):
        things = facts.excluded(group, condition, answer)
        if not things:
            return Reason("", ())
        said.add(" and ".join(facts.words(group.box, things)))
        for thing in things if number < _MOST_PLACES else ():
            for related in _settled(facts, group, thing):
                spots.setdefault(related.span.key, related)
    alone = said.pop() if len(said) == 1 and len(groups) <= _MOST_GROUPS else ""
    return Reason(alone, tuple(spots.values())[:_MOST_PLACES])


def _settled(facts: Facts, group: Group, thing: Variable) -> Iterator[Related]:
    cause = facts.cause(group, thing)
    span = _where(facts, cause) if cause is not None else NOWHERE
    words = facts.words(group.box, (thing,))
    if words and span is not NOWHERE:
        yield Related(f"from here on {words[0]}", span)
    for taker in _takers(facts, thing):
        yield Related("whoever meets it goes this way", first_line(taker.span))


def _takers(facts: Facts, thing: Variable) -> Iterator[Alternative]:
    """The interrupts that take everybody away who meets the event of which it is asked whether it has come."""
    from safar.engine.prove.system import implies
    from safar.engine.prove.walk import leaving

    if thing.form is not None:
        for scope in facts.system.program.scopes:
            for form, taker in leaving(scope):
                if implies(thing.form, form):
                    yield taker


def _where(facts: Facts, cause: Cause) -> Span:
    """The condition or the line of a step that settled it."""
    if cause.place is None:
        entry = cause.arc.entry if cause.arc is not None else None
        if entry is None:
            return NOWHERE
        return entry.condition.span if entry.condition is not None else first_line(entry.span)
    place = facts.system.program.places[cause.place]
    if place.step is None:
        return NOWHERE
    return place.move.condition.span if isinstance(place.move, Branch) else first_line(place.span)


def because(words: str) -> str:
    """The words as the end of a message."""
    return f": {words}" if words else ", after what came before"
