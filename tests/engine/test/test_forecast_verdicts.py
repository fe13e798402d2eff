"""Forecasts run: better, worse, equivalent, undecided, and what is said of each."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.simulate.batches import People
from safar.engine.test import results
from safar.engine.test.forecasts import run_forecast
from safar.renderers.verdicts import findings

SHOP = """
event came
event paid { total: money }
channel email { outbound; cost 0.10 EUR per message }
journey cart {
  enter on came
  goal won { on paid within 14d; value paid.total }
  stage only {
    touchpoint mail { send email { subject "x" }; responds { paid 50% after 2d with (total = 10 EUR) } }
    wait 3d
  }
}
journey other { enter on came; goal won { on paid within 14d }; stage only { wait 1d } }
"""


def run(expects: str, customers: int = 600, head: str = "for cart") -> results.Tested:
    text = f'{SHOP}forecast "it" {head} {{ customers {customers}; seed 7\n{expects} }}'
    reading = read_text(text)
    assert not reading.findings, reading.findings[0].message
    return run_forecast(reading.project, reading.project.forecasts[0], People())


@pytest.mark.parametrize(
    ("expect", "verdict", "said"),
    [
        ("won at least 10%", "better", "wanted at least 10%"),
        ("won at most 10%", "worse", "wanted at most 10%"),
        ("delivered == entered", "equivalent", "(`entered`)"),
        ("won != entered", "better", "wanted other than"),
        ("cost per entered < 20 EUR", "better", "is 0.10 EUR, wanted less than 20.00 EUR"),
        ("time from mail to paid at most 3d", "better", "is 2d, wanted at most 3d"),
        ("revenue per customer > 20 EUR", "worse", "wanted more than 20.00 EUR"),
        ("messages per customer at most 2", "better", "is 1, wanted at most 2"),
    ],
)
def test_verdicts(expect: str, verdict: str, said: str) -> None:
    tested = run(f"expect {expect}")
    [measured] = tested.measured
    assert measured.verdict == verdict
    assert said in measured.text
    passed = verdict in ("better", "equivalent")
    assert tested.verdict is (results.Verdict.PASSED if passed else results.Verdict.FAILED)
    assert len(tested.failures) == (not passed)


def test_it_stops_when_all_is_certain_and_not_before() -> None:
    assert run("expect won at least 5%", 6000).customers < 3000
    assert run("expect won at least 5%\nexpect won == 50%", 300).customers == 300


def test_undecided_says_how_many_would_do() -> None:
    tested = run("expect won at least 46%")
    assert tested.verdict is results.Verdict.UNDECIDED
    assert tested.failures == ()
    [one] = tested.measured
    assert one.needed is not None
    assert one.needed > 600
    assert f"600 customers are too few to tell, about {one.needed:,} would do" in one.text
    [finding] = findings(tested)
    assert finding.severity.value == "warning"


def test_divided_by_nothing_is_undecided() -> None:
    tested = run("expect cost per completed within 1s at most 3 EUR", 300)
    assert "it is divided by nothing" in tested.measured[0].text
    assert tested.verdict is results.Verdict.UNDECIDED


def test_against_another_journey() -> None:
    tested = run("expect won >= won in other + 10%", head="for cart against other")
    assert tested.verdict is results.Verdict.PASSED
    assert "(`won in other + 10%`)" in tested.measured[0].text


def test_nothing_expected_is_nothing_tested() -> None:
    [failure] = run("").failures
    assert failure.message == "the forecast expects nothing, so that it tests nothing"


def test_the_same_forecast_always_gives_the_same() -> None:
    assert run("expect won at least 10%").measured == run("expect won at least 10%").measured
