"""`never A before B`: broken by an A in a run that has not met a B."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.promises import NotBefore
from safar.engine.prove.atoms import NEVER, normal
from safar.engine.prove.changes import Guard
from safar.engine.prove.forms.watch import Next, State, Watch, told
from safar.engine.prove.marks import Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone


class NotBeforeWatch(Watch):
    """Whether a B has come is known of deliveries by watching, of events by the box: conditions may ask for them."""

    def __init__(self, system: System, claim: NotBefore) -> None:
        super().__init__(system)
        self._deed, self._other = sees(claim.deed, system.program), sees(claim.other, system.program)
        self._guard: Guard | None = None
        if claim.other.kind == "event":
            variable = system.space.by_key["happened", normal(told(claim.other))]
            self._guard = Guard(system.space, [system.space.full & ~variable.field | variable.bits((NEVER,))])

    def sees(self, mark: Mark) -> bool:
        return self._deed(mark) is not Sure.NO or self._other(mark) is Sure.YES

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        if self._deed(mark) is not Sure.NO:
            yield Next(state, zone, broken=True, where=self._guard)
        if self._other(mark) is not Sure.YES:
            yield Next(state, zone)

    def fields(self, mark: Mark) -> int:
        return self._guard.fields if self._guard is not None and self._deed(mark) is not Sure.NO else 0
