"""Whether a claim holds in every run of one journey: joined first, then without loss, with replay."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from safar.engine.claims.judge import Broken as Seen
from safar.engine.claims.telling import Telling
from safar.engine.program import Program
from safar.engine.promises import AtMost, Claim, Reachable
from safar.engine.prove import forms, limits
from safar.engine.prove.beside import SeveralRuns, is_side_by_side
from safar.engine.prove.explore import Broken, Explorer
from safar.engine.prove.forms.reachable import ReachWatch, reached
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.replay import Replayer
from safar.engine.prove.system import System, is_entered_once
from safar.engine.prove.trail import Trail, trail
from safar.engine.prove.verdict import Counterexample, Method, Outcome

BUDGET = 400_000
"""Work of one exploration without loss, in boxes made and compared; about five seconds."""
MOST_BACK = 3
"""Times that a joined way may lead back and still be tried."""
FIRST_REPLAYED, MOST_REPLAYED, MOST_SEEN = 4, 10, 400
"""Ways to a broken rule that are tried on the interpreter as they are found, that are tried later, and in all."""

Replay = Callable[[Trail, Watch], Counterexample | None]
"""Tries a way on the interpreter."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one claim in one journey.  `persona` is the one who cannot reach what every one shall."""

    outcome: Outcome
    method: Method | None = None
    reason: str = ""
    counterexample: Counterexample | None = None
    persona: str = ""
    work: int = 0


def prove(system: System, claim: Claim, budget: int = BUDGET) -> Answer:
    """The verdict on a claim, `every persona can reach X` among them."""
    if isinstance(claim, Reachable):
        return _reachable(system, claim, budget)
    if isinstance(claim, AtMost) and (answer := _at_most(system, claim, budget)) is not None:
        return answer
    return explored(system, lambda: forms.watch(system, claim), Replayer(system, claim).refutation, budget)


def _at_most(system: System, claim: AtMost, budget: int) -> Answer | None:
    """What is said without counting in stretches: by limits, or because a whole run has no more."""
    most = limits.bound(claim, (system.program,))
    if most is not None and most <= claim.count:
        return Answer(outcome=Outcome.PROVED, method=Method.LIMITS)
    if claim.per == "run":
        return None
    if is_side_by_side(system.program):
        return _side_by_side(system, claim, budget)
    if not is_entered_once(system.program):
        return None
    whole = forms.watch(system, msgspec.structs.replace(claim, per="run", window=None))
    if Explorer(system, whole, joined=True, budget=linear(system, budget)).run(lambda broken: True):
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
    return None


def _side_by_side(system: System, claim: AtMost, budget: int) -> Answer:
    """No limit holds over runs side by side if one of them does it at all: then any number does, at one instant."""
    once = msgspec.structs.replace(claim, count=0, per="run", window=None)
    several = SeveralRuns(system, claim, claim.count + 1).refutation
    return explored(system, lambda: forms.watch(system, once), several, budget)


def explored(system: System, make: Callable[[], Watch], replay: Replay, budget: int) -> Answer:
    """PROVED: nothing breaks the watch; REFUTED: a replayed customer does."""
    search = _Search(system, make(), replay)
    joined = Explorer(system, make(), joined=True, budget=linear(system, budget))
    if joined.run(search.try_first):
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED, work=joined.work)
    return _exactly(system, search, budget)


def linear(system: System, budget: int) -> int:
    """The work of a joined exploration: some steps for each place; with less than these nothing is said of any."""
    return budget // 2 + 40 * len(system.program.places)


def _exactly(system: System, search: _Search, budget: int) -> Answer:
    explorer = Explorer(system, search.watch, budget=budget)
    complete = search.found is None and explorer.run(search.try_out)
    if search.found is None:
        search.try_others()
    if not complete and search.found is None and not search.seen and (solved := _solved(system, search, budget)):
        return solved
    outcome, method, reason = Outcome.UNDECIDED, None, _too_much(budget)
    if search.found is not None:
        outcome, method, reason = Outcome.REFUTED, Method.REPLAY, ""
    elif search.seen:
        method, reason = Method.BOXES, _unreplayed(system, search.seen[0])
    elif complete:
        outcome, method, reason = Outcome.PROVED, Method.BOXES, ""
    return Answer(outcome=outcome, method=method, reason=reason, counterexample=search.found, work=explorer.work)


