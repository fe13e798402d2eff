"""A counterexample made as small as can be: everything is left out that it does without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from safar.engine.expression import Literal
from safar.engine.promises import Scenario, Trait

MOST_TRIED = 120
"""Smaller scenarios that are tried; what is left then stays."""

_PARTS = ("script", "traits")


def shrunk(scenario: Scenario, breaks: Callable[[Scenario], bool]) -> Scenario:
    """The smallest scenario found that still breaks the rule: parts are left out by halves, then one by one."""
    return _Shrinking(breaks).smallest(scenario)


class _Shrinking:
    def __init__(self, breaks: Callable[[Scenario], bool]) -> None:
        self._breaks = breaks
        self._left = MOST_TRIED

    def smallest(self, scenario: Scenario) -> Scenario:
        before = None
        while scenario != before and self._left > 0:
            before = scenario
            for part in _PARTS:
                scenario = self._fewer(scenario, part)
            scenario = self._first(scenario, _plainer(scenario))
        return scenario

    def _fewer(self, scenario: Scenario, part: str) -> Scenario:
        """Leave out stretches of a part, long ones first, the last first: what comes early decides more."""
        size = len(getattr(scenario, part))
        while size:
            end = len(getattr(scenario, part))
            while end > 0:
                start = max(0, end - size)
                old = getattr(scenario, part)
                smaller = msgspec.structs.replace(scenario, **{part: (*old[:start], *old[end:])})
                scenario = smaller if self._still(smaller) else scenario
                end = start
            size //= 2
        return scenario

    def _first(self, scenario: Scenario, plainer: Iterator[Scenario]) -> Scenario:
        return next((one for one in plainer if self._still(one)), scenario)

    def _still(self, smaller: Scenario) -> bool:
        self._left -= 1
        return self._left >= 0 and self._breaks(smaller)


def _plainer(scenario: Scenario) -> Iterator[Scenario]:
    """Without a persona, with what changes as it was from the beginning, and with one field of an event less."""
    replace = msgspec.structs.replace
    if scenario.persona:
        yield replace(scenario, persona="")
    for number, line in enumerate(scenario.script):
        if line.change is not None and isinstance(line.change.value, Literal) and line.change.value.value is not None:
            trait = Trait(span=line.span, attribute=line.change.attribute, value=line.change.value)
            others = tuple(one for one in scenario.traits if one.attribute != trait.attribute)
            script = (*scenario.script[:number], *scenario.script[number + 1 :])
            yield replace(scenario, traits=(*others, trait), script=script)
    for number, line in enumerate(scenario.script):
        for field in range(len(line.payload)):
            smaller = replace(line, payload=(*line.payload[:field], *line.payload[field + 1 :]))
            yield replace(scenario, script=(*scenario.script[:number], smaller, *scenario.script[number + 1 :]))
