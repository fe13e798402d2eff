"""Rules, scenarios, forecasts and plans: both spellings give one model, names come from files that are used."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine import promises as p
from safar.engine.model import Project, Settings
from safar.engine.simulate import population, results

VOCABULARY = """
customer { email_ok: yes_no = no; first_name: text?; orders: integer = 0; value: money = 0 EUR }
event order_placed { order_id: text key; total: money }
event opened
event parcel_delivered
channel email { outbound; only if customer.email_ok; at most 3 per 7d then skip }
channel sms { outbound; only if customer.email_ok; at most 3 per 7d then skip }
team crm
team logistics
tag offer
action issue_coupon { code: text }
persona planner { share 100% }
"""
JOURNEY = """
journey NAME {
  enter on order_placed
  goal won { on order_placed within 14d }
  stage awareness { touchpoint thanks { send email { subject "Hi" }; responds { opened 5% } }; wait 1d }
  stage decision {
    touchpoint tracking { send email { subject "Hi" }; tag offer }
    split coupon_test { 50% coupon { touchpoint thanks as again }; 50% control { } }
    touchpoint welcome { send sms { text "Hi" } }
    touchpoint review_request { send email { subject "Hi" } }
    touchpoint feedback { send email { subject "Hi" } }
    wait for order_placed up to 5d { exit loyal }
  }
}
"""
NAMES = ("first_purchase", "first_purchase_today", "abandoned_cart", "abandoned_cart_today", "cart")
JOURNEYS = "".join(JOURNEY.replace("NAME", name) for name in NAMES)
FILES = {"vocabulary.journey": VOCABULARY, "journeys.journey": 'use "vocabulary.journey"\n' + JOURNEYS}

PAGE = Path(__file__).parents[3] / "docs" / "language" / "yaml.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## Rules, tests and plans")[2].partition("\n## ")[0]
PAIRS = [(m[1], m[2]) for m in re.finditer(r"```journey\n(.*?)```\n```yaml\n(.*?)```", SECTION, re.DOTALL)][1:]


def built(text: str, path: str) -> Project:
    reading = read_text(text, path, files=FILES)
    assert [(f.message, f.span.text) for f in reading.findings] == []
    return reading.project


@pytest.mark.parametrize(("text", "yaml"), PAIRS, ids=["tests", "plans"])
def test_both_spellings_give_one_model(text: str, yaml: str) -> None:
    left = built(f'use "journeys.journey"\n{text}', "a.journey")
    right = built(f"use: journeys.journey\n{yaml}", "a.journey.yaml")
    assert left == right
    assert left.scenarios or left.plans


RULES = {
    "never email unless customer.email_ok": p.OnlyIf,
    "after order_placed where total > 5 EUR always thanks within 1d": p.Follows,
    "never welcome on the same day as thanks": p.Apart,
    "never welcome within 1d of opened(thanks)": p.Apart,
    "never sms from 21:00 to 09:00": p.OffHours,
    "never offer in stage awareness": p.NotInStage,
    "never review_request before parcel_delivered": p.NotBefore,
    "never issue_coupon": p.Never,
    "always exit within 120d": p.Ends,
    "every persona can reach loyal": p.Reachable,
    "every persona can reach coupon_test": p.Reachable,
    "every persona can reach completed": p.Reachable,
    "at most 3 messages per 7d": p.AtMost,
    "at most 3 any messages per run": p.AtMost,
    "at most 1 issue_coupon per calendar day": p.AtMost,
}


@pytest.mark.parametrize(("said", "kind"), RULES.items())
def test_what_a_rule_says_in_both_spellings(said: str, kind: type[p.Claim]) -> None:
    journey = JOURNEY.replace("NAME {", f"j {{\n  rule r {{ {said} }}")
    left = built('use "vocabulary.journey"' + journey, "a.journey").journeys["j"]
    yaml = f"""
use: vocabulary.journey
journeys:
  j:
    rules: {{r: '{said}'}}
    stages:
      - stage: awareness
        steps: [{{touchpoint: thanks, send: {{channel: email, subject: Hi}}}}, {{wait: 1d}}]
      - stage: decision
        steps:
          - {{touchpoint: tracking, send: {{channel: email, subject: Hi}}, tag: offer}}
          - split: coupon_test
            arms: [{{arm: coupon, share: 50%}}, {{arm: control, share: 50%}}]
          - {{touchpoint: welcome, send: {{channel: sms, text: Hi}}}}
          - {{touchpoint: review_request, send: {{channel: email, subject: Hi}}}}
          - exit: loyal
