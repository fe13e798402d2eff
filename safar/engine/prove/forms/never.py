"""`never X`, `never X unless C`, `never X in stage S`, `never X from T to T`: broken by one X."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.names import fold
from safar.engine.promises import Never, NotInStage, OffHours, OnlyIf
from safar.engine.prove.changes import Guard
from safar.engine.prove.conditions import Answer
from safar.engine.prove.forms.watch import Next, State, Watch
from safar.engine.prove.hours import Hours
from safar.engine.prove.marks import Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone


class NeverWatch(Watch):
    """Each X where the rule speaks of it breaks it, of those in whom `unless` is not true."""

    def __init__(self, system: System, claim: Never) -> None:
        super().__init__(system)
        self._claim, self._sees = claim, sees(claim.deed, system.program)
        self._guards: dict[str, Guard] = {}
        self._hours = Hours(system) if isinstance(claim, OffHours) else None

    def sees(self, mark: Mark) -> bool:
        return self._sees(mark) is not Sure.NO and self._speaks_of(mark)

    def _stage(self, mark: Mark) -> str:
        return self.system.program.places[mark.place].stage

    def _speaks_of(self, mark: Mark) -> bool:
        match self._claim:
            case NotInStage(stage=stage):
                return fold(self._stage(mark)) == fold(stage)
            case OffHours(start=start, end=end):
                assert self._hours is not None
                return self._hours.may_be(self._hours.spot(mark), start, end)
        return True

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        return (Next(state, zone, broken=True, where=self._guard(mark)), Next(state, zone))

    def _guard(self, mark: Mark) -> Guard | None:
        if not isinstance(self._claim, OnlyIf):
            return None
        stage = self._stage(mark)
        if stage not in self._guards:
            self._guards[stage] = self.system.guard(self._claim.condition, Answer.NOT_YES, stage)
        return self._guards[stage]

    def fields(self, mark: Mark) -> int:
        guard = self._guard(mark)
        return guard.fields if guard is not None else 0
