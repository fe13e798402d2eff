"""A trail tried on the plain interpreter: only a customer whose story breaks the rule is a refutation."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from safar.engine.claims.judge import Broken, broken
from safar.engine.claims.telling import Telling
from safar.engine.moves import Clock, Deliver, FromOccasion, Wait
from safar.engine.names import fold
from safar.engine.promises import Apart, AtMost, Claim, Ends, Follows, Never, OffHours, Scenario
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.guide import Manner, Pace
from safar.engine.prove.shrink import shrunk
from safar.engine.prove.system import System
from safar.engine.prove.trail import Trail
from safar.engine.prove.verdict import Counterexample
from safar.engine.simulate.clock import DAY
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.life import LimitExceededError

_HOUR = 3_600
_FIRST = datetime.date(2027, 1, 5)

_FOREVER = 400 * 366 * DAY
_SLACK = 30 * DAY
"""Smaller scenarios may break a rule so much later, beside twice the time."""

Breaks = Callable[[Telling], Broken | None]
"""What of a rule a story breaks."""


class Seen(NamedTuple):
    """A story and what it breaks."""

    telling: Telling
    broken: Broken


class Replayer:
    """Replays trails through one journey for one rule: so many `lives` are tried in all."""

    def __init__(self, system: System, claim: Claim, breaks: Breaks | None = None, lives: float = math.inf) -> None:
        self._system, self._claim, self._left = system, claim, lives
        self._breaks = breaks or (lambda telling: broken(claim, telling.told))

    def refutation(self, steps: Trail, watch: Watch) -> Counterexample | None:
        """A customer who goes along a trail and breaks the rule, made as small as can be; None if nobody does."""
        found = self.first(steps, watch)
        return self._smallest(*found) if found is not None else None

    def first(self, steps: Trail, watch: Watch, horizon: int | None = None) -> tuple[Scenario, Seen] | None:
        """The first customer found who goes along a trail and breaks the rule, with what he breaks; `horizon` is
        another one than the journey's."""
        tried: list[Scenario] = []
        for manner in self._manners(steps, watch) if steps else ():
            self._left -= 1
            if self._left < 0:
                break
            scenario = self._guided(steps, msgspec.structs.replace(manner, horizon=horizon))
            if scenario is None or scenario in tried:
                continue
            tried.append(scenario)
            seen = self._seen(scenario, horizon=horizon)
            if seen is not None:
                return scenario, seen
        return None

    def _guided(self, steps: Trail, manner: Manner) -> Scenario | None:
        try:
            return self._system.guide.script(steps, manner, self._claim)
        except LimitExceededError:
            return None

    def breaks(self, scenario: Scenario) -> Broken | None:
        """What a scenario breaks; None too where its script does not fit the journey."""
        seen = self._seen(scenario)
        return seen.broken if seen is not None else None

    def _seen(self, scenario: Scenario, **how: Any) -> Seen | None:
        try:
            telling = self._system.teller.tell(scenario, **{"words": False, **how})
        except LimitExceededError:
            return None
        if not telling.story.runs or telling.untaken or telling.unanswered or telling.again:
            return None
        found = self._breaks(telling)
        return Seen(telling, found) if found is not None else None

    def witness(self, steps: Trail, watch: Watch) -> Counterexample | None:
        """A customer who goes along a trail, however long that takes; None if nobody does."""
        found = self.first(steps, watch, horizon=_FOREVER)
        if found is None:
            return None
        scenario, seen = found
        return Counterexample(scenario=scenario, story=seen.telling.story, broken=seen.broken)

    # --- as small as can be

    def _smallest(self, scenario: Scenario, seen: Seen) -> Counterexample:
        """Without what comes after the rule is broken, then as small as is found; at last with the arms it meets."""
        until = _enough(self._claim, seen)
        early = tuple(line for line in scenario.script if until is None or line.after <= until)
        smaller = msgspec.structs.replace(scenario, script=early)
        longest = None if until is None else 2 * until + _SLACK
        if len(early) == len(scenario.script) or self._seen(smaller, until=longest) is not None:
            scenario = smaller
        scenario = shrunk(scenario, lambda smaller: self._seen(smaller, until=longest) is not None)
        told = self._seen(scenario, words=True)
        assert told is not None
        met = {fold(split) for run in told.telling.story.runs for split in run.arms}
        takes = tuple(one for one in scenario.takes if fold(one.split) in met)
        scenario = msgspec.structs.replace(scenario, takes=takes)
        return Counterexample(scenario=scenario, story=told.telling.story, broken=told.broken)

    def _manners(self, steps: Trail, watch: Watch) -> Iterator[Manner]:
        rested = [step for step in steps[1:] if step.rested]
        turn = next((n for n, one in enumerate(rested) if one.node and one.node.state != watch.first), len(rested))
        paces = _PACES[watch.late]
        for before, after in paces:
            yield Manner(before, after, turn)
        yield Manner(*paces[0], turn, deep=True)
        before, after = _PACE[watch.late]
        for date, at in (*self._dates(), *self._nights(steps)):
            yield Manner(before, after, turn, date, at)

    def _dates(self) -> Iterator[tuple[datetime.date, int]]:
        """Other beginnings: every weekday, other hours, and the longest day of the year."""
        if isinstance(self._claim, Apart | AtMost):
            yield self._longest_day(), 0
        yield from ((_FIRST, at) for at in self._clocks())
        hours = range(1, 24) if isinstance(self._claim, OffHours) else (20, 23, 0, 6)
        yield from ((_FIRST, hour * _HOUR) for hour in hours)
        if isinstance(self._claim, OffHours):
            yield from ((_FIRST, hour * _HOUR + 1_800) for hour in range(24))
        yield from ((_FIRST + datetime.timedelta(days=days), 10 * _HOUR) for days in range(1, 7))
        yield from ((date, 10 * _HOUR) for date in self._occasions())

    def _occasions(self) -> Iterator[datetime.date]:
        """Of each occasion that a wait is for the day before its first date, and the day after its last."""
        day = datetime.timedelta(days=1)
        for place in self._system.program.places:
            if isinstance(place.move, Wait) and isinstance(place.move.deadline, FromOccasion):
                dates = self._system.project.vocabulary.occasions[place.move.deadline.occasion].dates
                if dates:
                    yield from (min(dates) - day, max(dates) + day)

    def _clocks(self) -> Iterator[int]:
        """The times of day that waits are for: who comes then waits longest."""
        for place in self._system.program.places:
            if isinstance(place.move, Wait) and isinstance(place.move.deadline, Clock):
                yield place.move.deadline.at // 60 * 60

    def _nights(self, steps: Trail) -> Iterator[tuple[datetime.date, int]]:
        """Every hour, where a message is to be held: it is, if it comes in quiet hours."""
        places = self._system.program.places
        held = any(one.node and one.node.phase and isinstance(places[one.node.place].move, Deliver) for one in steps)
        yield from ((_FIRST, hour * _HOUR) for hour in range(24 if held else 0))

    def _longest_day(self) -> datetime.date:
        zone = project_zone(self._system.project)
        first = zone.day(1_798_761_600)  # 2027 begins

        def length(day: int) -> int:
            return zone.instant(day + 1, 0) - zone.instant(day, 0)

        longest = max(range(first, first + 365), key=length)
        return zone.date(zone.instant(longest, 0)) if length(longest) > DAY else _FIRST


