"""`always exit within D`: broken where a run may still be inside later than that."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.promises import Ends
from safar.engine.prove.forms.watch import ENTRY, Next, State, Watch
from safar.engine.prove.marks import Happens, Mark
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone


class EndsWatch(Watch):
    late = True
    begun = True

    def __init__(self, system: System, claim: Ends) -> None:
        super().__init__(system)
        self.most = claim.within

    def sees(self, mark: Mark) -> bool:
        return mark.what is Happens.LEFT

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        return ()

    def overdue(self, state: State, zone: Zone) -> bool:
        return zone.most(ENTRY) > self.most
