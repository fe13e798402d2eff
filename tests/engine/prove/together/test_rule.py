"""A project's `at most` over several journeys: proved, or refuted by one customer in several of them."""

from __future__ import annotations

import random

import pytest

from safar.dsl.read import read_text
from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.program import Program, lower
from safar.engine.prove.rules import Question, questions, verdict
from safar.engine.prove.verdict import Method, Outcome, Verdict
from tests.engine.prove.together.small_projects import lives, most_within, sent, shop

HEAD = """customer { tier: one of bronze, gold = bronze fixed; ok: yes_no = no }
event came
event left
event order { id: text key }
channel email { outbound }
tag offer
action coupon { code: text; tag offer }
"""
ALPHA = """journey alpha { enter on came; stage s { touchpoint a1 { send email { text "A" } }; wait 2d
  touchpoint a2 { send email { text "A" }; do coupon(code = "A") } } }
"""
BETA = """journey beta { enter on left if customer.ok; stage s { touchpoint b1 { send email { text "B" } }
  do coupon(code = "B") } }
"""
GOLD = 'journey gold { enter on left if customer.tier == gold; stage s { touchpoint c { send email { text "C" } } } }\n'
BRONZE = GOLD.replace("gold", "bronze").replace("touchpoint c", "touchpoint d")


def asked(text: str) -> list[Question]:
    reading = read_text(text)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return list(questions([lower(reading.project, one) for one in reading.project.journeys.values()]))


def answered(rule: str, *journeys: str) -> Verdict:
    [question] = asked(HEAD + f"rule r {{ {rule} }}\n" + "".join(journeys))
    return verdict(question)


def breaks(programs: tuple[Program, ...], found: Verdict) -> bool:
    """Whether the customer shown breaks the rule when he is told anew in all journeys."""
    assert found.counterexample is not None
    assert found.rule.claim is not None
    telling = Teller(programs[0], programs[1:]).tell(found.counterexample.scenario)
    return broken(found.rule.claim, telling.told) is not None


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ("at most 2 email per 7d", Outcome.REFUTED),
        ("at most 3 email per 7d", Outcome.PROVED),
        ("at most 2 messages per 2d", Outcome.PROVED),
        ("at most 1 coupon per 1d", Outcome.REFUTED),
        ("at most 1 offer per customer", Outcome.REFUTED),
        ("at most 2 offer per customer", Outcome.PROVED),
        ("at most 1 email per calendar day", Outcome.REFUTED),
        ("at most 2 email per calendar day", Outcome.PROVED),
        ("at most 2 email per run", Outcome.PROVED),
    ],
)
def test_over_two_journeys(rule: str, outcome: Outcome) -> None:
    found = answered(rule, ALPHA, BETA)
    assert found.outcome is outcome, found.reason
    if outcome is Outcome.REFUTED:
        assert found.method is Method.REPLAY
        assert found.counterexample is not None
        assert {run.journey for run in found.counterexample.story.runs} == {"alpha", "beta"}


def test_nobody_is_both() -> None:
    assert answered("at most 1 email per 7d", GOLD, BRONZE).outcome is Outcome.PROVED
    assert answered("at most 2 email per 7d", GOLD, BRONZE, BETA).outcome is Outcome.PROVED
    assert answered("at most 1 email per 7d", GOLD, BRONZE, BETA).outcome is Outcome.REFUTED


def test_one_journey_alone_is_enough() -> None:
    found = answered("at most 1 email per 7d", ALPHA, BETA)
    assert found.outcome is Outcome.REFUTED
    assert found.counterexample is not None
    assert [run.journey for run in found.counterexample.story.runs] == ["alpha"]


@pytest.mark.parametrize("batch", range(2))
def test_verdicts_agree_with_replays(batch: int) -> None:
    undecided = 0
    for seed in range(batch * 8, batch * 8 + 8):
        small = shop(1_000 + seed)
        chance = random.Random(seed)  # noqa: S311 - no secret
        per, hours = chance.choice((("12h", 12), ("1d", 24), ("2d", 48)))
        count = chance.randrange(1, 4)
        [question] = asked(f"rule r {{ at most {count} email per {per} }}\n{small.text}")
        found = verdict(question, budget=20_000)
        undecided += found.outcome is Outcome.UNDECIDED
        if found.outcome is Outcome.REFUTED:
            assert breaks(question.programs, found), small.text
        if found.outcome is Outcome.PROVED and found.method is not Method.LIMITS:
            for story in lives(small, 60, seed):
                assert most_within(sent(small, story, "email"), hours * 3_600) <= count, small.text
    assert undecided <= 2