_PACE: dict[bool | None, tuple[Pace, Pace]] = {
    None: (Pace.SOON, Pace.SOON),
    True: (Pace.LATE, Pace.LATE),
    False: (Pace.SOON, Pace.AT_ONCE),
}
"""The pace at which other beginnings are tried."""

_PACES: dict[bool | None, tuple[tuple[Pace, Pace], ...]] = {
    None: ((Pace.SOON, Pace.SOON), (Pace.AT_ONCE, Pace.AT_ONCE), (Pace.LATE, Pace.LATE)),
    True: ((Pace.SOON, Pace.LATE), (Pace.LATE, Pace.LATE), (Pace.SOON, Pace.SOON)),
    False: ((Pace.SOON, Pace.SOON), (Pace.LATE, Pace.AT_ONCE), (Pace.SOON, Pace.AT_ONCE), (Pace.AT_ONCE, Pace.AT_ONCE)),
}
"""By what of the time matters to a watch: nothing, the longest, the shortest."""


def _enough(claim: Claim, seen: Seen) -> int | None:
    """Seconds from the start after which it is known that the rule is broken; None: only when the story is over."""
    told = seen.telling.told
    if isinstance(claim, Ends):
        return max(run.began for run in told.runs) + claim.within + 1 - told.began
    at = [told.happenings[n - 1].at - told.began for n in seen.broken.about]
    if isinstance(claim, Follows):
        return at[0] + claim.within + 1
    return max(at[:1] if isinstance(claim, Never) and not isinstance(claim, Apart) else at, default=None)
