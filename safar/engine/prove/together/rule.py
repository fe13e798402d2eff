"""A project's `at most` over all its journeys: proved by what they bring in all, refuted by one joint replay."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller, Telling
from safar.engine.program import Program
from safar.engine.promises import AtMost, Scenario
from safar.engine.prove.prove import Answer
from safar.engine.prove.shrink import shrunk
from safar.engine.prove.together.joint import Replayed
from safar.engine.prove.together.most import Most, Together
from safar.engine.prove.together.stretch import Figure, stretch
from safar.engine.prove.together.whole import whole
from safar.engine.prove.verdict import Counterexample, Method, Outcome
from safar.engine.simulate.life import LimitExceededError


class AtMostTogether:
    """One rule over several journeys."""

    def __init__(self, programs: Sequence[Program], claim: AtMost, budget: int) -> None:
        self._programs, self._claim = whole(programs), claim
        per = stretch(self._programs[0].project, claim.per or "customer", claim.window or 0)
        self._figure = Figure(claim.deed, per)
        self._together = Together(self._programs, [self._figure], budget)

    def is_kept(self) -> bool:
        """Whether what all journeys bring together, in whatever order, is never too many."""
        summed, limit = self._together.bound(self._figure)
        return min(summed.bound, math.inf if limit is None else limit) <= self._claim.count

    def answer(self) -> Answer:
        """Proved, refuted by a customer who is in several journeys, or undecided."""
        found = self._together.most(self._figure, self._claim.count + 1)
        if found.bound <= self._claim.count:
            return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
        if found.replayed is not None and found.reached > self._claim.count:
            example = self._example(found.replayed)
            return Answer(outcome=Outcome.REFUTED, method=Method.REPLAY, counterexample=example)
        return Answer(outcome=Outcome.UNDECIDED, reason=_reason(found))

    def _example(self, replayed: Replayed) -> Counterexample:
        """The customer made as small as can be, in the journeys that matter alone if that is enough."""
        teller = self._teller(replayed)
        scenario = msgspec.structs.replace(replayed.scenario, expects=(self._claim,), title=self._claim.span.text)

        def told(smaller: Scenario) -> Telling | None:
            try:
                telling = teller.tell(smaller)
            except LimitExceededError:
                return None
            fits = telling.story.runs and not (telling.untaken or telling.unanswered or telling.again)
            return telling if fits else None

        def breaks(smaller: Scenario) -> bool:
            telling = told(smaller)
            return telling is not None and broken(self._claim, telling.told) is not None

        smallest = shrunk(scenario, breaks)
        telling = teller.tell(smallest)
        found = broken(self._claim, telling.told)
        assert found is not None
        return Counterexample(scenario=smallest, story=telling.story, broken=found)

    def _teller(self, replayed: Replayed) -> Teller:
        """Of the journeys that matter; of all, where others begin what those do."""
        names = {one.part.name for one in replayed.laid}
        few = [one for one in self._programs if one.journey.name in names]
        for programs in (few, list(self._programs)):
            teller = Teller(programs[0], programs[1:])
            scenario = msgspec.structs.replace(replayed.scenario, expects=(self._claim,))
            if len(programs) == len(self._programs) or broken(self._claim, teller.tell(scenario).told) is not None:
                return teller
        raise AssertionError


def _reason(found: Most) -> str:
    most = "any number" if found.bound == math.inf else f"{found.bound:,.0f}"
    reached = f", and no replay was found to come to more than {found.reached:,}" if found.reached else ""
    return f"each journey alone keeps it, but together they may come to {most}{reached}"
