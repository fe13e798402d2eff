"""What is made to take for ever ends as undecided, at the same place on every machine."""

from __future__ import annotations

import random

import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.engine.prove import solver
from safar.engine.prove.forms import watch
from safar.engine.prove.prove import Answer, prove_claim
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome


def puzzle(variables: int, clauses: int, seed: int) -> str:
    """A 3-SAT formula as a journey: the prize is reached by whoever satisfies every clause."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lines = ["customer {", *(f"  a{n}: yes_no = no fixed" for n in range(variables)), "}"]
    lines += ["event came", "channel site { inbound }", "journey hard {", "  enter on came"]
    lines += ["  rule unsolved { never prize }", "  stage clauses {"]
    for _ in range(clauses):
        chosen = chance.sample(range(variables), 3)
        asked = " otherwise ".join(f"if {chance.choice(('', 'not '))}customer.a{n} {{ }}" for n in chosen)
        lines.append(f"    {asked} otherwise {{ exit lost }}")
    return "\n".join([*lines, "    touchpoint prize { at site }", "    exit won", "  }", "}"])


def answered(text: str, budget: int) -> Answer:
    project = read_text(text).project
    journey = project.journeys["hard"]
    claim = journey.rules[0].claim
    assert claim is not None
    return prove_claim(lower(project, journey), claim, budget)


def test_small_puzzles_are_solved() -> None:
    assert answered(puzzle(8, 20, seed=1), 100_000).outcome is Outcome.REFUTED
    assert answered(puzzle(8, 90, seed=1), 100_000).outcome is Outcome.PROVED


def test_a_large_puzzle_ends_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "is_there", lambda: False)
    text = puzzle(40, 172, seed=3)
    first, second = answered(text, 20_000), answered(text, 20_000)
    assert first.outcome is Outcome.UNDECIDED
    assert "20,000 combinations" in first.reason
    assert first.work == second.work < 25_000


def test_z3_solves_large_puzzles() -> None:
    pytest.importorskip("z3")
    impossible = answered(puzzle(40, 220, seed=2), 5_000)
    assert (impossible.outcome, impossible.method) == (Outcome.PROVED, Method.SOLVER)
    possible = answered(puzzle(40, 120, seed=1), 5_000)
    assert possible.outcome is Outcome.REFUTED and possible.counterexample is not None


@pytest.mark.parametrize("seed", range(6))
def test_z3_says_what_boxes_say(seed: int) -> None:
    pytest.importorskip("z3")
    text = puzzle(9, 30 + seed * 4, seed)
    project = read_text(text).project
    journey = project.journeys["hard"]
    claim = journey.rules[0].claim
    assert claim is not None
    system = System(lower(project, journey), (claim,))
    said, way = solver.solve(system, watch(system, claim), 100_000)
    boxes = answered(text, 400_000).outcome
    assert said is (solver.Said.NOBODY if boxes is Outcome.PROVED else solver.Said.SOMEBODY)
    assert bool(way) == (boxes is Outcome.REFUTED)
