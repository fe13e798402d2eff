"""`after A always B within D`: broken where time goes on, or the run leaves, and no B has come."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.promises import Follows
from safar.engine.prove.forms.watch import SEEN, Next, State, Watch
from safar.engine.prove.marks import Happens, Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone

IDLE, JUST, OWED = "idle", "just", "owed"
"""Nothing is owed; nothing, because a B has come at this very instant; a B is."""


class FollowsWatch(Watch):
    """Any A may be the one to which no B comes: from each on it is watched for a B, and also not.

    A B at the very instant of an A counts, even if it came just before.
    """

    late = True
    first = IDLE

    def __init__(self, system: System, claim: Follows) -> None:
        super().__init__(system)
        self._cause, self._effect = sees(claim.cause, system.program), sees(claim.effect, system.program)
        self.most = claim.within
        self.meanwhile = (claim.cause,) if claim.cause.kind == "event" else ()

    def sees(self, mark: Mark) -> bool:
        known = self._cause(mark) is not Sure.NO or self._effect(mark) is Sure.YES
        return known or mark.what is Happens.LEFT

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        if mark.what is Happens.LEFT:
            yield Next(state, zone, broken=state == OWED)
            return
        comes = self._effect(mark) is Sure.YES
        if state == OWED:
            if not comes:
                yield Next(state, zone)
            return
        yield Next(JUST, zone.with_now(SEEN)) if comes else Next(state, zone)
        if self._cause(mark) is not Sure.NO and not comes and self.passed(state, zone)[0] == IDLE:
            yield Next(OWED, zone.with_now(SEEN))

    def passed(self, state: State, zone: Zone) -> tuple[State, Zone]:
        return (IDLE, zone.without((SEEN,))) if state == JUST and zone.most(SEEN) > 0 else (state, zone)

    def overdue(self, state: State, zone: Zone) -> bool:
        return state == OWED and zone.most(SEEN) > self.most
