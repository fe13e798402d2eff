"""Customers who may notice a change: led to where the versions part, then bent to what differs there."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from safar.engine.cover.walk import Walk, length
from safar.engine.diff import bent
from safar.engine.diff.renaming import Names
from safar.engine.diff.same import ENTRY, Parting, Sameness
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.engine.promises import Scenario, TakesPath
from safar.engine.prove.guide import Guide, Manner, Pace
from safar.engine.prove.labels import Broken
from safar.engine.prove.system import System
from safar.engine.prove.trail import trail
from safar.engine.simulate.life import LimitExceededError

BUDGET = 60_000
"""Work of an exploration that looks for ways to a difference."""
_PACES = ((Pace.SOON, Pace.SOON), (Pace.LATE, Pace.LATE), (Pace.AT_ONCE, Pace.AT_ONCE))
_MOST_PARTINGS, _MOST_WAYS, _MOST_BASES = 24, 4, 60


def tries(old: Program, new: Program, names: Names, same: Sameness) -> Iterator[Scenario]:
    """Customers in the names of the new version, the most likely first; there may be very many."""
    sides = [_Led(new, None), _Led(old, names)]
    places = [[one.new for one in same.partings], [one.old for one in same.partings]]
    bases: list[Scenario] = []
    for scenario in _in_turn([led.to(where) for led, where in zip(sides, places, strict=True)]):
        bases.append(scenario)
        yield scenario
        if len(bases) >= _MOST_BASES:
            break
    for base in bases:
        yield from bent.by_conditions(base, old, new, names, same.partings)
    if same.ground or ENTRY in places[0] or _sends(new, same.partings):
        longest = sorted(bases, key=lambda one: -len(one.script))
        for base in [*bases[:4], *longest[:4]]:
            yield from bent.by_time(base, old, new)
    for base in bases[:8]:
        yield from bent.by_events(base, old, new)


def _sends(program: Program, partings: Iterable[Parting]) -> bool:
    return any(one.new >= 0 and isinstance(program.places[one.new].move, Deliver) for one in partings)


def _in_turn(several: list[Iterator[Scenario]]) -> Iterator[Scenario]:
    """One of each, in turn."""
    for row in itertools.zip_longest(*several):
        yield from (one for one in row if one is not None)


class _Led:
    """Leads customers of one version to places; `names` lead from its names to those of the new version."""

    def __init__(self, program: Program, names: Names | None) -> None:
        self._program, self._names = program, names
        self._claim = TakesPath(span=program.journey.span, stops=(None,))

    def to(self, places: list[int]) -> Iterator[Scenario]:
        """Customers who go on from the places, or come to them; to any place if there are none."""
        if not self._program.journey.entries:
            return
        system = System(self._program)
        walk, guide = Walk(system, BUDGET), Guide(system)
        wanted = places[:_MOST_PARTINGS]
        if not walk.complete and not any(walk.comes(place) for place in wanted if place != ENTRY):
            for ways in self._ways(Walk(system, BUDGET, joined=True), wanted):
                for way in ways[:_MOST_WAYS]:
                    yield from self._walked(system, guide, way)
        for ways in self._ways(walk, wanted):
            for way in ways[:_MOST_WAYS]:
                yield from self._walked(system, guide, way)

    def _ways(self, walk: Walk, places: list[int]) -> Iterator[list[Broken]]:
        wanted = set(places)
        chosen = [ways for (place, _), ways in walk.ways.items() if place in wanted]
        chosen.sort(key=lambda ways: length(ways[0]))
        yield from chosen
        yield from (ways for (place, arc), ways in walk.ways.items() if arc.end in wanted and place not in wanted)
        yield from sorted((ways[:1] for ways in walk.ways.values()), key=lambda ways: -length(ways[0]))

    def _walked(self, system: System, guide: Guide, way: Broken) -> Iterator[Scenario]:
        steps = trail(system, way)
        for before, after in _PACES if steps else ():
            try:
                scenario = guide.script(steps, Manner(before, after, len(steps)), self._claim)
            except LimitExceededError:
                continue
            if scenario is not None:
                yield self._renamed(scenario)

    def _renamed(self, scenario: Scenario) -> Scenario:
        names = self._names
        if names is None:
            return scenario
        replace = msgspec.structs.replace
        return replace(
            scenario,
            takes=tuple(replace(one, split=names.step(one.split)) for one in scenario.takes),
            script=tuple(
                replace(line, answers=names.step(line.answers)) if line.answers else line for line in scenario.script
            ),
        )