def _solved(system: System, search: _Search, budget: int) -> Answer | None:
    """What z3 says, if it is installed, where there were too many combinations."""
    from safar.engine.prove import solver

    if not solver.is_there():
        return None
    said, way = solver.solve(system, search.watch, linear(system, budget))
    if said is solver.Said.NOBODY:
        return Answer(outcome=Outcome.PROVED, method=Method.SOLVER)
    if said is solver.Said.SOMEBODY and search.try_way(way):
        return Answer(outcome=Outcome.REFUTED, method=Method.REPLAY, counterexample=search.found)
    return None


class _Search:
    """Ways to a broken rule, tried on the interpreter: the first ones at once, others from all over at the end."""

    def __init__(self, system: System, watch: Watch, replay: Replay) -> None:
        self._system, self.watch, self._replay = system, watch, replay
        self.seen: list[Broken] = []
        self.found: Counterexample | None = None

    def try_first(self, broken: Broken) -> bool:
        """Told of a way of a joined exploration: it may be none, and is tried all the same, unless it leads round."""
        if broken.label is None or broken.label.back <= MOST_BACK:
            self._try(broken)
        return True

    def try_out(self, broken: Broken) -> bool:
        """Told of a way: whether it is enough now."""
        self.seen.append(broken)
        if len(self.seen) <= FIRST_REPLAYED:
            self._try(broken)
        return self.found is not None or len(self.seen) >= MOST_SEEN

    def try_others(self) -> None:
        """Of the ways that were not tried some from the last to the first: longer ones leave more room."""
        left = self.seen[FIRST_REPLAYED:][::-1]
        for broken in left[:: max(1, len(left) // MOST_REPLAYED)]:
            if self.found is None:
                self._try(broken)

    def try_way(self, way: Trail) -> bool:
        """Whether a way is one that the interpreter goes, too."""
        self.found = self._replay(way, self.watch)
        return self.found is not None

    def _try(self, broken: Broken) -> None:
        self.try_way(trail(self._system, broken))


def _too_much(budget: int) -> str:
    return f"more than {budget:,} combinations would have to be looked at; `--limit combinations=N` allows more"


def _unreplayed(system: System, broken: Broken) -> str:
    place = broken.arc.marks[0].place if broken.arc.marks else broken.arc.end
    where = f" at `{system.program.places[place].node}`" if place >= 0 else ""
    return f"it may be broken{where}, and no customer was found whose replay breaks it"


# --- every persona can reach


def _reachable(system: System, claim: Reachable, budget: int) -> Answer:
    """Proved by a customer of each persona; refuted where a persona cannot, whatever happens."""
    undecided = None
    for persona in (*system.project.vocabulary.personas,) or (None,):
        answer = reaches(system, claim, persona, budget)
        if answer.outcome is Outcome.PROVED:
            return Answer(outcome=Outcome.REFUTED, method=answer.method, persona=persona or "")
        if answer.outcome is Outcome.UNDECIDED and undecided is None:
            who = f"a {persona}" if persona else "a customer"
            reason = f"{who} may reach `{claim.name}`, and no customer was found whose replay does"
            undecided = Answer(outcome=Outcome.UNDECIDED, method=answer.method, reason=reason, persona=persona or "")
    return undecided or Answer(outcome=Outcome.PROVED, method=Method.REPLAY)


def reaches(system: System, claim: Reachable, persona: str | None, budget: int = BUDGET) -> Answer:
    """REFUTED: a replayed customer of the persona reaches it, maybe after the horizon; PROVED: nobody does."""

    def seen(telling: Telling) -> Seen | None:
        return reached(system.program, claim, persona, telling)

    witness = Replayer(system, claim, seen).witness
    return explored(system, lambda: ReachWatch(system, claim, persona), witness, budget)


def prove_claim(program: Program, claim: Claim, budget: int = BUDGET) -> Answer:
    """The same for a program alone."""
    return prove(System(program, (claim,)), claim, budget)
