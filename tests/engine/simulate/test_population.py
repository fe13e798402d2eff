from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from safar.dsl.read import read_file, read_text
from safar.engine.simulate.population import generate, simulate, simulate_all
from safar.engine.simulate.results import as_json, to_text
from safar.engine.simulate.world import Customer, Occurrence

JOURNEYS = Path(__file__).parents[3] / "journeys"
SIX = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")
REFERENCE = Path(__file__).parents[3] / "benchmarks" / "reference.journey"
START = 1_798_761_600
DAY = 86_400

DSL = """
customer { email_ok: yes_no = yes; secret: text? private; orders: integer = 0 }
event joined
event opened
event order_placed { total: money; then set customer.orders = customer.orders + 1 }
channel email { outbound; cost 0.002 EUR per message; only if customer.email_ok; at most 1 per 7d then skip }
persona planner "Planner" { share 40%; set customer.email_ok = one of yes 80%, no 20% }
persona hunter { share 60% }
journey buying "Buying" {
  enter on joined
  hold out 10%
  goal won { on order_placed within 14d; target at least 12%; value order_placed.total }
  measure pressure = messages per customer, target at most 2
  horizon 30d
  behaves { order_placed 1% per day with (total = 20 EUR to 80 EUR) }
  stage meeting {
    touchpoint hello {
      send email { text "Hello" }
      responds { opened 60% after about 2h { order_placed 30% after 1d with (total = 50 EUR) } }
    }
    set customer.secret = "told nobody"
    wait for order_placed up to 3d { exit won }
    split test { 50% a { touchpoint again { send email { text "Again" } } }; 50% b }
    wait 1d
    exit lost
  }
}
"""
PROJECT = read_text(DSL).project


def figures(**options: object) -> str:
    return to_text(as_json(simulate(PROJECT, "buying", **({"n": 300, "seed": 3} | options))))  # type: ignore[arg-type]


def test_the_reference_workload_comes_out() -> None:
    """The exact figures are those of an absorbing chain; see benchmarks/simulate.py."""
    n = 4000
    project = read_text(REFERENCE.read_text(encoding="utf-8")).project
    found = as_json(simulate(project, "reference", n=n))
    bought, measures = found["goals"]["bought"], found["measures"]
    assert found["entered"] == n == sum(found["outcomes"].values())
    error = math.sqrt(0.278 * 0.722 / n)
    assert bought["rate"] == pytest.approx(0.27817305, abs=4 * error)
    for name, exact, spread in (
        ("reminders_sent", 2.5252036, 1.09),
        ("cost_per_customer", 0.132003201, 0.0476),
        ("revenue_per_customer", 16.37859, 31.0),
    ):
        assert measures[name]["value"] == pytest.approx(exact, abs=4 * spread / math.sqrt(n))
    assert bought["time"]["mean"] == pytest.approx(139.55621 * 3600, abs=4 * 70 * 3600 / math.sqrt(0.278 * n))
    # What is charged is what was sent.
    sent = {name: one["delivered"] for name, one in found["channels"].items()}
    assert found["cost"]["EUR"] == pytest.approx(0.002 * sent["email"] + 0.045 * sent["sms"] + 0.001 * sent["push"])


def test_two_runs_are_equal_and_seeds_differ() -> None:
    assert figures() == figures()
    assert figures() != figures(seed=4)


def test_order_of_customers_plays_no_part() -> None:
    customers = list(generate(PROJECT, 300, 3, START))
    assert figures(customers=customers[::-1]) == figures(customers=customers) == figures()


def test_all_that_entered_came_out_somewhere() -> None:
    found = json.loads(figures())
    assert found["entered"] == sum(found["outcomes"].values()) + found["unfinished"]
    assert found["customers"] == found["entered"] + sum(found["attempts"].values()) == 300
    assert found["attempts"]["held_out"] == found["hold_out"]["customers"] > 10
    again = found["touchpoints"]["again"]
    assert again["suppressed"]["limit"] + again["suppressed"]["consent"] > 0
    into = sum(edge["count"] for edge in found["edges"] if edge["to"] == "hello")
    assert into == found["steps"]["hello"]["visits"] == found["entered"]
    assert found["revenue"] == found["goals"]["won"]["value"]


