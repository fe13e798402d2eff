"""Intervals of measures: against a formula by hand, against their promise over many populations, and where none is."""

from __future__ import annotations

import math
import os
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.simulate.population import simulate
from safar.engine.simulate.results import as_json
from safar.engine.simulate.statistics import Z, wilson

TEXT = """
event joined
event opened
event rated {{ stars: number; took: duration; fee: money }}
event ordered {{ total: money }}
channel email {{ outbound; cost 0.25 EUR per message }}
condition never = customer.age > 200
customer {{ age: integer = 30 }}
persona planner {{ share 50% }}
persona hunter {{ share 50% }}
journey j {{
  enter on joined
  goal won {{ on ordered within 9d; value ordered.total }}
{measures}
  stage s {{
    split test {{ 50% a {{ }}; 50% b {{ }} }}
    repeat up to 3 times until opened {{
      touchpoint hello {{
        send email
        responds {{
          opened 70% if persona == planner, 20% otherwise after 1h to 20h
          rated 60% after 1h to 3d with (stars = 1.5 to 4.5, took = 1m to 9m, fee = 1 EUR to 3 EUR)
          ordered 15% after 1h to 20h with (total = 10 EUR to 30 EUR)
        }}
      }}
      wait 1d
    }}
    wait 9d
  }}
}}
"""
POPULATIONS = int(400 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
FORMULAS = {
    "share": "won, target at least 5%",
    "won_each": "won per entered",
    "open_rate": "opened per delivered",
    "pressure": "messages per customer",
    "cost_each": "cost per won",
    "earned": "margin per customer",
    "roi": "revenue / cost - 1",
    "gap": "won in test.a - won in test.b, target at least 0%",
    "planners": "won for planner per entered for planner",
    "stars": "average(rated.stars)",
    "fee": "average(rated.fee)",
    "took": "average(rated.took)",
    "slow": "time from entered to won",
    "orders": "ordered",
}


def project(**formulas: str) -> Project:
    lines = "\n".join(f"  measure {name} = {formula}" for name, formula in formulas.items())
    reading = read_text(TEXT.format(measures=lines))
    assert not [finding.message for finding in reading.findings if finding.severity.value == "error"]
    return reading.project


PROJECT = project(**FORMULAS)


def measures(n: int, seed: int = 1, of: Project = PROJECT) -> dict[str, Any]:
    found: dict[str, Any] = as_json(simulate(of, "j", n=n, seed=seed, engine="fast"))["measures"]
    return found


def test_intervals_hold_what_they_promise() -> None:
    """Of many populations each interval misses the truth in one of twenty, within 4 standard errors."""
    truth = {name: one["value"] for name, one in measures(200_000).items()}
    truth["orders"] *= 400 / 200_000
    hits = dict.fromkeys(FORMULAS, 0)
    for seed in range(POPULATIONS):
        for name, one in measures(400, seed + 2).items():
            hits[name] += one["low"] <= truth[name] <= one["high"]
    slack = 4 * math.sqrt(0.95 * 0.05 / POPULATIONS)
    assert {name: hit for name, hit in hits.items() if abs(hit / POPULATIONS - 0.95) > slack} == {}


def test_both_engines_tell_the_same() -> None:
    """Also of answers that nobody waits for, whose fields only an average reads."""
    plain, fast = (simulate(PROJECT, "j", n=150, engine=engine).counts["j"] for engine in ("plain", "fast"))
    assert plain.numbers == fast.numbers and plain.sums == fast.sums


HANDED = """
event joined
event ordered { total: money; points: number }
channel email { outbound }
journey j {
  enter on joined
  measure total = average(ordered.total)
  measure points = average(ordered.points)
  stage s {
    touchpoint hello {
      send email
      responds { ordered 40% after 1h to 4d with (total = 1 EUR to 9 EUR, points = 0.5 to 2.5) }
    }
    wait for ordered(hello) up to 2d { exit bought } otherwise { wait 9d }
  }
}
"""


def test_averages_of_answers_that_a_wait_takes() -> None:
    of = read_text(HANDED).project
    plain, fast = (simulate(of, "j", n=300, engine=engine).counts["j"] for engine in ("plain", "fast"))
    assert plain.numbers == fast.numbers and plain.sums == fast.sums and len(plain.sums) == 2


def test_a_quotient_by_hand() -> None:
    """From the rows of single customers: cost per won has the error of the sum of cost - (cost per won) x won."""
    rows: list[dict[str, Any]] = []
    found = as_json(simulate(PROJECT, "j", n=300, results=lambda columns: rows.append))["measures"]["cost_each"]
    each = [(float(row["cost_EUR"] or 0) / 10_000, row["goal_won"] is not None) for row in rows]
    won = sum(one for _, one in each)
    ratio = sum(cost for cost, _ in each) / won
    rest = [cost - ratio * one for cost, one in each]
    wrong = math.sqrt(300 / 299 * sum(value * value for value in rest)) / won
    assert found["value"] == pytest.approx(ratio, abs=1e-6)
    assert (found["low"], found["high"]) == (
        pytest.approx(ratio - Z * wrong, abs=1e-5),
        pytest.approx(ratio + Z * wrong, abs=1e-5),
    )


def test_a_share_of_runs_is_wilsons() -> None:
    """Who enters once is a trial of his own; the sample variance has one degree of freedom less."""
    n = 500
    found = measures(n, of=project(share="won per entered"))["share"]
    won = round(found["value"] * n)
    assert (found["low"], found["high"]) == pytest.approx(wilson(won * (n - 1) / n, n - 1), abs=1e-6)


def test_of_nothing_the_interval_is_not_empty() -> None:
    """`never` is never true: none of 200 is below 1.9%, and a count of none below 3.84."""
    found = measures(200, of=project(share="never per customer", many="never", pressure="never per messages"))
    assert (found["share"]["low"], found["share"]["high"]) == pytest.approx(wilson(0, 200), abs=1e-6)
    assert (found["many"]["value"], found["many"]["low"], found["many"]["high"]) == (0, 0, 3.841459)
    assert 0 < found["pressure"]["high"] < 0.05 and found["pressure"]["low"] == 0


def test_what_is_fixed_has_no_spread() -> None:
    found = measures(50, of=project(price="cost per messages"))["price"]
    assert found["value"] == found["low"] == found["high"] == 0.25


@pytest.mark.parametrize("n", [0, 1])
def test_of_one_customer_nothing_is_known(n: int) -> None:
    assert all(one["low"] is None is one["high"] for one in measures(n).values())


def test_numbers_too_large_for_products_have_no_interval() -> None:
    """The mean is told all the same, and the other engine says so too."""
    text = TEXT.replace("stars = 1.5 to 4.5", "stars = 1000000000000.5 to 9000000000000.5")
    big = read_text(text.format(measures="measure stars = average(rated.stars)")).project
    for engine in ("plain", "fast"):
        found = as_json(simulate(big, "j", n=50, engine=engine))["measures"]["stars"]
        assert found["value"] > 1e12 and found["low"] is None is found["high"]
