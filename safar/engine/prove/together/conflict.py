"""A project's `never A within D of B` between its journeys: nobody gets both so near, or one replayed customer does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from safar.engine.claims.judge import apart
from safar.engine.claims.telling import Teller, Telling
from safar.engine.program import Program
from safar.engine.promises import Apart, Scenario
from safar.engine.prove.prove import Answer
from safar.engine.prove.shrink import shrunk
from safar.engine.prove.system import System
from safar.engine.prove.together.cells import Cell, Common
from safar.engine.prove.together.curve import Curve, curve
from safar.engine.prove.together.most import LEAST_BUDGET, person
from safar.engine.prove.together.parts import Part, Solo
from safar.engine.prove.together.peaks import Asking, Peak
from safar.engine.prove.together.stretch import Figure, stretch
from safar.engine.prove.together.timeline import Laid, scenario
from safar.engine.prove.together.whole import whole
from safar.engine.prove.verdict import Counterexample, Method, Outcome
from safar.engine.simulate.clock import DAY
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.life import LimitExceededError

MOST_TRIED = 12
"""Pairs of journeys of which a replay is tried."""
_HOUR = 3_600
_GAPS = (0, 1, -1, _HOUR, -_HOUR, DAY, -DAY, 3 * DAY, -3 * DAY)
"""Seconds between the one and the other: at one instant, in order, on another day."""
_AFTERWARDS = 4 * DAY
"""A story is told so long beyond the last that counts: messages may be held."""


class Meeting(NamedTuple):
    """Two journeys, one of which does A and the other B to the same customers."""

    doing: tuple[Curve, Peak]
    other: tuple[Curve, Peak]
    cell: Cell


def is_between_journeys(claim: Apart) -> bool:
    """Whether both are the shop's doing: what customers do is seen by every run, and needs no other journey."""
    return claim.other.kind not in ("event", "entry")


class Conflict:
    """One rule between several journeys; within each of them it was looked at before."""

    def __init__(self, programs: Sequence[Program], claim: Apart, budget: int) -> None:
        self._programs, self._claim = whole(programs), claim
        project = self._programs[0].project
        near = stretch(project, "day" if claim.within is None else "window", claim.within or 0)
        self._figures = Figure(claim.deed, near), Figure(claim.other, near)
        self._systems = [System(one) for one in self._programs]
        self._common = Common(self._systems)
        self._budget = max(LEAST_BUDGET, budget // max(1, 8 * len(self._programs)))
        self._zone = project_zone(project)
        self._teller = Teller(self._programs[0], self._programs[1:])

    def answer(self) -> Answer:
        """Proved: no customer can be brought both by different journeys; refuted by a replay; else undecided."""
        meetings = list(itertools.islice(self._meetings(), MOST_TRIED))
        for one in meetings:
            found = self._replayed(one)
            if found is not None:
                return Answer(outcome=Outcome.REFUTED, method=Method.REPLAY, counterexample=found)
        if not meetings:
            return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
        first, second = (one.name for one, _ in meetings[0][:2])
        reason = (
            f"each journey alone keeps it; nothing keeps `{first}` and `{second}` apart, but no replay meets in both"
        )
        return Answer(outcome=Outcome.UNDECIDED, reason=reason)

    # --- who may be brought both

    def _meetings(self) -> Iterator[Meeting]:
        """One for each pair of journeys that have customers in common."""
        same = self._figures[0] == self._figures[1]
        first = self._curves(self._figures[0])
        second = first if same else self._curves(self._figures[1])
        for (a, doing), (b, other) in itertools.product(enumerate(first), enumerate(second)):
            if a < b or (a > b and not same):
                meeting = next(self._common_to(doing, other), None)
                if meeting is not None:
                    yield meeting

    def _curves(self, figure: Figure) -> list[Curve]:
        asking = Asking(deed=figure.deed, longest=figure.stretch.seconds, most=1, budget=self._budget)
        return [curve(one, asking, self._common.fields(one)) for one in self._systems]

    def _common_to(self, doing: Curve, other: Curve) -> Iterator[Meeting]:
        near = self._figures[0].stretch.seconds
        for one, two in itertools.product(doing.within(near), other.within(near)):
            cells = self._common.cell(doing.system, one.box), self._common.cell(other.system, two.box)
            cell = tuple(mine & theirs for mine, theirs in zip(*cells, strict=True))
            if all(cell):
                yield Meeting((doing, one), (other, two), cell)

    # --- the replay

    def _replayed(self, meeting: Meeting) -> Counterexample | None:
        parts = [
            self._part(figure, one, meeting.cell)
            for figure, one in zip(self._figures, (meeting.doing, meeting.other), strict=True)
        ]
        if parts[0] is None or parts[1] is None:
            return None
        who = person(self._common, meeting.cell)
        for laid in self._laid(parts[0], parts[1]):
            script = scenario(self._programs[0].project, laid, who, self._zone)
            script = msgspec.structs.replace(script, expects=(self._claim,), title=self._claim.span.text)
            until = max(one.ends for one in laid) - min(one.starts for one in laid) + _AFTERWARDS
            if self._breaks(script, until):
                return self._smallest(script, until)
        return None

    def _part(self, figure: Figure, way: tuple[Curve, Peak], cell: Cell) -> Part | None:
        one, peak = way
        found = Solo(one.system, figure).part((peak, *one.peaks, *one.others), 1, self._common.box(one.system, cell))
        return found if found is not None and found.count else None

    def _laid(self, doing: Part, other: Part) -> Iterator[tuple[Laid, Laid]]:
        """The one some time before or after the other; what the calendar enters stays where it is."""
        apart = other.begins - doing.begins
        for gap in _GAPS if not (doing.dated and other.dated) else (0,):
            if abs(gap) >= self._figures[0].stretch.seconds:
                continue
            if other.dated:
                yield Laid(doing, 0 if doing.dated else apart + gap), Laid(other, 0)
            else:
                yield Laid(doing, 0), Laid(other, gap - apart)

    def _told(self, script: Scenario, until: int) -> Telling | None:
        try:
            telling = self._teller.tell(script, until=until)
        except LimitExceededError:
            return None
        fits = telling.story.runs and not (telling.untaken or telling.unanswered or telling.again)
        return telling if fits else None

    def _breaks(self, script: Scenario, until: int) -> bool:
        telling = self._told(script, until)
        return telling is not None and apart(self._claim, telling.told, between_runs=True) is not None

    def _smallest(self, script: Scenario, until: int) -> Counterexample:
        smallest = shrunk(script, lambda smaller: self._breaks(smaller, until))
        telling = self._teller.tell(smallest, until=until)
        found = apart(self._claim, telling.told, between_runs=True)
        assert found is not None
        return Counterexample(scenario=smallest, story=telling.story, broken=found)
