"""`at most n X per ...`: broken by one X more in what is counted together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from safar.engine.promises import AtMost
from safar.engine.prove.forms.watch import SEEN, Next, State, Watch
from safar.engine.prove.hours import Hours
from safar.engine.prove.marks import Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import ANY, Bound, Zone

if TYPE_CHECKING:
    from safar.engine.prove.labels import Node
    from safar.engine.prove.soonest import Soonest

WEEK = 7 * 86_400
_NOWHERE = -2


class AtMostWatch(Watch):
    """Any X may be the first of too many in a stretch: from each on they are counted, and also not.

    In a run, or in all runs of a customer, every X counts.  The state is the count and the place of the first.
    `soonest` knows where too few can follow.
    """

    def __init__(self, system: System, claim: AtMost, soonest: Soonest | None = None) -> None:
        super().__init__(system)
        self._soonest = soonest
        self._claim, self._sees = claim, sees(claim.deed, system.program)
        self._hours = Hours(system) if claim.per in ("day", "week") else None
        self.late = False if self._in_a_stretch or claim.per == "customer" else None
        self.again = claim.per != "run"
        self.begun = self.again and system.program.journey.reenter is not None
        self.most = claim.window or (WEEK + self._hours.shift if self._hours is not None else 0)

    @property
    def _in_a_stretch(self) -> bool:
        return self._claim.per in ("window", "day", "week")

    @property
    def stretch(self) -> Bound:
        """Seconds: what is counted together lies nearer to one another."""
        if self._claim.window is not None:
            return self._claim.window
        if self._hours is None:
            return ANY
        return self._hours.longest_day if self._claim.per == "day" else WEEK + self._hours.shift

    def is_hopeless(self, node: Node, zone: Zone) -> bool:
        return self._soonest is not None and self._soonest.is_hopeless(node[:3], *self._seen(node.state, zone))

    def nearest(self, node: Node, zone: Zone) -> Bound:
        """The least time in which there may be too many."""
        return self._soonest.nearest(node[:3], *self._seen(node.state, zone)) if self._soonest is not None else 0

    @staticmethod
    def _seen(state: State, zone: Zone) -> tuple[int, Bound]:
        """How many were seen in this stretch, and how long ago the first of them was at least."""
        seen = state[0] if isinstance(state, tuple) else 0
        return seen, zone.least(SEEN) if seen and zone.has(SEEN) else 0

    def sees(self, mark: Mark) -> bool:
        return self._sees(mark) is not Sure.NO

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        count, place = state if isinstance(state, tuple) else (0, _NOWHERE)
        here = Hours.spot(mark)
        if self._in_a_stretch and count and not self._near(place, here, zone):
            return
        if self._in_a_stretch and not count:
            yield Next(state, zone)
        begins = count == 0 and self._in_a_stretch
        began = zone.with_now(SEEN) if begins else zone
        first = here if begins and (self._hours is not None or self.joined) else place
        yield Next((count + 1, first), began, broken=count + 1 > self._claim.count)

    def group(self, state: State) -> State:
        """Where a stretch began: joined, only the most of each is kept."""
        return state[1] if isinstance(state, tuple) else state

    def join(self, one: State, other: State) -> State:
        return max(one, other, key=lambda state: state[0] if isinstance(state, tuple) else 0)

    def _near(self, place: int, here: int, zone: Zone) -> bool:
        """Whether it may be in the stretch that began with the first one."""
        match self._claim.per:
            case "window":
                return zone.least(SEEN) < (self._claim.window or 0)
            case "day":
                assert self._hours is not None
                return self._hours.may_share_a_day(place, here, zone.least(SEEN))
        return zone.least(SEEN) < self.stretch
