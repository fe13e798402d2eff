"""How many of something one journey can bring one customer in any stretch of time: its arrival curve.

The curve is kept as its peaks: so many, in no less than so many seconds from the first to the last.  Arrival curves of
flows that know nothing of each other add up (Cruz, 1991); so the sum over journeys is a bound for all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safar.engine.promises import AtMost, Deed
from safar.engine.prove.beside import is_side_by_side
from safar.engine.prove.explore import Broken, Explorer
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.forms.watch import SEEN, Next, State
from safar.engine.prove.marks import Mark
from safar.engine.prove.system import System
from safar.engine.prove.zones import ANY, Zone
from safar.engine.source import NOWHERE

MOST = 60
"""More than so many in one stretch are not told apart: the number counts as without bound."""


MOST_WAYS = 6
"""Ways to one number that are kept: not every one is gone by somebody."""


class Peak(msgspec.Struct, frozen=True, eq=False):
    """So many within so many seconds, of customers in the box; a way to it, found by its last step."""

    count: int
    seconds: float
    box: int
    way: Broken


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


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A deed, counted in stretches up to `longest` seconds (`ANY`: in all), up to `most` of them.

    Without loss under a `budget` of work, in boxes made; beyond it joined, as a bound.
    """

    deed: Deed
    longest: float
    most: int = MOST
    budget: int = 100_000


def curve(system: System, asking: Asking, kept: int = 0) -> Curve:
    """The curve of one journey.

    `kept` are the fields of what is fixed and asked by other journeys too: of those each peak tells who it is for.
    """
    beside = is_side_by_side(system.program)
    for joined in (False, True):
        watch = _PeakWatch(system, asking, kept)
        if not any(watch.sees(mark) for mark in _marks(system)):
            return Curve(system=system, peaks=(), exact=True, most=asking.most)
        peaks = _Peaks(watch, system.space.full & ~kept)
        work = asking.budget if not joined else asking.budget + 4_000 * len(system.program.places)
        if Explorer(system, watch, joined=joined, budget=work).run(peaks.take) or joined:
            found, others = peaks.found(), tuple(peaks.others())
            return Curve(system=system, peaks=found, exact=not joined, most=asking.most, beside=beside, others=others)
    raise AssertionError


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


class _Peaks:
    """The peaks that no other makes needless."""

    def __init__(self, watch: _PeakWatch, loose: int) -> None:
        self._watch, self._loose = watch, loose
        self._by_count: dict[int, list[Peak]] = {}
        self._others: dict[int, list[Peak]] = {}

    def take(self, broken: Broken) -> bool:
        count, seconds = self._watch.told
        box = broken.box | self._loose
        known = self._by_count.setdefault(count, [])
        if not any(one.seconds <= seconds and one.box | box == one.box for one in known):
            known[:] = [one for one in known if one.seconds < seconds or one.box | box != box]
            known.append(Peak(count, seconds, box, broken))
        elif len(others := self._others.setdefault(count, [])) < MOST_WAYS:
            others.append(Peak(count, seconds, box, broken))
        return False

    def others(self) -> Iterable[Peak]:
        return (one for several in self._others.values() for one in several)

    def found(self) -> tuple[Peak, ...]:
        return tuple(one for several in self._by_count.values() for one in several)
