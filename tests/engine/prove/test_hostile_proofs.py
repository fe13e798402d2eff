"""What is made to take for ever ends as undecided, at the same place on every machine."""

from __future__ import annotations

import random

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.engine.prove.prove import Answer, prove_claim
from safar.engine.prove.verdict import Outcome


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


def test_a_large_puzzle_ends_within_the_budget() -> None:
    text = puzzle(40, 172, seed=3)
    first, second = answered(text, 20_000), answered(text, 20_000)
    assert first.outcome is Outcome.UNDECIDED
    assert "20,000 combinations" in first.reason
    assert first.work == second.work < 25_000
