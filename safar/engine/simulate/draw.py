"""Amounts: fixed, drawn, by case; and the customers that personas describe."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from typing import Any

from safar.engine.expression import Base, Type, Value
from safar.engine.model import AmountCase, Drawn, Filled, Project
from safar.engine.names import fold
from safar.engine.simulate import chance
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.clock import Zone, utc, zone
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Situation

Amount = Callable[[Situation, Run | None, Payload, int], Value]
"""An amount made ready; the last argument is the uniform number that it is drawn with."""

_SMALLEST = {Base.MONEY: 100}
"""Money is drawn in whole smallest units of the currency."""


def between(low: Any, high: Any, u: int, base: Base) -> Value:
    """Uniform from low to high; the upper end is out, of whole numbers in."""
    share = u * 2.0**-53
    if isinstance(low, datetime.date):
        return datetime.date.fromordinal(low.toordinal() + int(share * (high.toordinal() - low.toordinal())))
    if base is Base.INTEGER:
        return int(low + int(share * (high - low + 1)))
    if isinstance(low, int) and isinstance(high, int):
        step = _SMALLEST.get(base, 1)
        return int((low + int(share * ((high - low) / step)) * step) // step * step)
    return float(low + share * (high - low))


def _about(median: Any, within: Any, u: int, base: Base) -> Value:
    """Log-normal by median and 90th percentile."""
    if median <= 0 or within <= 0:
        return kept(median, Type(base))
    x = min(chance.log_normal(float(median), float(within), u * 2.0**-53), 2.0**53)
    step = _SMALLEST.get(base, 1)
    return int(x) // step * step if isinstance(median, int) and base is not Base.NUMBER else x


def _one(drawn: Drawn, type: Type) -> Amount:
    if drawn.choices:
        ends = chance.thresholds(share for _, share in drawn.choices)
        values = [ready(value) for value, _ in drawn.choices]

        def choose(now: Situation, run: Run | None, payload: Payload, u: int) -> Value:
            for end, value in zip(ends, values, strict=True):
                if u < end:
                    return kept(value(now, run, payload), type)
            return None

        return choose
    assert drawn.value is not None
    low, high = ready(drawn.value), ready(drawn.high) if drawn.high is not None else None
    if high is None:
        return lambda now, run, payload, u: kept(low(now, run, payload), type)
    law = _about if drawn.about else between

    def draw(now: Situation, run: Run | None, payload: Payload, u: int) -> Value:
        a, b = low(now, run, payload), high(now, run, payload)
        return None if a is None or b is None else law(a, b, u, type.base)

    return draw


def amount(cases: Sequence[AmountCase], type: Type) -> Amount:
    """The amount of the first case whose condition is true; unknown if there is none."""
    ways = [(ready(c.condition) if c.condition is not None else None, _one(c.amount, type)) for c in cases]

    def draw(now: Situation, run: Run | None, payload: Payload, u: int) -> Value:
        for condition, one in ways:
            if condition is None or condition(now, run, payload) is True:
                return one(now, run, payload, u)
        return None

    return draw


Fields = Callable[[Situation, Run | None, int], Payload]
"""A payload made ready: its fields, drawn under a key."""


def payload(filled: Sequence[Filled]) -> Fields:
    """The fields that a line fills, each drawn by its own name under the line's key."""
    fields = [
        (one.field, chance.together(chance.PAYLOAD, chance.name_part(one.field)), amount(one.cases, one.type))
        for one in filled
    ]

    def draw(now: Situation, run: Run | None, key: int) -> Payload:
        return {name: one(now, run, {}, chance.uniform(chance.mix(key, part))) for name, part, one in fields}

    return draw


# --- customers


def project_zone(project: Project) -> Zone:
    """The project's time zone; UTC if there is no such zone."""
    return zone(project.settings.timezone) or utc()


def defaults(project: Project) -> dict[str, Value]:
    """Every attribute at its default, else unknown (a list: empty)."""
    return {
        one.name: () if one.type.base is Base.LIST and one.default is None else kept(one.default, one.type)
        for one in project.vocabulary.attributes.values()
    }


def zone_attribute(project: Project) -> str:
    """The name of the attribute `timezone`; empty if none is declared."""
    names = project.vocabulary.attributes
    return next((one.name for one in names.values() if fold(one.name) == "timezone"), "")


def customer_zone(name: Value, otherwise: Zone) -> Zone:
    """The zone of that name if there is one."""
    return (zone(name) if isinstance(name, str) else None) or otherwise


class Population:
    """Draws personas and attributes."""

    def __init__(self, project: Project, seed: int, start: int) -> None:
        self._seed = chance.seed_key(seed)
        self._start = start
        self._zone = project_zone(project)
        personas = tuple(project.vocabulary.personas.values())
        self._ends = chance.thresholds(persona.share for persona in personas)
        self._personas = [
            (
                persona.name,
                [(d.attribute, chance.name_part(d.attribute), amount(d.cases, d.type)) for d in persona.draws],
            )
            for persona in personas
        ]
        self._persona_part = chance.name_part("persona")
        self._defaults = defaults(project)
        declared = project.vocabulary.attributes.values()
        self._may_be_unknown = {one.name for one in declared if one.type.unknown}

    def draw(self, key: str) -> tuple[str | None, dict[str, Value]]:
        """The persona and all attributes of the customer of that key."""
        own = chance.mix(self._seed, chance.customer_part(key))
        attributes = dict(self._defaults)
        u = chance.uniform(chance.mix(own, self._persona_part))
        for end, (name, draws) in zip(self._ends, self._personas, strict=True):
            if u < end:
                now = Situation(name, attributes, self._zone, self._start)
                for attribute, part, one in draws:
                    value = one(now, None, {}, chance.uniform(chance.mix(own, part)))
                    if value is not None or attribute in self._may_be_unknown:
                        attributes[attribute] = value
                return name, attributes
        return None, attributes


class _Same:
    """A project as a key of a cache: the same only if it is one object."""

    __slots__ = ("project",)

    def __init__(self, project: Project) -> None:
        self.project = project

    def __hash__(self) -> int:
        return id(self.project)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.project is self.project


@functools.lru_cache(maxsize=8)
def _population(project: _Same, seed: int, start: int) -> Population:
    return Population(project.project, seed, start)


def draw_attributes(project: Project, seed: int, key: str, start: int = 0) -> tuple[str | None, dict[str, Value]]:
    """The persona and attributes of a generated customer; without personas all attributes at their defaults.

    `start` is what `now` and `today` mean in a persona's lines.
    """
    return _population(_Same(project), seed, start).draw(key)
