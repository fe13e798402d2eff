"""Experiments, forecasts, sensitivity and lifetime value, on journeys whose answers can be worked out by hand."""

from __future__ import annotations

import itertools
from fractions import Fraction

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.promises import Forecast
from safar.engine.simulate import experiments, lifetime
from safar.engine.simulate.batches import Batches, Books, People, Side, run
from safar.engine.simulate.exact.chain import solve
from safar.engine.simulate.forecasts import FAILED, PASSED, UNDECIDED, judge
from safar.engine.simulate.rewriting import rewritten
from safar.engine.simulate.sensitivity import assumptions, moved, sensitivity
from safar.engine.simulate.sequence import Verdict
from safar.engine.steps.split import Split

TEXT = """
event joined
event ordered { total: money }
event opened
channel email { outbound; cost 0.50 EUR per message }
persona planner { share 60% }
persona hunter { share 40% }
journey plain {
  enter on joined
  goal won { on ordered within 40d; value ordered.total }
  stage s {
    touchpoint hello { send email { text "A" }; responds { ordered 20% after 10d with (total = 10 EUR) } }
    wait 60d
  }
}
journey tested {
  enter on joined
  arrive 100 per day
  goal won { on ordered within 40d; value ordered.total }
  stage s {
    split test {
      30% more { touchpoint twice { send email; responds { ordered 30% after 10d with (total = 10 EUR) } } }
      70% less { touchpoint once { send email; responds { ordered 20% after 35d with (total = 10 EUR) } } }
    }
    wait 60d
  }
}
forecast "How it goes" for tested against plain {
  expect won at least 15%
  expect won at most 15%
  expect won at least 23%
  expect won >= won in plain - 6%
  expect cost per won at most 3 EUR
}
"""


@pytest.fixture(scope="module")
def project() -> Project:
    return read_text(TEXT).project


def test_both_comparisons_hold_the_truth(project: Project) -> None:
    wanted = experiments.Wanted(split="test", goal="won")
    found = experiments.experiment(project, "tested", wanted, People(n=1_500, seed=4))
    (contrast,) = found.contrasts
    assert contrast.independent is not None and contrast.paired is not None
    _, low, high = contrast.independent
    assert low < 0.1 < high
    assert contrast.paired.low is not None and contrast.paired.high is not None
    assert contrast.paired.low < 0.1 < contrast.paired.high
    assert [arm.runs for arm in found.arms] == [arm.runs for arm in found.arms if 0 < arm.runs < 1_500]
    assert found.arms[0].everyone is not None and found.arms[0].everyone.value == pytest.approx(0.3, abs=0.04)
    assert contrast.verdict is Verdict.BETTER
    assert found.per_day == 100


def test_a_forced_arm_changes_nothing_but_the_shares(project: Project) -> None:
    forced = experiments.only(project, _split(project), _split(project).arms[1])
    assert [one.share for one in _split(forced).arms] == [0, 1]
    assert [one.share for one in _split(project).arms] == [Fraction(3, 10), Fraction(7, 10)]
    assert forced.journeys["plain"] is project.journeys["plain"]


def _split(project: Project) -> Split:
    return next(experiments.splits(project, "tested"))


@pytest.mark.parametrize(
    ("first", "second", "power", "wanted"),
    [
        # Fleiss, Levin and Paik (2003) and the function power.prop.test of R, without correction.
        (0.50, 0.75, 0.9, 77),
        (0.10, 0.15, 0.8, 686),
        (0.02, 0.025, 0.8, 13_809),
    ],
)
def test_sample_sizes_against_published_ones(first: float, second: float, power: float, wanted: int) -> None:
    assert experiments.sample_size(first, second, power=power) == (wanted, wanted)
    assert experiments.sample_size(second, first, power=power) == (wanted, wanted)


def test_an_unequal_split_needs_more_customers() -> None:
    even = sum(experiments.sample_size(0.1, 0.12))
    small, large = experiments.sample_size(0.1, 0.12, ratio=4)
    assert large == pytest.approx(4 * small, abs=4) and small + large > even


def test_a_forecast_is_judged_by_intervals(project: Project) -> None:
    (forecast,) = project.forecasts
    judged = judge(project, forecast, People(n=2_000, seed=2))
    assert [one.verdict for one in judged] == [PASSED, FAILED, UNDECIDED, PASSED, PASSED]
    undecided = judged[2]
    assert undecided.customers == 2_000 and undecided.needed is not None and undecided.needed > 2_000
    assert undecided.low is not None and undecided.high is not None and undecided.low < 0 < undecided.high
    assert judged[0].left is not None and float(judged[0].left.value) == pytest.approx(0.23, abs=0.03)
    early = judge(project, _only(project, 0), People(n=2_000, seed=2))
    assert early[0].verdict == PASSED and early[0].customers < 2_000


