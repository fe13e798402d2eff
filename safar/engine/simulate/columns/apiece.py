"""What each made-up customer adds to a goal's rate, so that two journeys are compared customer by customer."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations_with_replacement

import msgspec
import numpy as np

from safar.engine.model import Measure, Project, Quantity
from safar.engine.names import fold
from safar.engine.program import lower
from safar.engine.simulate.columns.cells import Array
from safar.engine.simulate.columns.chunk import Chunk
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.engine import Engine
from safar.engine.simulate.columns.products import product
from safar.engine.simulate.counts import Counts, Key
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.leaves import ENTERED, Leaf
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import Generated
from safar.engine.simulate.sloped import Sloped
from safar.engine.simulate.spread import PRODUCT, SAMPLED, SUM, counted, error
from safar.engine.simulate.world import Customer, World
from safar.engine.source import NOWHERE

Columns = dict[str, Array]
"""By word one number each, in the order of the customers."""
_WORDS = ("goal", "entered")


class Apiece:
    """Lives the customers 1 to n through a journey: which runs each began, under `entered`, and how many of these
    reached the goal, under `goal`.
    """

    def __init__(self, people: Generated, journey: str, goal: str) -> None:
        self._people = people
        self._goal = goal
        self._factors = {"entered": counted(Leaf(*ENTERED)), "goal": counted(Leaf("goal", fold(goal)))}
        self._columns: Columns = {word: np.zeros(people.last, np.int64) for word in _WORDS}
        measured = _measuring(people.project, journey, goal)
        program = lower(measured, measured.journeys[journey])
        start, n = people.start, people.last
        self._world = World(programs=(program,), seed=people.seed, start=start, customers=n, words=False)
        self._fold = Fold((program,))
        (self._counts,) = self._fold.journeys.values()

    def live(self, done: Callable[[int], None]) -> Columns:
        """Live them all.  `done` is told how many are."""
        try:
            engine = Engine(self._world, self._alone, each=self._together)
        except NotInColumns:
            for number, customer in enumerate(self._people, 1):
                self._alone(customer)
                done(number)
        else:
            engine.generated(1, self._people.last, done)
        return self._columns

    def _alone(self, customer: Customer) -> None:
        before = self._counts.get("entered"), self._counts.get("goal", self._goal)
        self._fold.add(live(self._world, customer))
        row = int(customer.key) - 1
        self._columns["entered"][row] = self._counts.get("entered") - before[0]
        self._columns["goal"][row] = self._counts.get("goal", self._goal) - before[1]

    def _together(self, chunk: Chunk) -> None:
        rows = np.asarray(chunk.crowd.places) - 1
        for word, factor in self._factors.items():
            self._columns[word][rows] = chunk.of_customer(factor)


def _measuring(project: Project, journey: str, goal: str) -> Project:
    """The project in which the journey measures the goal's rate."""
    goals, runs = (Quantity(span=NOWHERE, kind="name", name=name, of=of) for of, name in (("goal", goal), ENTERED))
    rate = Quantity(span=NOWHERE, kind="arithmetic", op="/", parts=(goals, runs))
    own = project.journeys[journey]
    measures = (*own.measures, Measure(span=NOWHERE, name="rate of the goal", quantity=rate))
    changed = msgspec.structs.replace(own, measures=measures)
    return msgspec.structs.replace(project, journeys={**project.journeys, journey: changed})


def rate(columns: Columns, side: str = "") -> Sloped | None:
    """The share of the runs that reached the goal; None without runs."""
    goal, entered = (Sloped(Fraction(int(columns[word].sum())), "", {side + word: Fraction(1)}) for word in _WORDS)
    return goal.over(entered)


def gap(before: Columns, after: Columns) -> tuple[float, float | None]:
    """How much greater the rate is after a change, and the standard error of that, customer by customer."""
    old, new = rate(before, "before "), rate(after, "after ")
    if old is None or new is None:
        return 0.0, None
    found = new.plus(old.scaled(Fraction(-1), ""))
    both = {f"before {word}": before[word] for word in _WORDS} | {f"after {word}": after[word] for word in _WORDS}
    return float(found.value), error(_products(both), found.slopes)


def _products(columns: Columns) -> Counts:
    """Totals of columns, and the sums of products that intervals are made of."""
    n = len(next(iter(columns.values())))
    numbers: dict[Key, int] = {("customers",): n, (SAMPLED,): n}
    numbers |= {(SUM, name): int(column.sum()) for name, column in columns.items()}
    for a, b in combinations_with_replacement(sorted(columns), 2):
        numbers[PRODUCT, a, b] = product(columns[a], columns[b], n)
    return Counts(numbers)
