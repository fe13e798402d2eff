"""The absorbing chain: all states that a run can come to, and how many come there, solved in one pass.

Every wait makes time pass, so no state comes back: the states have an order in which each is behind those that lead
to it, and the expected visits (and their times) are sums along that order.  Time is part of a state as bounds, and
enters the sums as a mean: a chain of this kind is semi-Markov (J. G. Kemeny and J. L. Snell, Finite Markov Chains,
1960, chapter 3, for visits; R. A. Howard, Dynamic Probabilistic Systems II, 1971, chapter 10, for times).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safar.engine.program import Program
from safar.engine.simulate.counts import Key
from safar.engine.simulate.exact.crowds import Crowds
from safar.engine.simulate.exact.entering import Entering
from safar.engine.simulate.exact.expand import Expander
from safar.engine.simulate.exact.matters import Matters
from safar.engine.simulate.exact.refusal import DOUBT, MOST_DOUBT, NotExactError, TooManyStatesError
from safar.engine.simulate.exact.state import Edge, State
from safar.engine.source import NOWHERE

MOST_STATES = 200_000
"""States of a chain; more are refused."""


class Solution(msgspec.Struct, frozen=True):
    """Expected figures of one customer.

    `counts` are by the keys of `Counts`; `times` the sum of seconds since the entry x expected number, of goals and
    of `left` (the end of the run); `states` and `edges` the size of the chain.
    """

    program: Program
    counts: dict[Key, float]
    times: dict[Key, float]
    states: int
    edges: int

    def count(self, *key: str) -> float:
        return self.counts.get(key, 0.0)

    @property
    def doubt(self) -> float:
        """A bound of how wrong a rate may be, where delays blur the end of a goal's window."""
        return self.counts.get(DOUBT, 0.0)


def solve(program: Program, start: int = 0, most: int = MOST_STATES, doubt: float = MOST_DOUBT) -> Solution:
    """The expected figures of a journey, without chance; rates are at most `doubt` wrong.

    Raises `NotExactError` where there is no exact answer, `TooManyStatesError` where the chain has more than `most`
    states.
    """
    matters = Matters(program)
    matters.refuse()
    crowds = Crowds(program.project, start)
    expander = Expander(program, crowds, matters)
    first = list(Entering(expander, crowds, matters).edges())
    chain = _states(first, expander, most)
    solution = _visits(program, first, chain)
    if solution.doubt > doubt:
        why = f"which answers come within a goal's time depends on earlier delays, in {solution.doubt:.1g} of the runs"
        raise NotExactError(why, next((goal.span for goal in program.journey.goals), NOWHERE))
    return solution


def _states(first: Iterable[Edge], expander: Expander, most: int) -> dict[State, list[Edge]]:
    """The ways out of every state, in an order in which each state comes before those it leads to."""
    found: dict[State, list[Edge]] = {}
    done: list[State] = []
    entered: set[State] = set()
    todo = [(edge.target, False) for edge in first if edge.target is not None]
    while todo:
        state, left = todo.pop()
        if left:
            done.append(state)
        elif state not in entered:
            entered.add(state)
            if len(entered) > most:
                raise TooManyStatesError(most)
            found[state] = [edge for edge in expander.expand(state) if edge.chance > 0]
            todo.append((state, True))
            todo += [(edge.target, False) for edge in found[state] if edge.target is not None]
    return {state: found[state] for state in reversed(done)}


def _visits(program: Program, first: list[Edge], chain: dict[State, list[Edge]]) -> Solution:
    counts: dict[Key, float] = {}
    times: dict[Key, float] = {}
    mass = dict.fromkeys(chain, 0.0)
    spent = dict.fromkeys(chain, 0.0)

    def along(edge: Edge, share: float, before: float) -> None:
        """Let so much go along an edge, that took so many seconds x chance before."""
        for reward in edge.rewards:
            amount = edge.chance * reward.amount
            counts[reward.key] = counts.get(reward.key, 0.0) + share * amount
            if reward.key[0] in ("goal", "left"):
                times[reward.key] = times.get(reward.key, 0.0) + amount * (before + share * reward.after)
        if edge.target is not None:
            mass[edge.target] += share * edge.chance
            spent[edge.target] += edge.chance * (before + share * edge.seconds)

    for edge in first:
        along(edge, 1.0, 0.0)
    for state, edges in chain.items():
        for edge in edges:
            along(edge, mass[state], spent[state])
    return Solution(program, counts, times, len(chain), sum(map(len, chain.values())))
