"""The states of the chain: all that can tell what a run will still do, and nothing else."""

from __future__ import annotations

import msgspec

from safar.engine.simulate.counts import Key
from safar.engine.simulate.exact.coming import Coming
from safar.engine.simulate.exact.crowds import Crowd, Fact, Origins, Scene

Ages = tuple[tuple[int, int], ...]
"""How long ago things were, each as the least and the most seconds that it may be."""


class Round(msgspec.Struct, frozen=True):
    """Where a run stands in a `repeat`: rounds begun, and how long ago the loop began (least, most)."""

    loop: int
    rounds: int
    low: int = 0
    high: int = 0


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A run that comes to a place (or, with `remaining`, goes on waiting there so many seconds).

    `low` and `high` bound the seconds since its entry; they are one where its past had no chance in its times.
    `sent` are the ages of deliveries by counter, `paid` the costs per customer that are paid.
    """

    place: int
    crowd: Crowd
    origins: Origins = ()
    facts: frozenset[Fact] = frozenset()
    goals: frozenset[str] = frozenset()
    arms: tuple[tuple[str, str], ...] = ()
    rounds: tuple[Round, ...] = ()
    coming: tuple[Coming, ...] = ()
    sent: tuple[tuple[int, Ages], ...] = ()
    paid: frozenset[str] = frozenset()
    low: int = 0
    high: int = 0
    remaining: int = -1

    def scene(self, stage: str) -> Scene:
        return Scene(self.origins, self.facts, stage)

    def later(self, low: int, high: int) -> State:
        """Between so many seconds later; answers under way grow older in the race that made time pass."""
        return msgspec.structs.replace(
            self,
            low=self.low + low,
            high=self.high + high,
            rounds=tuple(Round(one.loop, one.rounds, one.low + low, one.high + high) for one in self.rounds),
            sent=tuple((counter, tuple((a + low, b + high) for a, b in ages)) for counter, ages in self.sent),
        )


class Reward(msgspec.Struct, frozen=True):
    """Something that is counted on an edge: so much of it, `after` seconds on the way on average."""

    key: Key
    amount: float = 1.0
    after: float = 0.0


class Edge(msgspec.Struct, frozen=True):
    """A way out of a state: its chance, the seconds it takes on average, what is counted.

    Without a `target` the run is over, by that `outcome` (empty: unfinished).
    """

    chance: float
    target: State | None
    seconds: float = 0.0
    rewards: tuple[Reward, ...] = ()
    outcome: str = ""
    last: State | None = None
    """The state in which a run ended that is over."""
