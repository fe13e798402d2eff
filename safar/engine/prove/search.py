"""One question put to a journey: joined first, then without loss, with what is found tried on the interpreter."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec

from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.labels import Broken
from safar.engine.prove.system import System
from safar.engine.prove.trail import Trail, trails
from safar.engine.prove.verdict import Counterexample, Method, Outcome

BUDGET = 400_000
"""Work of one exploration without loss, in boxes made and compared; about five seconds."""
MOST_BACK = 3
"""Times that a joined way may lead back and still be tried."""
FIRST_REPLAYED, MOST_REPLAYED, MOST_SEEN = 4, 10, 400
"""Ways to a broken rule that are tried on the interpreter as they are found, that are tried later, and in all."""

MOST_TRAILS = 6
"""Ways to one place where it may be broken that are tried."""

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


def explored(system: System, make: Callable[[], Watch], replay: Replay, budget: int) -> Answer:
    """PROVED: nothing breaks the watch; REFUTED: a replayed customer does."""
    search = Search(system, make(), replay)
    joined = Explorer(system, make(), joined=True, budget=linear(system, budget))
    if joined.run(search.try_first):
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED, work=joined.work)
    return exactly(search, Explorer(system, search.watch, budget=budget))


def linear(system: System, budget: int) -> int:
    """The work of a joined exploration: some steps for each place; with less than these nothing is said of any."""
    return budget // 2 + 40 * len(system.program.places)


def exactly(search: Search, explorer: Explorer) -> Answer:
    """What an exploration without loss says, after what was found before."""
    complete = search.found is None and explorer.run(search.try_out)
    if search.found is None:
        search.try_others()
    return concluded(search, explorer, complete=complete)


def concluded(search: Search, explorer: Explorer, *, complete: bool) -> Answer:
    """What follows from all that was found; `complete`: there is nothing else."""
    if not complete and search.found is None and not search.seen and (solved := _solved(search, explorer)):
        return solved
    outcome, method, reason = Outcome.UNDECIDED, None, _too_much(explorer.budget)
    if search.found is not None:
        outcome, method, reason = Outcome.REFUTED, Method.REPLAY, ""
    elif search.seen:
        method, reason = Method.BOXES, _unreplayed(explorer.system, search.seen[0])
    elif complete:
        outcome, method, reason = Outcome.PROVED, Method.BOXES, ""
    return Answer(outcome=outcome, method=method, reason=reason, counterexample=search.found, work=explorer.work)


def _solved(search: Search, explorer: Explorer) -> Answer | None:
    """What z3 says, if it is installed, where there were too many combinations."""
    from safar.engine.prove import solver

    if not solver.is_there():
        return None
    said, way = solver.solve(explorer.system, search.watch, linear(explorer.system, explorer.budget))
    if said is solver.Said.NOBODY:
        return Answer(outcome=Outcome.PROVED, method=Method.SOLVER)
    if said is solver.Said.SOMEBODY and search.try_way(way):
        return Answer(outcome=Outcome.REFUTED, method=Method.REPLAY, counterexample=search.found)
    return None


class Search:
    """Ways to a broken rule, tried on the interpreter: the first ones at once, others from all over at the end."""

    def __init__(self, system: System, watch: Watch, replay: Replay) -> None:
        self._system, self.watch, self._replay = system, watch, replay
        self.seen: list[Broken] = []
        self.found: Counterexample | None = None
        self._tried: set[tuple[tuple[int, int], ...]] = set()

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

    def try_few(self, broken: Broken) -> bool:
        """Told of a way: whether it is enough, or it is better to look in another order."""
        self.try_out(broken)
        return self.found is not None or len(self.seen) >= FIRST_REPLAYED

    def try_others(self) -> None:
        """Of the ways that were not tried one by each last arc, then some from all over; longer ones have more room."""
        left = self.seen[FIRST_REPLAYED:][::-1]
        others = list({id(broken.arc): broken for broken in reversed(left)}.values())
        for broken in (*others[:MOST_REPLAYED], *left[:: max(1, len(left) // MOST_REPLAYED)]):
            if self.found is None:
                self._try(broken)

    def try_way(self, way: Trail) -> bool:
        """Whether a way is one that the interpreter goes, too."""
        key = tuple((id(step.arc), step.before) for step in way)
        if key not in self._tried:
            self._tried.add(key)
            self.found = self._replay(way, self.watch)
        return self.found is not None

    def _try(self, broken: Broken) -> None:
        for way in itertools.islice(trails(self._system, broken), MOST_TRAILS):
            if self.try_way(way):
                return


def _too_much(budget: int) -> str:
    return f"more than {budget:,} combinations would have to be looked at; `--limit combinations=N` allows more"


def _unreplayed(system: System, broken: Broken) -> str:
    place = broken.arc.marks[0].place if broken.arc.marks else broken.arc.end
    where = f" at `{system.program.places[place].node}`" if place >= 0 else ""
    return f"it may be broken{where}, and no customer was found whose replay breaks it"
