"""What each customer adds to a goal's rate: as a run of him alone tells it, and differences with their errors."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from safar.engine.model import Project
from safar.engine.simulate.batches import Batches, Books, People, Side, run
from safar.engine.simulate.columns.apiece import Apiece, gap
from safar.engine.simulate.population import Generated, default_start, simulate
from safar.engine.simulate.sensitivity import assumptions, moved
from tests.engine.simulate.columns.test_engines_agree import example

N = 160


def columns(project: Project, journey: str, goal: str, n: int = N) -> dict[str, list[int]]:
    people = Generated(project, 1, default_start(project), 1, n)
    found = Apiece(people, journey, goal).live(lambda done: None)
    return {word: column.tolist() for word, column in found.items()}


@pytest.mark.parametrize(("journey", "goal"), [("abandoned_cart", "won"), ("loyalty", "repeat"), ("birthday", "")])
def test_each_customer_is_as_alone(journey: str, goal: str) -> None:
    project = example(journey)
    goal = goal or project.journeys[journey].goals[0].name
    found, n = columns(project, journey, goal), 40
    start = default_start(project)
    for number in range(1, n + 1):
        customers = Generated(project, 1, start, number, number)
        alone = simulate(project, journey, customers=customers, n=N, start=start, engine="plain").counts[journey]
        assert (found["entered"][number - 1], found["goal"][number - 1]) == (
            alone.get("entered"),
            alone.get("goal", goal),
        )
    whole = simulate(project, journey, n=N, start=start, engine="plain").counts[journey]
    assert (sum(found["entered"]), sum(found["goal"])) == (whole.get("entered"), whole.get("goal", goal))


def test_the_error_of_a_difference_is_that_of_the_jackknife() -> None:
    """Both estimate the same; a jackknife of 64 batches is itself off by about a tenth."""
    project, n = example("reference"), 1_000
    chance = next(one for one in assumptions(project, "reference") if one.kind == "chance")
    changed = moved(project, chance, Fraction(12, 10))
    start = default_start(project)
    before, after = (
        Apiece(Generated(one, 1, start, 1, n), "reference", "bought").live(lambda done: None)
        for one in (project, changed)
    )
    value, wrong = gap(before, after)
    seen = Batches()
    for results in run([Side(project=one, journey="reference") for one in (project, changed)], People(n=n)):
        seen.add(results)

    def difference(books: Books) -> Fraction:
        old, new = (Fraction(b.counts.get("goal", "bought"), b.counts.get("entered")) for b in books)
        return new - old

    estimate = seen.estimate(difference)
    assert estimate is not None and estimate.low is not None and estimate.high is not None and wrong
    assert value == pytest.approx(estimate.value) and value > 0
    assert (estimate.high - estimate.low) / 2 == pytest.approx(1.998 * wrong, rel=0.5)


def test_nobody_differs_from_himself() -> None:
    found = Apiece(Generated(example("reference"), 1, 0, 1, 50), "reference", "bought").live(lambda done: None)
    assert gap(found, found) == (0.0, 0.0) and not math.isnan(gap(found, found)[0])
