"""Patterns made ready: what ends a wait or a loop, and what interrupts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine.expression import Alternative, Pattern
from safar.engine.names import fold
from safar.engine.simulate.evaluate import Matching, form_name, matching, ready
from safar.engine.simulate.history import NOTHING, Name, Record
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Reading, Situation
from safar.engine.simulate.track import Standing

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life


def _heard(one: Alternative) -> Matching:
    """Whether a record of the alternative's event is one that it is about; its fields are at hand in its `if`."""
    assert one.form is not None
    matches = matching(one.form)
    if one.condition is None:
        return matches
    condition = ready(one.condition)
    return lambda now, run, record: matches(now, run, record) and condition(now, run, record.payload) is True


def by_name(pattern: Pattern) -> Iterator[tuple[Name, Matching]]:
    """The alternatives that are events, in order, each with the name it is about."""
    for one in pattern.alternatives:
        if one.form is not None:
            yield form_name(one.form), _heard(one)


def hears(pattern: Pattern) -> Matching:
    """Whether a record is what one of the alternatives is about."""
    ways = list(by_name(pattern))

    def heard(now: Situation, run: Run | None, record: Record) -> bool:
        return any(name == record.name and matches(now, run, record) for name, matches in ways)

    return heard


def conditions(pattern: Pattern) -> list[Reading]:
    """The alternatives that are conditions."""
    return [ready(one.condition) for one in pattern.alternatives if one.form is None and one.condition is not None]


def _answered(one: Alternative) -> Standing:
    """Whether an answer to a touchpoint's latest visit has come before."""
    assert one.form is not None
    name, matches, place = form_name(one.form), _heard(one), fold(one.form.answers or "")

    def stands(life: Life, run: Run) -> bool:
        if place not in run.delivered:
            return False
        since = run.delivered[place][0]
        return any(
            matches(life, run, record)
            for record in itertools.takewhile(lambda record: record.number > since, life.history.latest(name))
        )

    return stands


def holds(pattern: Pattern) -> Standing:
    """Whether one of the conditions is true."""
    ways = conditions(pattern)
    return lambda life, run: any(way(life, run, NOTHING) is True for way in ways)


def stands(pattern: Pattern) -> Standing | None:
    """Whether the pattern holds already when something begins to wait for it; None if it never can."""
    ways: list[Standing] = []
    for one in pattern.alternatives:
        if one.form is None and one.condition is not None:
            ways.append(holds(Pattern(span=pattern.span, alternatives=(one,))))
        elif one.form is not None and one.form.answers:
            ways.append(_answered(one))
    return (lambda life, run: any(way(life, run) for way in ways)) if ways else None
