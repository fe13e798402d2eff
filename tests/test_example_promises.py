"""The example journeys keep what their scenarios promise, and each scenario fails when what it tests is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safar.dsl.read import read_file, read_text
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.test import results
from safar.engine.test.scenarios import run_scenario

FOLDER = Path(__file__).parents[1] / "journeys"
FILES = sorted(path for path in FOLDER.glob("*/*.journey*") if not path.name.startswith("vocabulary"))


def run(project: Project) -> Iterator[results.Tested]:
    for scenario in project.scenarios:
        yield run_scenario(Teller(lower(project, project.journeys[scenario.journey])), scenario)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_journey_has_rules_a_scenario_and_a_forecast(file: Path) -> None:
    project = read_file(file).project
    assert all(journey.rules for journey in project.journeys.values())
    assert project.scenarios
    assert project.forecasts
    assert {"mail_consent", "not_a_flood"} <= set(project.vocabulary.rules)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_scenarios_come_true(file: Path) -> None:
    assert [failure.message for one in run(read_file(file).project) for failure in one.failures] == []


NO_CONSENT = ("email_ok: yes_no = yes", "email_ok: yes_no = no")
CAP = ("at most 3 per 7d then skip", "at most 1 per 7d then skip")
NIGHT = ("quiet from 22:00 to 08:00 then wait up to 1d", "quiet from 08:30 to 08:00 then skip")

MUTATIONS = {
    "abandoned_cart": [
        NO_CONSENT,
        ("at most 3 per 7d then skip", "at most 2 per 7d then skip"),
        NIGHT,
        (
            "enter on cart_updated if customer.cart_value > 20 EUR",
            "enter on cart_updated if customer.cart_value > 90 EUR",
        ),
        ("on order_placed exit won", "on order_placed if customer.orders > 1 exit won"),
        ("wait for opened(reminder) up to 2d as answer", "wait for opened(reminder) up to 1h as answer"),
        ("      }\n    }\n    wait 2d\n  }", "      }\n    }\n    wait 4d\n  }"),
        ("customer.cart_value >= 60 EUR as worth_it", "customer.cart_value >= 160 EUR as worth_it"),
        ("wait 1h as cooling_off", "wait 3h as cooling_off"),
        ('shows "Sale ends in" = stock.ends_in', "tag offer"),
    ],
    "birthday": [
        NO_CONSENT,
        ("at 09:00 if customer.email_ok", "at 09:00 if customer.sms_ok"),
        ("if customer.member as عضو_است", "if not customer.member as عضو_است"),
        ("wait until 18:00 as عصر", "wait until saturday at 18:00 as عصر"),
        (
            "wait for order_placed up to 7d as خرید { exit rewarded",
            "wait for order_placed up to 7h as خرید { exit rewarded",
        ),
        ('feeling +3 "خوشحال"', "tag offer"),
    ],
    "first_purchase": [
        NO_CONSENT,
        CAP,
        ("enter on order_placed if customer.orders == 1", "enter on order_placed if customer.orders == 2"),
        ("wait for parcel_delivered up to 5d as delivery", "wait for parcel_delivered up to 1d as delivery"),
        ("for rated if rated.stars >= 4", "for rated if rated.stars >= 6"),
        ("customer.favourite == sport as taste", "customer.favourite == home as taste"),
        ("wait for order_placed up to 60d as second", "wait for order_placed up to 60h as second"),
        ("    wait 14d\n", "    wait 24d\n"),
    ],
    "five_stages": [
        ("wait for product_viewed up to 14d as interest", "wait for product_viewed up to 14h as interest"),
        ("for cart_updated { go to purchase }", "for cart_updated { exit undecided }"),
        ("on competitor_chosen exit competitor", "on competitor_chosen if persona == planner exit competitor"),
        ("wait up to 10d as choosing", "wait up to 10h as choosing"),
    ],
    "loyalty": [
        NO_CONSENT,
        ("customer.lifetime_value >= 500 EUR as ranking", "customer.lifetime_value >= 5000 EUR as ranking"),
        ("only if customer.push_ok", "only if not customer.push_ok"),
        ("until friend_joined as asking_friends", "until reviewed as asking_friends"),
        ("    wait 10d\n", "    wait 20d\n"),
        ("    wait 3d\n", "    wait 5d\n"),
    ],
    "omnichannel": [
        ("only if customer.cookies_ok", "only if not customer.cookies_ok"),
        ("wait for clicked up to 3d as interest", "wait for clicked up to 3h as interest"),
        ("on support_called go to personal", "on support_called if customer.member go to personal"),
        ("    wait 1h\n", "    wait 2d\n"),
        ("on order_placed exit bought", "on order_placed if customer.member exit bought"),
    ],
}


@pytest.mark.parametrize("journey", sorted(MUTATIONS))
def test_scenarios_fail_when_the_journey_is_broken(journey: str) -> None:
    """Consent gone, a wait longer, a limit lower ...: each is noticed by a scenario of the journey."""
    texts = {name: (FOLDER / "dsl" / name).read_text("utf-8") for name in (f"{journey}.journey", "vocabulary.journey")}
    unnoticed = []
    for old, new in MUTATIONS[journey]:
        mutated = {name: text.replace(old, new) for name, text in texts.items()}
        assert mutated != texts, old
        reading = read_text(mutated[f"{journey}.journey"], f"{journey}.journey", files=mutated)
        assert not [one.message for one in reading.findings if one.severity is Severity.ERROR], old
        if all(one.verdict is results.Verdict.PASSED for one in run(reading.project)):
            unnoticed.append(old)
    assert unnoticed == []
