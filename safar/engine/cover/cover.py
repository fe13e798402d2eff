"""Sample customers for a journey: one for each way that somebody can go, lived through, and as few as will do."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from safar.engine.claims.telling import Teller
from safar.engine.cover.missed import Missed, reason
from safar.engine.cover.parts import Parts, marked
from safar.engine.cover.turns import Turn, nudged, turning
from safar.engine.cover.walk import Walk, length
from safar.engine.expression import Now, Today, Weekday
from safar.engine.program import Program
from safar.engine.promises import Scenario, TakesPath
from safar.engine.prove.atoms import leaves
from safar.engine.prove.guide import Guide, Manner, Pace
from safar.engine.prove.labels import Broken
from safar.engine.prove.system import System
from safar.engine.prove.trail import trail
from safar.engine.simulate.happening import Story
from safar.engine.simulate.life import LimitExceededError
from safar.engine.test.coverage import Part

BUDGET = 400_000
"""Work of the exploration, in boxes made and compared."""
_PACES = ((Pace.SOON, Pace.SOON), (Pace.AT_ONCE, Pace.AT_ONCE), (Pace.LATE, Pace.LATE), (Pace.SOON, Pace.LATE))


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A customer with what happens to him, his story, and the parts that he passes."""

    scenario: Scenario
    story: Story
    parts: tuple[Part, ...]


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """`parts` are all parts of the journey, `covered` if a sample passes them; `complete`: all of it was looked at."""

    journey: str
    complete: bool
    parts: tuple[Part, ...]
    samples: tuple[Sample, ...]
    missed: tuple[Missed, ...]


class _Tried(NamedTuple):
    scenario: Scenario
    story: Story
    passed: frozenset[int]


def cover(program: Program, budget: int = BUDGET) -> Cover:
    """Sample customers who pass all of a journey that can be passed; the plain interpreter lived through each.

    What could not be passed within the budget of work, or not by a replay, is told as missed and not as impossible.
    """
    system = System(program)
    parts, walk = Parts(system), Walk(system, budget)
    chosen = fewest(list(_Trying(system, parts, walk).tried()))
    passed = frozenset().union(*(one.passed for one in chosen))
    told = marked(parts.all, passed)
    samples = (
        Sample(scenario=one.scenario, story=one.story, parts=tuple(told[number] for number in sorted(one.passed)))
        for one in chosen
    )
    missed = (reason(system, walk, part, parts.turn_of(n)) for n, part in enumerate(told) if not part.covered)
    return Cover(
        journey=program.journey.name,
        complete=walk.complete,
        parts=told,
        samples=tuple(samples),
        missed=tuple(missed),
    )


class _Trying:
    """Leads customers the ways that somebody can go."""

    def __init__(self, system: System, parts: Parts, walk: Walk) -> None:
        self._system, self._parts, self._walk = system, parts, walk
        self._guide, self._teller = Guide(system), Teller(system.program)
        self._claim = TakesPath(span=system.program.journey.span, stops=(None,))
        self._passed: set[int] = set()

    def tried(self) -> Iterator[_Tried]:
        """Customers each of whom passes something new; long ways come first, because they pass the most."""
        for ways in sorted(self._walk.ways.values(), key=lambda ways: -length(ways[0])):
            yield from self._first(ways, None)
        for turn in self._parts.turns:
            if turn.part not in self._passed:
                yield from self._first(turning(self._system, self._walk, turn), turn)

    def _first(self, ways: Iterable[Broken], turn: Turn | None) -> Iterator[_Tried]:
        """The first customer who passes what is wanted, or anything new."""
        scenarios = self._scenarios(ways)
        if turn is not None:
            scenarios = (near for one in scenarios for near in nudged(self._system, one, turn))
        for scenario in scenarios:
            found = self._told(scenario)
            new = found.passed - self._passed if found is not None else frozenset()
            if found is not None and new and (turn is None or turn.part in new):
                self._passed |= found.passed
                yield found
                return

    def _scenarios(self, ways: Iterable[Broken]) -> Iterator[Scenario]:
        for way in ways:
            steps = trail(self._system, way)
            for manner in self._manners(len(steps)) if steps else ():
                try:
                    scenario = self._guide.script(steps, manner, self._claim)
                except LimitExceededError:
                    continue
                if scenario is not None:
                    yield scenario

    def _manners(self, turn: int) -> Iterator[Manner]:
        """Every pace; and every weekday, where conditions ask for the clock."""
        yield from (Manner(before, after, turn) for before, after in _PACES)
        if self._asks_clock:
            first = Manner(turn=turn)
            days = (first.date + datetime.timedelta(days=later) for later in range(1, 7))
            yield from (msgspec.structs.replace(first, date=day) for day in days)

    @functools.cached_property
    def _asks_clock(self) -> bool:
        asked = (
            leaf for one in self._system.space.past if one.expression is not None for leaf in leaves(one.expression)
        )
        return any(isinstance(leaf, Weekday | Today | Now) for leaf in asked)

    def _told(self, scenario: Scenario) -> _Tried | None:
        """A scenario with its story; None where its script does not fit the journey."""
        try:
            telling = self._teller.tell(scenario)
        except LimitExceededError:
            return None
        if not telling.story.runs or telling.untaken or telling.unanswered or telling.again:
            return None
        return _Tried(scenario, telling.story, self._parts.passed(scenario, telling.story))


def fewest(tried: list[_Tried]) -> list[_Tried]:
    """As few as pass the same: the one who passes most of what is left, again and again; then who is not needed goes.

    (The greedy way to a set cover; to find the very fewest takes time without bound.)
    """
    left = set().union(*(one.passed for one in tried))
    chosen: list[_Tried] = []
    while left:
        best = max(tried, key=lambda one: (len(one.passed & left), -len(one.scenario.script)))
        chosen.append(best)
        left -= best.passed
    for one in reversed(chosen.copy()):
        others = set().union(*(other.passed for other in chosen if other is not one))
        if one.passed <= others:
            chosen = [other for other in chosen if other is not one]
    return chosen
