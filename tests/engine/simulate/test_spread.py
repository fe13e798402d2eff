"""Sums of squares over customers: by hand, in both engines, in parts, and how intervals follow from them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from safar.dsl.read import read_text
from safar.engine.simulate.columns.tally import Tally
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.population import Generated, simulate
from safar.engine.simulate.results import as_json
from safar.engine.simulate.statistics import Moments

TEXT = """
event joined
event ordered { total: money }
channel email { outbound; cost 0.25 EUR per message; cost 1 EUR per customer }
journey j {
  enter on joined
  goal won { on ordered within 9d; value ordered.total }
  stage s {
    touchpoint hello { send email; responds { ordered 50% after 1h to 3d with (total = 10 EUR to 30 EUR) } }
    wait for ordered up to 2d { } otherwise { touchpoint again { send email } }
    touchpoint receipt { send email; transactional }
    wait 9d
  }
}
"""
PROJECT = read_text(TEXT).project


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_sums_over_customers(engine: Literal["plain", "fast"]) -> None:
    counts = simulate(PROJECT, "j", n=200, engine=engine).counts["j"]
    orders, again = counts.get("goal", "won"), counts.get("delivered", "again")
    assert 0 < again < 200
    assert counts.get("sum", "messages") == 200 + again
    assert counts.get("squares", "messages") == 200 - again + 4 * again
    assert counts.get("sum", "cost", "EUR") == counts.get("cost", "EUR") == 200 * 15_000 + again * 2_500
    assert counts.get("squares", "cost", "EUR") == (200 - again) * 15_000**2 + again * 17_500**2
    assert counts.get("sum", "revenue", "EUR") == counts.get("revenue", "EUR")
    assert counts.get("squares", "revenue", "EUR") >= counts.get("revenue", "EUR") ** 2 // orders
    times = counts.times["won"]
    assert times.squares >= times.total**2 // times.count


def test_parts_add_up_in_both_engines() -> None:
    whole = simulate(PROJECT, "j", n=150).counts["j"]
    merged = Counts()
    parts: tuple[tuple[int, int, Literal["plain", "fast"]], ...] = ((1, 40, "plain"), (41, 150, "fast"))
    for first, last, engine in parts:
        customers = Generated(PROJECT, 1, 1_798_761_600, first, last)
        part = simulate(PROJECT, "j", customers=customers, n=150, start=1_798_761_600, engine=engine)
        merged.merge(part.counts["j"])
    assert merged.numbers == whole.numbers and merged.times == whole.times


def test_intervals_are_those_of_the_mean() -> None:
    result = simulate(PROJECT, "j", n=200)
    figures, counts = as_json(result), result.counts["j"]
    messages = figures["per_customer"]["messages"]
    low, high = Moments(200, counts.get("sum", "messages"), counts.get("squares", "messages")).interval() or (0.0, 0.0)
    assert (messages["low"], messages["high"]) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    cost = figures["per_customer"]["cost"]["EUR"]
    assert cost["mean"] == pytest.approx(figures["cost"]["EUR"] / 200) and cost["low"] < cost["mean"] < cost["high"]
    time = figures["goals"]["won"]["time"]
    assert time["low"] < time["mean"] < time["high"]


def test_without_squares_the_bounds_are_null() -> None:
    result = simulate(PROJECT, "j", n=50)
    counts = result.counts["j"]
    for key in [key for key in counts.numbers if key[0] in ("sum", "squares")]:
        del counts.numbers[key]
    cost = as_json(result)["per_customer"]["cost"]["EUR"]
    assert cost["mean"] > 0 and cost["low"] is None and cost["high"] is None


@pytest.mark.parametrize("values", [[], [0], [3, -5, 7], [2**41, -(2**41), 2**41 + 1], [2**50, 1], [2**53, -(2**53)]])
def test_squares_are_exact(values: list[int]) -> None:
    tally = Tally()
    tally.spread(("cost", "EUR"), np.array(values, np.int64), len(values))
    assert tally.numbers.get(("squares", "cost", "EUR"), 0) == sum(value * value for value in values)
    tally = Tally()
    tally.spread(("messages",), 3, 7)
    assert dict(tally.numbers) == {("sum", "messages"): 21, ("squares", "messages"): 63}