"""
    right = built(yaml, "a.journey.yaml").journeys["j"]
    assert left.rules == right.rules
    assert type(left.rules[0].claim) is kind


def claim(said: str) -> p.Claim | None:
    return built(f'use "vocabulary.journey"\nrule r {{ {said} }}', "a.journey").vocabulary.rules["r"].claim


def test_what_rules_speak_of() -> None:
    every, some = claim("at most 3 any messages per 7d"), claim("at most 3 messages per 7d")
    assert isinstance(every, p.AtMost)
    assert isinstance(some, p.AtMost)
    assert (every.deed.every, some.deed.every, every.window, every.per) == (True, False, 604_800, "window")
    apart = claim("never offer within 2d of opened")
    assert isinstance(apart, p.Apart)
    assert (apart.deed.kind, apart.other.kind, apart.within) == ("tag", "event", 172_800)


def test_rules_of_used_files_are_the_projects() -> None:
    files = {"vocabulary.journey": VOCABULARY + "rule pressure { at most 4 messages per 7d }"}
    reading = read_text('use "vocabulary.journey"\nrule once { at most 1 email per run }', files=files)
    assert list(reading.project.vocabulary.rules) == ["pressure", "once"]
    again = read_text('use "vocabulary.journey"\nrule pressure { at most 1 email per run }', files=files)
    assert [f.rule for f in again.findings] == ["duplicate-name"]


def test_a_touchpoint_of_a_journey_is_no_name_of_the_projects() -> None:
    reading = read_text(f'use "vocabulary.journey"\n{JOURNEYS}\nrule r {{ never thanks }}', files=FILES)
    assert [f.help for f in reading.findings if f.rule == "unknown-name"] == [
        "move the rule into the journey, or the touchpoint out of it"
    ]


def test_a_scenario_is_told_whole() -> None:
    found = built(f'use "journeys.journey"\n{PAIRS[0][0]}', "a.journey").scenarios[0]
    assert (found.journey, found.persona, found.title) == (
        "first_purchase",
        "planner",
        "A planner who opens becomes loyal",
    )
    assert found.start is not None
    assert (found.start.date, found.start.at, found.start.event) == (datetime.date(2027, 1, 5), 32_400, "order_placed")
    assert [(one.after, one.event, one.answers) for one in found.script] == [
        (10_800, "opened", "thanks"),
        (172_800, "", None),
        (1_036_800, "order_placed", None),
    ]
    path, leaves = found.expects[:2]
    assert isinstance(path, p.TakesPath)
    assert isinstance(leaves, p.LeavesBy)
    assert path.stops == ("thanks", "tracking", None, "feedback")
    assert (leaves.outcome, leaves.by) == ("loyal", 2_592_000)


def compared(text: str, settings: Settings | None = None) -> p.Comparison:
    whole = f'use "journeys.journey"\nforecast "F" for cart against first_purchase {{ expect {text} }}'
    reading = read_text(whole, files=FILES, settings=settings)
    assert [(f.message, f.span.text) for f in reading.findings] == []
    return reading.project.forecasts[0].expects[0]


def test_measures_of_forecasts() -> None:
    found = compared("won at least 12%")
    assert (found.op, found.right.value, found.right.unit) == (">=", Fraction(3, 25), "%")
    found = compared("cost per won at most 3 EUR")
    assert (found.op, found.right.value, found.right.unit) == ("<=", Fraction(30_000), "EUR")
    found = compared("-unfinished + 3 < completed * 2")
    assert (found.left.op, found.left.parts[0].op, found.right.parts[0].of) == ("+", "-", "figure")
    found = compared("won in coupon_test.coupon > won in first_purchase within 3d")
    assert (found.left.kind, found.right.kind, found.right.parts[0].kind) == ("in", "within", "journey")
    assert compared("time from order_placed to opened at most 3d").right.unit == "s"


CURRENCIES = ["3 EUR", "360_000 IRT", "3600000 IRR"]


@pytest.mark.parametrize("money", CURRENCIES)
def test_toman_rial_and_euro_in_both_spellings(money: str) -> None:
    settings = Settings(rates={"IRT_per_EUR": Fraction(120_000)})
    text = f"""use "journeys.journey"
condition spent = customer.value >= {money}
forecast "F" for cart {{ expect cost per won at most {money} }}
scenario "S" for cart {{
  customer {{ value = {money} }}
  start 2027-01-05 at 09:00 on order_placed with (total = {money})
}}"""
    yaml = f"""
use: journeys.journey
conditions: {{spent: 'customer.value >= {money}'}}
forecasts: [{{forecast: F, for: cart, expect: cost per won at most {money}}}]
scenarios:
  - scenario: S
    for: cart
    customer: {{value: {money}}}
    start: 2027-01-05 at 09:00 on order_placed with (total = {money})
"""
    left = read_text(text, "a.journey", files=FILES, settings=settings)
    right = read_text(yaml, "a.journey.yaml", files=FILES, settings=settings)
    assert left.findings == right.findings == ()
    assert left.project == right.project
    for path, said in (("a.journey", text), ("a.journey.yaml", yaml)):
        found = {f.rule for f in read_text(said, path, files=FILES).findings}
        assert found == (set() if money == "3 EUR" else {"mixed-currency"})


def test_a_run_does_not_see_them() -> None:
    plain = VOCABULARY + JOURNEY.replace("NAME", "first_purchase")
    more = (
        plain.replace("stage awareness", "rule r { never email unless customer.email_ok }\n  stage awareness")
        + PAIRS[0][0].partition("forecast")[0]
    )
    without, having = (read_text(text).project for text in (plain, more))
    assert having.scenarios
    assert having.journeys["first_purchase"].rules
    told = [results.as_json(population.simulate(one, "first_purchase", n=50)) for one in (without, having)]
    assert told[0] == told[1]
    bare = msgspec.structs.replace(having.journeys["first_purchase"], rules=())
    assert bare == without.journeys["first_purchase"]
