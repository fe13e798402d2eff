"""The prover, brute force over small worlds and z3, which share nothing, say the same of small journeys."""

from __future__ import annotations

import collections
import os

import pytest

from safar.engine.program import lower
from safar.engine.promises import Apart, AtMost, Claim, Ends, Follows, OffHours
from safar.engine.prove.prove import prove_claim
from safar.engine.prove.verdict import Outcome
from tests.engine.prove.small_journeys import PLAIN, Question, question
from tests.engine.prove.small_world import explore

plain_z3 = pytest.importorskip("benchmarks.plain_z3", reason="z3-solver is not installed")
SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
TIMED = (Apart, AtMost, Ends, Follows, OffHours)
"""Rules about time; nearly every journey has one of them."""
COUNT, MOST = max(10, int(1_000 * SCALE)), max(50, int(6_000 * SCALE**2))
"""Journeys, and scripts that brute force tries of each."""
EVERY = 4
"""Of so many journeys one is tried by brute force, too."""


def refuted_by_z3(asked: Question) -> dict[str, tuple[Claim, bool]]:
    """What z3 says of each claim that its plain encoding knows."""
    program, found = lower(asked.project, asked.project.journeys["j"]), {}
    for name, claim in asked.claims.items():
        try:
            refuted = plain_z3.z3_refutes(program, claim)
        except plain_z3.UnsupportedError:
            continue
        if refuted is not None:
            found[name] = claim, refuted
    return found


@pytest.mark.parametrize("tens", range(COUNT // 10))
def test_verdicts_are_those_of_z3(tens: int) -> None:
    """Wherever the prover decides, it decides as z3 does: delays, windows, clocks, days, and events that rules name."""
    verdicts: collections.Counter[Outcome] = collections.Counter()
    timed = 0
    for seed in range(100_000 + 10 * tens, 100_010 + 10 * tens):
        asked = question(seed, features=PLAIN | {"moments"})
        program = lower(asked.project, asked.project.journeys["j"])
        compared = refuted_by_z3(asked).values()
        timed += any(isinstance(claim, TIMED) for claim, _ in compared)
        for claim, refuted in compared:
            outcome = prove_claim(program, claim).outcome
            verdicts[outcome] += 1
            expected = Outcome.REFUTED if refuted else Outcome.PROVED
            assert outcome in (expected, Outcome.UNDECIDED), f"seed {seed}: {claim.span.text}\n{asked.text}"
    assert timed >= 6
    assert verdicts[Outcome.UNDECIDED] <= 0.05 * verdicts.total() + 1, verdicts


@pytest.mark.parametrize("seed", range(COUNT // EVERY))
def test_brute_force_and_z3_agree(seed: int) -> None:
    """What was broken by somebody is broken for z3; what everybody reached is reached."""
    asked = question(seed, features=PLAIN)
    found = explore(asked, deeds=2 + (SCALE >= 1), most=MOST)
    for name, (claim, refuted) in refuted_by_z3(asked).items():
        reach = name in found.reached
        if found.breaks(name) != reach:
            assert refuted is (not reach), f"{asked.text}\n{claim.span.text}"
