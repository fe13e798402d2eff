"""`never A within D of B`, `never A on the same day as B`: broken by two of them that may be so near."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.promises import Apart
from safar.engine.prove.forms.watch import SEEN, Next, State, Watch
from safar.engine.prove.hours import Hours
from safar.engine.prove.marks import Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone

NOTHING = ""


class ApartWatch(Watch):
    """Any A or B may be the first of two that are too near; where that was is kept, for its time of day."""

    late = False
    afterwards = True
    first = NOTHING

    def __init__(self, system: System, claim: Apart) -> None:
        super().__init__(system)
        self._deed, self._other = sees(claim.deed, system.program), sees(claim.other, system.program)
        self._within = claim.within
        self._hours = Hours(system) if claim.within is None else None
        self.most = claim.within if claim.within is not None else self._hours.longest_day  # type: ignore[union-attr]
        self.meanwhile = (claim.other,) if claim.other.kind == "event" else ()

    def sees(self, mark: Mark) -> bool:
        return self._deed(mark) is not Sure.NO or self._other(mark) is not Sure.NO

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        is_deed, is_other = self._deed(mark) is not Sure.NO, self._other(mark) is not Sure.NO
        yield Next(state, zone)
        if state != NOTHING:
            assert isinstance(state, tuple)
            if (is_deed if state[0] == "other" else is_other) and self._near(state[1], self._place(mark), zone):
                yield Next(state, zone, broken=True)
            return
        if is_deed:
            yield Next(("deed", self._place(mark)), zone.with_now(SEEN))
        if is_other:
            yield Next(("other", self._place(mark)), zone.with_now(SEEN))

    def _place(self, mark: Mark) -> int:
        return self._hours.spot(mark) if self._hours is not None else 0

    def _near(self, place: int, here: int, zone: Zone) -> bool:
        if self._hours is not None:
            return self._hours.may_share_a_day(place, here, zone.least(SEEN))
        assert self._within is not None
        return zone.least(SEEN) < self._within
