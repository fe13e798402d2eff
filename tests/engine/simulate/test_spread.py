"""Sums of products over customers: by hand, in both engines, in parts, of a sample, and the intervals from them."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
import pytest

from safar.dsl.read import read_text
from safar.engine.simulate import spread
from safar.engine.simulate.columns import engine as fast
from safar.engine.simulate.columns.products import product
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.leaves import Leaf
from safar.engine.simulate.population import Generated, simulate
from safar.engine.simulate.results import as_json
from safar.engine.simulate.spread import Sample, counted
from safar.engine.simulate.statistics import Moments

TWICE = Leaf("touchpoint", "again")
TEXT = """
event joined
event ordered { total: money }
channel email { outbound; cost 0.25 EUR per message; cost 1 EUR per customer }
journey j {
  enter on joined
  goal won { on ordered within 9d; value ordered.total }
  measure cost_each = cost per again
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
    assert counts.get("sampled") == counts.get("customers") == 200
    assert counts.get("sum", "messages") == 200 + again
    assert counts.get("product", "messages", "messages") == 200 - again + 4 * again
    assert counts.get("sum", "cost EUR") == counts.get("cost", "EUR") == 200 * 15_000 + again * 2_500
    assert counts.get("product", "cost EUR", "cost EUR") == (200 - again) * 15_000**2 + again * 17_500**2
    assert counts.get("sum", "revenue EUR") == counts.get("revenue", "EUR")
    assert counts.get("product", "revenue EUR", "revenue EUR") >= counts.get("revenue", "EUR") ** 2 // orders
    assert counts.get("product", "cost EUR", counted(TWICE)) == again * 17_500
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
    moments = Moments(200, counts.get("sum", "messages"), counts.get("product", "messages", "messages"))
    low, high = moments.interval() or (0.0, 0.0)
    assert (messages["low"], messages["high"]) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    cost = figures["per_customer"]["cost"]["EUR"]
    assert cost["mean"] == pytest.approx(figures["cost"]["EUR"] / 200) and cost["low"] < cost["mean"] < cost["high"]
    time = figures["goals"]["won"]["time"]
    assert time["low"] < time["mean"] < time["high"]


def test_without_a_sample_the_bounds_are_null() -> None:
    result = simulate(PROJECT, "j", n=50)
    counts = result.counts["j"]
    for key in [key for key in counts.numbers if key[0] in ("sampled", "sum", "product")]:
        del counts.numbers[key]
    cost = as_json(result)["per_customer"]["cost"]["EUR"]
    assert cost["mean"] > 0 and cost["low"] is None and cost["high"] is None


@pytest.mark.parametrize("values", [[], [0], [3, -5, 7], [2**41, -(2**41), 2**41 + 1], [2**50, 1], [2**53, -(2**53)]])
def test_products_are_exact(values: list[int]) -> None:
    others = [7 - value for value in values]
    array = np.array(values, np.int64)
    assert product(array, array, len(values)) == sum(value * value for value in values)
    assert product(array, np.array(others, np.int64), len(values)) == sum(
        a * b for a, b in zip(values, others, strict=True)
    )
    assert product(array, 3, len(values)) == product(3, array, len(values)) == 3 * sum(values)
    assert product(3, 5, 7) == 105


@pytest.mark.parametrize("every", [2, 3])
def test_a_sample_is_the_same_in_both_engines_and_in_parts(every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "BLOCK", 100)
    monkeypatch.setattr(Sample, "of", classmethod(lambda cls, n: cls(every)))
    monkeypatch.setattr(fast, "CHUNK", 100)
    whole = simulate(PROJECT, "j", n=950, engine="plain").counts["j"]
    assert whole.get("customers") == 950
    assert whole.get("sampled") == sum((number - 1) // 100 % every == 0 for number in range(1, 951))
    merged = Counts()
    for first, last in ((1, 130), (131, 420), (421, 950)):
        customers = Generated(PROJECT, 1, 1_798_761_600, first, last)
        part = simulate(PROJECT, "j", customers=customers, n=950, start=1_798_761_600, engine="fast")
        merged.merge(part.counts["j"])
    assert merged.numbers == whole.numbers
    found = as_json(simulate(PROJECT, "j", n=950, engine="plain"))["measures"]["cost_each"]
    monkeypatch.setattr(Sample, "of", classmethod(lambda cls, n: cls(1)))
    all_of_them = as_json(simulate(PROJECT, "j", n=950, engine="plain"))["measures"]["cost_each"]
    assert found["value"] == all_of_them["value"]
    assert found["high"] - found["low"] == pytest.approx(all_of_them["high"] - all_of_them["low"], rel=0.1)


@pytest.mark.parametrize(
    ("every", "first", "last"), [(0, 1, 950), (1, 3, 4), (2, 1, 950), (3, 130, 777), (4, 301, 301)]
)
def test_stretches_are_in_the_sample_or_out_of_it(
    every: int, first: int, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "BLOCK", 100)
    sample, met = Sample(every), list[int]()
    for begin, end, sampled in sample.stretches(first, last):
        assert {sample.has(number) for number in range(begin, end + 1)} == {sampled}
        met += range(begin, end + 1)
    assert met == [*range(first, last + 1)]


def test_given_customers_are_all_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sample, "of", classmethod(lambda cls, n: cls(9)))
    customers = [msgspec.structs.replace(one, key=f"shop {one.key}") for one in Generated(PROJECT, 1, 0, 1, 30)]
    for wanted in ("plain", "fast"):
        assert simulate(PROJECT, "j", customers=customers, engine=wanted).counts["j"].get("sampled") == 30