def test_customers_are_taken_one_at_a_time() -> None:
    told: list[str] = []

    def come() -> Iterator[Customer]:
        for number in range(1, 20):
            yield Customer(key=str(number))
            assert json.loads(told[-1])["customer"] == str(number)

    assert simulate(PROJECT, "buying", customers=come(), n=20, traces=told.append).customers == 19


@pytest.mark.parametrize("name", SIX)
def test_both_spellings_give_the_same_bytes(name: str) -> None:
    texts = set()
    for path in (JOURNEYS / "dsl" / f"{name}.journey", JOURNEYS / "yaml" / f"{name}.journey.yaml"):
        reading = read_file(path)
        lines: list[str] = []
        result = simulate(reading.project, name, n=60, traces=lines.append)
        texts.add(to_text(as_json(result)) + "".join(lines))
    assert len(texts) == 1


def test_progress_knows_the_end() -> None:
    told: list[tuple[int, int]] = []
    simulate(PROJECT, "buying", n=130, progress=lambda done, of: told.append((done, of)))
    assert told == [(64, 130), (128, 130), (130, 130)]


def test_nobody() -> None:
    found = as_json(simulate(PROJECT, "buying", customers=[]))
    assert found["customers"] == found["entered"] == 0


def test_traces_are_lines_of_json_that_tell_no_secret() -> None:
    lines: list[str] = []
    simulate(PROJECT, "buying", n=20, traces=lines.append)
    happenings = [json.loads(line) for line in lines]
    wanted = {"customer", "journey", "entry", "n", "at", "step", "what", "event", "payload", "why"}
    assert all(wanted <= one.keys() for one in happenings)
    assert "told nobody" not in "".join(lines)
    numbers = [one["n"] for one in happenings if one["customer"] == "3"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {one["at"][-1] for one in happenings} == {"Z"}
    orders = [one["payload"] for one in happenings if one["event"] == "order_placed" and one["what"] == "event"]
    assert all(one["total"].endswith(" EUR") for one in orders)


def test_what_customers_do_is_taken_from_a_file() -> None:
    def happens(day: float, event: str, **parts: object) -> Occurrence:
        return Occurrence(at=START + int(day * DAY), event=event, **parts)  # type: ignore[arg-type]

    order = happens(2, "order_placed", payload={"total": 700_000})
    opened = happens(0.5, "opened", touchpoint="hello")
    customers = [
        Customer(key=f"c{n}", occurrences=(happens(0, "joined"), *((opened, order) if n % 2 else ())))
        for n in range(40)
    ]
    found = as_json(simulate(PROJECT, "buying", customers=customers))
    entered, won = found["entered"], found["goals"]["won"]
    assert found["touchpoints"]["hello"]["answers"] == {"opened": won["reached"], "order_placed": 0}
    assert won["reached"] == found["outcomes"]["won"] > 0
    assert won["reached"] + found["hold_out"]["goals"]["won"]["reached"] == 20
    assert won["value"] == {"EUR": 70 * won["reached"]}
    assert won["time"]["mean"] == 2 * DAY
    assert entered + found["attempts"]["held_out"] == 40


def test_all_journeys_share_limits_and_count_revenue_once() -> None:
    second = DSL.replace("journey buying", "journey other").split("persona hunter { share 60% }")[1]
    project = read_text(
        DSL + second.replace("hello", "hi").replace("again", "anew").replace("hold out 10%", "")
    ).project
    alone = {name: as_json(simulate(project, name, n=200)) for name in ("buying", "other")}
    both = as_json(simulate_all(project, n=200))
    assert list(both["journeys"]) == ["buying", "other"]
    assert both["journeys"]["other"]["entered"] == alone["other"]["entered"]
    sent = both["channels"]["email"]["delivered"]
    assert sent == sum(one["channels"]["email"]["delivered"] for one in both["journeys"].values())
    assert sent < sum(one["channels"]["email"]["delivered"] for one in alone.values())
    separate = sum(one["revenue"]["EUR"] for one in both["journeys"].values())
    assert max(one["revenue"]["EUR"] for one in both["journeys"].values()) <= both["revenue"]["EUR"] < separate
    assert both["cost"]["EUR"] == pytest.approx(0.002 * sent)
