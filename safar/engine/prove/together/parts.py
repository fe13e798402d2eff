"""One customer's part in one journey, found alone: what must come to him when, and when that brings what is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from safar.engine.claims.telling import Telling
from safar.engine.expression import Value
from safar.engine.promises import Deed, Scenario
from safar.engine.prove.guide import Guide, Manner, Pace
from safar.engine.prove.labels import Broken
from safar.engine.prove.sending import DAY
from safar.engine.prove.system import System
from safar.engine.prove.together.peaks import Peak
from safar.engine.prove.together.stretch import Figure
from safar.engine.prove.trail import Trail, trail
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.life import Life, LimitExceededError

MOST_TRIED = 8
"""Ways of a journey that are tried where one is not gone by anybody as it is told."""

AFTERWARDS = 100 * DAY
"""A story is told so long beyond the last that is scripted."""

Values = Mapping[str, Value]

_PACES = (
    (Pace.SOON, Pace.AT_ONCE),
    (Pace.LATE, Pace.AT_ONCE),
    (Pace.AT_ONCE, Pace.AT_ONCE),
    (Pace.SOON, Pace.SOON),
    (Pace.LATE, Pace.LATE),
)


class Part(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A script for one journey.  `began` is the instant at which it begins, `deeds` are the instants that count, of
    which `count` from position `first` on lie in one stretch.  `moments` are his attributes at each instant at which
    something happens, before it does.  `dated`: it is entered by the calendar, and cannot begin at another time.
    """

    system: System
    scenario: Scenario
    began: int
    deeds: tuple[int, ...]
    count: int
    first: int
    moments: tuple[tuple[int, Values], ...]
    dated: bool

    @property
    def name(self) -> str:
        return self.system.program.journey.name

    @property
    def begins(self) -> int:
        """The first instant that counts."""
        return self.deeds[self.first] if self.deeds else self.began

    @property
    def ends(self) -> int:
        """The last instant that counts."""
        return self.deeds[self.first + self.count - 1] if self.deeds else self.began


class Solo:
    """Finds parts of one journey."""

    def __init__(self, system: System, figure: Figure) -> None:
        self._system, self._stretch = system, figure.stretch
        self._claim = figure.claim
        self._guide = Guide(system)

    def part(self, ways: Iterable[Peak], enough: float, cell: int) -> Part | None:
        """The part that brings customers of a box the most that ways promise them, or as much as is enough."""
        ways = [one for one in ways if one.seconds < self._stretch.seconds]
        ways.sort(key=lambda one: (one.count < enough, abs(one.count - enough)))
        best: Part | None = None
        for one in ways[:MOST_TRIED]:
            if best is not None and best.count >= min(enough, one.count):
                break
            found = self._along(one, cell)
            if found is not None and (best is None or found.count > best.count):
                best = found
        return best

    def _along(self, peak: Peak, cell: int) -> Part | None:
        way = peak.way
        steps = trail(self._system, Broken(way.label, way.arc, way.box & cell)) if way.box & cell else ()
        best: Part | None = None
        for manner in _manners(steps):
            found = self._tried(steps, manner)
            if found is not None and (best is None or found.count > best.count):
                best = found
            if best is not None and best.count >= peak.count:
                break
        return best

    def _tried(self, steps: Trail, manner: Manner) -> Part | None:
        try:
            scenario = self._guide.script(steps, manner, self._claim)
            entry = steps[0].arc.entry
            dated = entry is not None and not entry.event
            return self.told(scenario, dated=dated) if scenario is not None else None
        except LimitExceededError:
            return None

    def told(self, scenario: Scenario, *, dated: bool) -> Part | None:
        """What a script alone brings."""
        noted = Moments()
        last = max((line.after for line in scenario.script), default=0)
        telling = self._system.teller.tell(scenario, noted, words=False, until=last + AFTERWARDS)
        if not telling.story.runs or telling.unanswered or telling.untaken:
            return None
        deeds = seen(telling, self._claim.deed)
        count, first = self._stretch.most(deeds, telling.told.zone)
        return Part(
            system=self._system,
            scenario=scenario,
            began=telling.told.began,
            deeds=deeds,
            count=count,
            first=first,
            moments=tuple(noted.found.items()),
            dated=dated,
        )


def seen(telling: Telling, deed: Deed) -> tuple[int, ...]:
    """The instants of a deed in a story."""
    return tuple(sorted(one.at for one in telling.told.seen(deed)))


def _manners(steps: Trail) -> Iterator[Manner]:
    if not steps:
        return
    rested = [step for step in steps[1:] if step.rested]
    turn = next((n for n, one in enumerate(rested) if one.node and isinstance(one.node.state, tuple)), len(rested))
    for before, after in _PACES:
        yield Manner(before, after, turn)


class Moments:
    """The customer's attributes at each instant, before anything happens that the script does not say."""

    def __init__(self) -> None:
        self.found: dict[int, Values] = {}
        self._closed = -1

    def __call__(self, life: Life, one: Happening) -> None:
        if self._closed == one.at:
            return
        self.found[one.at] = dict(life.attributes)
        if one.what is not What.SET or one.journey:
            self._closed = one.at
