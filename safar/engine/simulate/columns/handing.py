"""Which answers are handed to the wait behind their message: those that nobody else asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safar.engine.simulate.columns.lines import Line
from safar.engine.simulate.columns.meeting import Meeting
from safar.engine.simulate.columns.resting import Resting
from safar.engine.simulate.columns.rounds import Rounds
from safar.engine.simulate.columns.waits import Waiting

if TYPE_CHECKING:
    from safar.engine.simulate.columns.plan import Plan


class HandingOver:
    """Told by the places where runs rest, once these know what they hear."""

    def __init__(self, plan: Plan, resting: Mapping[int, Resting]) -> None:
        self._plan, self._resting = plan, resting
        self._asking: dict[int, set[int]] = {}
        for number, spot in resting.items():
            for source in (*(one.number for one in spot.quiet), *_standing(spot)):
                self._asking.setdefault(source, set()).add(number)

    def decide(self) -> None:
        meetings: dict[Sequence[Line], list[Meeting]] = {}
        for spot in self._resting.values():
            if isinstance(spot, Meeting):
                meetings.setdefault(spot.lines, []).append(spot)
        for lines, met in meetings.items():
            self._hand(lines, {one.number for one in met}, {one.then.to for one in met})

    def _hand(self, lines: Sequence[Line], before: set[int], behind: set[int]) -> None:
        """Answers that are drawn before these places, to those right behind them."""
        for line in lines:
            waits = [wait for one in behind if (wait := self._wait(one, line, before)) is not None]
            if len(waits) < len(behind) or self._asking.get(line.column) != behind:
                continue
            self._plan.lines[line.column].handed = True
            then = {way.to for wait in waits if wait.simple for way in wait.simple[1:]}
            if not then & {way.to for wait in waits for way in (wait.then, wait.passed)}:
                self._hand(line.then, behind, then)

    def _wait(self, number: int, line: Line, before: set[int]) -> Waiting | None:
        """The place, if it waits for that answer alone, and nobody comes to it from elsewhere."""
        wait = self._resting.get(number)
        if not isinstance(wait, Waiting) or wait.simple is None or wait.simple[0].number != line.column:
            return None
        return wait if self._plan.routes.into(number) <= before else None


def _standing(spot: Resting) -> list[int]:
    """The answers that may have come before a run comes there."""
    asked = spot.standing if isinstance(spot, Waiting) else spot.until if isinstance(spot, Rounds) else ()
    return [source.number for _, standing in asked for _, source in standing.answers]