def _only(project: Project, number: int) -> Forecast:
    (forecast,) = project.forecasts
    return msgspec.structs.replace(forecast, expects=(forecast.expects[number],))


def test_batches_merge_and_their_order_does_not_count(project: Project) -> None:
    def rate(books: Books) -> Fraction:
        return Fraction(books[0].counts.get("goal", "won"), books[0].counts.get("entered"))

    parts = list(run([Side(project=project, journey="plain")], People(n=400)))
    whole, first, second = Batches(), Batches(), Batches()
    for number, part in enumerate(parts):
        whole.add(part)
        (first if number % 2 else second).add(part)
    second.merge(first)
    assert second.customers == whole.customers == 400
    for ours, theirs in itertools.pairwise((whole, second)):
        one, other = ours.estimate(rate), theirs.estimate(rate)
        assert one is not None and other is not None
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
        assert one.low is not None and one.high is not None
        assert one.high - one.low == pytest.approx(2 * 1.96 * (0.2 * 0.8 / 400) ** 0.5, rel=0.4)


def test_sensitivity_is_exact_where_it_can_be(project: Project) -> None:
    found = sensitivity(project, "tested", "won", People())
    assert found.engine == "exact" and found.rate == pytest.approx(0.3 * 0.3 + 0.7 * 0.2)
    first = found.effects[0]
    assert (first.assumption.of, first.assumption.written) == ("once: ordered", "20%")
    assert (first.low, first.high) == pytest.approx((0.23 - 0.014, 0.23 + 0.014))
    assert [one.assumption.kind for one in found.effects].count("delay") == 2
    assert first.assumption.span.source.position(first.assumption.span.start)[0] == 23


def test_sensitivity_by_samples_agrees_with_the_exact_one(project: Project) -> None:
    text = TEXT.replace("wait 60d\n  }\n}\njourney tested", "wait until 09:00\n    wait 60d\n  }\n}\njourney tested")
    clocked = read_text(text).project
    found = sensitivity(clocked, "plain", "won", People(n=600))
    assert found.engine == "simulated" and found.customers == 600
    (chance,) = [one for one in found.effects if one.assumption.kind == "chance"]
    assert chance.low_bounds is not None and chance.high_bounds is not None
    assert (
        chance.low_bounds[0]
        <= -0.02
        <= chance.low_bounds[1]
        < 0
        < chance.high_bounds[0]
        <= 0.02
        <= chance.high_bounds[1]
    )


def test_moving_an_assumption_moves_nothing_else(project: Project) -> None:
    one = next(assumptions(project, "plain"))
    other = moved(project, one, Fraction(2))
    rates = [solve(lower(each, each.journeys["plain"])).count("goal", "won") for each in (project, other)]
    assert rates == pytest.approx([0.2, 0.4])
    assert other.journeys["tested"] is project.journeys["tested"]
    assert rewritten(project, {}) is project


def test_lifetime_value_discounts_month_by_month(project: Project) -> None:
    """Of 20% each 10 EUR after ten days (in the first month), and 0.50 EUR at once, in one month too."""
    sides = [Side(project=project, journey=name) for name in ("plain", "tested")]
    period = lifetime.Period(seconds=90 * 86_400, discount=0.21)
    found = lifetime.compare(sides[0], sides[1], period, People(n=500))
    rows = {row.name: row for row in dict(found.groups)[""]}
    assert list(rows) == ["won", "messages", "orders", "cost", "revenue", "lifetime value"]
    orders, cost, value = (rows[name].first for name in ("orders", "cost", "lifetime value"))
    assert orders is not None and cost is not None and value is not None
    assert cost.value == 0.5 and rows["cost"].verdict is Verdict.UNDECIDED
    assert value.value == pytest.approx((10 * orders.value - 0.5) * 1.21 ** -(15 / 365))
    assert [name for name, _ in found.groups] == ["", "planner", "hunter"]
    short = lifetime.Period(seconds=20 * 86_400)
    assert (short.ends(), period.ends()[-2:]) == ([20 * 86_400], [60 * 86_400, 90 * 86_400])
    early = lifetime.compare(sides[0], sides[1], short, People(n=500))
    revenue = next(row for row in dict(early.groups)[""] if row.name == "revenue")
    assert revenue.second is not None and revenue.second.value < orders.value * 10


def test_a_journey_compared_with_itself_differs_by_nothing(project: Project) -> None:
    side = Side(project=project, journey="plain")
    found = lifetime.compare(side, side, lifetime.Period(), People(n=200))
    for row in dict(found.groups)[""]:
        assert row.difference is not None and row.difference.value == row.difference.low == row.difference.high == 0
