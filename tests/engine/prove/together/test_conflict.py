"""A project's `never A within D of B` between its journeys: proved, or refuted by one customer who gets both."""

from __future__ import annotations

import os
import random
import re

import pytest

from safar.engine.claims.judge import apart
from safar.engine.claims.telling import Teller
from safar.engine.promises import Apart
from safar.engine.prove.rules import verdict
from safar.engine.prove.verdict import Outcome
from safar.engine.simulate.happening import Story, What
from tests.engine.prove.together.small_projects import Shop, lives, shop
from tests.engine.prove.together.test_rule import BRONZE, GOLD, HEAD, asked

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
SHOPS = max(10, int(150 * SCALE))
HOUR = 3_600

VOCABULARY = (
    HEAD
    + """channel sms { outbound }
touchpoint ten { send email { text "10%" }; tag offer }
touchpoint twenty { send sms { text "20%" }; tag offer }
"""
)
TEN = "journey welcoming { enter on came; stage s { wait 1d; touchpoint ten } }\n"
TWENTY = "journey birthdays { enter on left; stage s { wait 2d; touchpoint twenty } }\n"
LATER = "journey birthdays { enter on came; stage s { wait 5d; touchpoint twenty } }\n"
YEARLY = "journey birthdays { enter each year on customer.birthday; stage s { touchpoint twenty } }\n"


@pytest.mark.parametrize(
    ("rule", "journeys", "outcome"),
    [
        ("never ten within 7d of twenty", TEN + TWENTY, Outcome.REFUTED),
        ("never twenty within 7d of ten", TEN + TWENTY, Outcome.REFUTED),
        ("never ten on the same day as twenty", TEN + TWENTY, Outcome.REFUTED),
        ("never offer within 7d of offer", TEN + TWENTY, Outcome.REFUTED),
        ("never email within 1h of sms", TEN + TWENTY, Outcome.REFUTED),
        ("never email within 1h of email", TEN + TWENTY, Outcome.PROVED),
        ("never email within 7d of email", GOLD + BRONZE, Outcome.PROVED),
        ("never email within 7d of email", TEN + BRONZE, Outcome.REFUTED),
        ("never ten within 1d of came", TEN + TWENTY, Outcome.REFUTED),
        ("never ten within 1d of entry", TEN + TWENTY, Outcome.PROVED),
        ("never ten within 7d of twenty", TEN + LATER, Outcome.REFUTED),
        ("never ten within 1d of twenty", TEN + LATER, Outcome.UNDECIDED),
    ],
)
def test_between_journeys(rule: str, journeys: str, outcome: Outcome) -> None:
    [question] = asked(f"{VOCABULARY}rule r {{ {rule} }}\n{journeys}")
    found = verdict(question)
    assert found.outcome is outcome
    claim = question.rule.claim
    if found.counterexample is not None:
        assert isinstance(claim, Apart)
        telling = Teller(question.programs[0], question.programs[1:]).tell(found.counterexample.scenario)
        assert apart(claim, telling.told, between_runs=True) is not None


def test_what_is_entered_by_the_calendar_stays_there() -> None:
    text = VOCABULARY.replace("ok: yes_no = no", "ok: yes_no = no; birthday: date? = unknown fixed")
    rule = "rule r { never ten within 7d of twenty }\n"
    [question] = asked(text + rule + TEN + YEARLY)
    assert verdict(question).outcome is Outcome.REFUTED


def test_a_journeys_own_rule_speaks_of_its_runs() -> None:
    own = TEN.replace("stage s", "rule r { never email within 7d of sms }\n  stage s")
    [question] = asked(VOCABULARY + own + TWENTY)
    assert verdict(question).outcome is Outcome.PROVED


def nearest(small: Shop, story: Story) -> float:
    """Seconds between a marketing mail of one journey and a text message of another, at the least."""
    transactional = set(re.findall(r"touchpoint (\w+) \{[^\n]*transactional", small.text))
    sent = [one for one in story.happenings if one.what is What.DELIVERED and one.touchpoint not in transactional]
    pairs = [(a, b) for a in sent for b in sent if (a.detail, b.detail) == ("email", "sms") and a.journey != b.journey]
    return min((abs(a.at - b.at) for a, b in pairs), default=float("inf"))


def test_nobody_breaks_what_is_proved_between_journeys() -> None:
    outcomes = []
    for seed in range(SHOPS):
        small = shop(3_000 + seed)
        hours = random.Random(seed).choice((3, 12, 24))  # noqa: S311 - no secret
        [question] = asked(f"rule r {{ never email within {hours}h of sms }}\n{small.text}")
        found = verdict(question, budget=20_000)
        outcomes.append(found.outcome)
        if found.outcome is Outcome.PROVED:
            for story in lives(small, 60, seed):
                assert nearest(small, story) >= hours * HOUR, small.text
    assert {Outcome.PROVED, Outcome.REFUTED} <= set(outcomes)
    assert outcomes.count(Outcome.UNDECIDED) <= len(outcomes) // 5
