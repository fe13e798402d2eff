"""The prover against all that can happen in small worlds, lived through one by one by the plain interpreter.

What was broken is never proved; every counterexample is told again and judged here; little is left undecided.
`SAFAR_TEST_SCALE=1` asks 1,000 journeys with six rules each; everywhere else it is a share.
"""

from __future__ import annotations

import collections
import os

import pytest

from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.program import Program, lower
from safar.engine.promises import Claim, Reachable
from safar.engine.prove.prove import Answer, prove_claim
from safar.engine.prove.verdict import Outcome
from tests.engine.prove.small_journeys import Question, question, tiny
from tests.engine.prove.small_world import explore

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
BATCHES = 10
COUNT = max(100, int(1_000 * SCALE)) // BATCHES
MOST = max(60, int(6_000 * SCALE**2))
"""Journeys of a batch, and scripts that are tried of each."""
TINY, TINY_MOST = max(60, int(1_000 * SCALE)) // BATCHES, max(400, int(6_000 * SCALE))
"""Of tiny ones, nearly all of whose worlds are tried wholly."""
DEEDS = 2
"""What may happen behind the entry in a world."""


def program_of(asked: Question) -> Program:
    return lower(asked.project, asked.project.journeys["j"])


def replays(program: Program, claim: Claim, answer: Answer) -> bool:
    """Whether the counterexample breaks the rule when it is told once more."""
    if isinstance(claim, Reachable):
        return True  # refuted by looking everywhere
    assert answer.counterexample is not None
    telling = Teller(program).tell(answer.counterexample.scenario)
    return broken(claim, telling.told) is not None


@pytest.mark.parametrize("batch", range(BATCHES))
def test_verdicts_agree_with_brute_force(batch: int) -> None:
    verdicts: collections.Counter[Outcome] = collections.Counter()
    for seed in range(batch * COUNT, (batch + 1) * COUNT):
        asked = question(seed)
        program, found = program_of(asked), explore(asked, most=MOST)
        for name, claim in asked.claims.items():
            answer = prove_claim(program, claim)
            verdicts[answer.outcome] += 1
            told = f"seed {seed}: {claim.span.text}\n{asked.text}"
            if isinstance(claim, Reachable):
                assert answer.outcome is not Outcome.REFUTED or found.breaks(name), told
            elif found.breaks(name):
                assert answer.outcome is not Outcome.PROVED, f"{told}{found.broken[name].script}"
            if answer.outcome is Outcome.REFUTED:
                assert replays(program, claim, answer), told
    assert verdicts[Outcome.UNDECIDED] <= 0.05 * verdicts.total() + 2, verdicts


def is_beyond(answer: Answer) -> bool:
    """Whether a counterexample takes more than what a small world tries."""
    return answer.counterexample is not None and len(answer.counterexample.scenario.script) > DEEDS


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_nobody_breaks_in_a_whole_world_is_proved(batch: int) -> None:
    """Where all of a world was tried, a rule is refuted only if somebody breaks it there."""
    whole = 0
    verdicts: collections.Counter[Outcome] = collections.Counter()
    for seed in range(batch * TINY, (batch + 1) * TINY):
        asked = tiny(seed)
        program, found = program_of(asked), explore(asked, deeds=DEEDS, most=TINY_MOST)
        whole += found.whole
        for name, claim in asked.claims.items():
            answer = prove_claim(program, claim)
            verdicts[answer.outcome] += 1
            told = f"seed {seed}: {claim.span.text}\n{asked.text}"
            if found.breaks(name) and (found.whole or not isinstance(claim, Reachable)):
                assert answer.outcome is not Outcome.PROVED, f"{told}{found.broken.get(name)}"
            elif found.whole or isinstance(claim, Reachable):
                assert answer.outcome is not Outcome.REFUTED or is_beyond(answer), f"{told}{answer.counterexample}"
    assert whole >= (0.5 if SCALE >= 1 else 0.1) * TINY
    assert verdicts[Outcome.UNDECIDED] <= 0.05 * verdicts.total() + 2, verdicts
