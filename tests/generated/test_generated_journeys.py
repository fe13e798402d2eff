"""Generated journeys can be read and checked, and a simulation of one loses nobody."""

from __future__ import annotations

import collections
import os

import pytest

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.happening import Run
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import default_start, generate, simulate, simulate_all
from safar.engine.simulate.results import as_json
from safar.engine.simulate.world import World
from tests.generated.journeys import ALL, journey

COUNT = max(50, int(500 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))))
CUSTOMERS = 20


def project_of(text: str) -> Project:
    reading = read_text(text)
    findings = [*reading.findings, *check(reading.project)]
    assert not [f"{one.message}: {one.span.text}" for one in findings if one.severity is Severity.ERROR]
    return reading.project


@pytest.mark.parametrize("seed", range(COUNT))
def test_nobody_is_lost(seed: int) -> None:
    project = project_of(journey(seed))
    figures = as_json(simulate(project, "j", n=CUSTOMERS))
    _agree(figures, _runs(project, "j"))
    if len(project.journeys) > 1:
        together = as_json(simulate_all(project, n=CUSTOMERS, days=20))
        for own in together["journeys"].values():
            assert own["entered"] == sum(own["outcomes"].values()) + own["unfinished"]


def _runs(project: Project, name: str) -> list[Run]:
    programs = (lower(project, project.journeys[name]),)
    world = World(programs=programs, start=default_start(project), customers=CUSTOMERS, words=False)
    return [run for one in generate(project, CUSTOMERS, 1, world.start) for run in live(world, one).runs]


def _agree(figures: dict[str, object], runs: list[Run]) -> None:
    """Entered = outcomes + unfinished; at every step, in = visits = out + still inside."""
    inside = collections.Counter(run.visits[-1] for run in runs if not run.outcome and run.visits)
    came: collections.Counter[str] = collections.Counter()
    left: collections.Counter[str] = collections.Counter()
    edges: list[dict[str, object]] = figures["edges"]  # type: ignore[assignment]
    for edge in edges:
        count = edge["count"]
        assert isinstance(count, int)
        came[str(edge["to"])] += count
        left[str(edge["from"])] += count
    entered, unfinished = figures["entered"], figures["unfinished"]
    assert isinstance(figures["outcomes"], dict)
    assert entered == sum(figures["outcomes"].values()) + sum(run.outcome == "" and not run.held_out for run in runs)
    assert unfinished == sum(inside.values())
    assert left["entry"] == entered
    assert isinstance(figures["steps"], dict)
    for node, told in figures["steps"].items():
        if node == "entry":
            continue
        assert came[node] == told["visits"], node
        if not node.startswith("exit:"):
            assert left[node] + inside[node] == told["visits"], node


def test_the_same_seed_gives_the_same_text() -> None:
    assert journey(5) == journey(5) != journey(6)


WORDS = """
arrivals: arrive
behaves: behaves
calendar: enter each
caps: at most
clock: today
closed: closed feast then
consent: only if
events: wait for called
goals: goal bought
held: hold out
history: count(
interrupts: exit won
jumps: go to
moments: wait until
payloads: with (
per: per shop
personas: persona planner
quiet: quiet
reentry: reenter always
repeats: repeat
responses: after about 5m
sets: set customer.email_ok = no
several: start k
splits: split
unknowns: maybe
zones: timezone
"""


@pytest.mark.parametrize("line", WORDS.split("\n")[1:-1])
def test_what_is_left_out_does_not_occur(line: str) -> None:
    feature, _, word = line.partition(": ")
    assert any(word in journey(seed) for seed in range(30))
    assert not any(word in journey(seed, features=ALL - {feature, "several"}) for seed in range(10))
