"""Two judges that share nothing, brute force over small worlds and z3, say the same of small journeys."""

from __future__ import annotations

import os

import pytest

from safar.engine.program import lower
from tests.engine.prove.small_journeys import PLAIN, question
from tests.engine.prove.small_world import explore

plain_z3 = pytest.importorskip("benchmarks.plain_z3", reason="z3-solver is not installed")
SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
COUNT, MOST = max(10, int(300 * SCALE)), max(100, int(10_000 * SCALE**2))
"""Journeys, and scripts that are tried of each."""


@pytest.mark.parametrize("seed", range(COUNT))
def test_brute_force_and_z3_agree(seed: int) -> None:
    """What is broken is never proved; where all was tried, what is not broken is proved."""
    asked = question(seed, features=PLAIN)
    found = explore(asked, deeds=2 + (SCALE >= 1), most=MOST)
    program = lower(asked.project, asked.project.journeys["j"])
    for name, claim in asked.claims.items():
        try:
            refuted = plain_z3.z3_refutes(program, claim)
        except plain_z3.UnsupportedError:
            continue
        reach = name in found.reached
        if found.breaks(name) != reach:
            assert refuted is (not reach), f"{asked.text}\n{claim.span.text}"
