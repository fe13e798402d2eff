"""How many of something one journey can bring one customer in any stretch of time: its arrival curve.

The curve is kept as its peaks: so many, in no less than so many seconds from the first to the last.  Arrival curves of
flows that know nothing of each other add up (Cruz, 1991); so the sum over journeys is a bound for all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safar.engine.promises import AtMost
from safar.engine.prove.beside import is_side_by_side
from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.forms.watch import SEEN, Next, State
from safar.engine.prove.labels import Broken
from safar.engine.prove.marks import Mark
from safar.engine.prove.system import System
from safar.engine.prove.together.peaks import MOST, Asking, Peak, Peaks
from safar.engine.prove.together.straight import Straight
from safar.engine.prove.zones import ANY, Zone
from safar.engine.source import NOWHERE


class Curve(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The peaks of one journey.  `exact`: each is reached by somebody, as far as conditions can be told; otherwise they
    are bounds.  `others` are lower ones, to be tried.  Beyond `most` it is not told apart how many there are.

    `beside`: runs go on side by side (`per FIELD`), so that nothing but limits bounds them together.
    """

    system: System
    peaks: tuple[Peak, ...]
    exact: bool
    most: int = MOST
    beside: bool = False
    others: tuple[Peak, ...] = ()

    @property
    def name(self) -> str:
        return self.system.program.journey.name

    def within(self, window: float) -> list[Peak]:
        """The peaks of any stretch shorter than so many seconds: for each box the highest."""
        found: list[Peak] = []
        for one in sorted((one for one in self.peaks if one.seconds < window), key=lambda one: -one.count):
            if not any(other.box | one.box == other.box for other in found):
                found.append(one)
        return found


def curve(system: System, asking: Asking, kept: int = 0, straight: Straight | None = None) -> Curve:
    """The curve of one journey.

    `kept` are the fields of what is fixed and asked by other journeys too: of those each peak tells who it is for;
    `straight` is the journey made ready for many deeds, where all its ways lead on.
    """
    beside = is_side_by_side(system.program)
    if straight is not None and straight.leads_on and (found := straight.peaks(asking)) is not None:
        return _curve(system, asking, found, exact=True, beside=beside)
    for joined in (False, True):
        watch = _PeakWatch(system, asking, kept)
        if not any(watch.sees(mark) for mark in _marks(system)):
            return Curve(system=system, peaks=(), exact=True, most=asking.most)
        peaks = Peaks(system.space.full & ~kept)
        work = asking.budget if not joined else asking.budget + 4_000 * len(system.program.places)

        def take(broken: Broken, peaks: Peaks = peaks, watch: _PeakWatch = watch) -> bool:
            peaks.take(*watch.told, broken)
            return False

        if Explorer(system, watch, joined=joined, budget=work).run(take) or joined:
            return _curve(system, asking, peaks, exact=not joined, beside=beside)
    raise AssertionError


def _curve(system: System, asking: Asking, peaks: Peaks, *, exact: bool, beside: bool) -> Curve:
    found, others = peaks.found(), tuple(peaks.others())
    return Curve(system=system, peaks=found, exact=exact, most=asking.most, beside=beside, others=others)


def _marks(system: System) -> Iterable[Mark]:
    for place in system.program.passed():
        station = system.station(place)
        for arc in (*station.once, *station.rest, *station.asides):
            yield from arc.marks


class _PeakWatch(AtMostWatch):
    """Any deed may be the first of a stretch: from each on they are counted, and also not.  Every number is told."""

    def __init__(self, system: System, asking: Asking, kept: int) -> None:
        per = "customer" if asking.longest == ANY else "window"
        window = None if asking.longest == ANY else int(asking.longest)
        claim = AtMost(span=NOWHERE, count=asking.most - 1, deed=asking.deed, per=per, window=window)
        super().__init__(system, claim)
        self._kept = kept
        self.told = (0, 0.0)

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        for one in super().after(state, mark, zone):
            if one.state == state:
                yield one
                continue
            count = one.state[0] if isinstance(one.state, tuple) else 0
            self.told = (count, one.zone.least(SEEN) if one.zone.has(SEEN) else 0.0)
            yield Next(one.state, one.zone, broken=True)
            if not one.broken:
                yield one

    @property
    def kept(self) -> int:
        return self._kept
