"""The reference workload's figures, worked out by another absorbing chain, to all the digits that were told."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import safar
from safar.errors import RuntimeLimitError, SelectionError

REFERENCE = Path(__file__).parents[4] / "benchmarks" / "reference.journey"


def test_the_reference_comes_out() -> None:
    answer = safar.exact(REFERENCE, n=1)
    figures = answer.figures
    assert figures["goals"]["bought"]["rate"] == pytest.approx(0.27817305, abs=5e-9)
    assert figures["touchpoints"]["reminder"]["delivered"] == pytest.approx(2.5252036, abs=5e-8)
    assert answer.solution.count("cost", "EUR") / 100 == pytest.approx(13.2003201, abs=5e-8)
    assert answer.solution.count("revenue", "EUR") / 100 == pytest.approx(1637.859, abs=5e-4)
    assert figures["goals"]["bought"]["time"]["mean"] / 3600 == pytest.approx(139.55621, abs=5e-6)
    assert answer.solution.times["left",] / 86_400 == pytest.approx(12.005, abs=5e-4)
    assert figures["measures"]["reminders_sent"]["value"] == pytest.approx(2.525204)
    untold = dict.fromkeys(("low", "high", "target", "met"))
    assert figures["measures"]["time_to_purchase"] == {"value": 502402.362992, "unit": "s", **untold}
    assert figures["touchpoints"]["reminder"]["answers"] == {"order_placed": None}
    assert figures["entered"] == pytest.approx(1) and figures["seed"] is None


def test_the_keys_are_those_of_a_simulation() -> None:
    exact, drawn = safar.exact(REFERENCE).figures, safar.simulate(REFERENCE, n=30).figures
    assert set(exact) == {*drawn, "exact"}
    for key in ("attempts", "outcomes", "goals", "steps", "touchpoints", "channels", "splits", "personas", "measures"):
        assert list(exact[key]) == list(drawn[key])
    assert list(exact["goals"]["bought"]) == list(drawn["goals"]["bought"])


def test_too_many_states_name_the_limit() -> None:
    with pytest.raises(RuntimeLimitError, match=r"more than 10 states; .*--limit states=N"):
        safar.exact(REFERENCE, limits={"states": 10})


def test_means_of_amounts_with_an_open_end(tmp_path: Path) -> None:
    """About 50 EUR, 90% within 120 EUR: 50 EUR x exp(sigma^2 / 2), half a cent less since cents are cut down."""
    file = tmp_path / "shop.journey"
    file.write_text(
        "customer { cart: money = 0 EUR }\nevent joined\nevent paid { total: money }\n"
        "persona all { share 100%; set customer.cart = about 50 EUR, 90% within 120 EUR }\n"
        "journey j {\n  enter on joined\n  goal met { on hello; value customer.cart * 0.5 - 3 EUR }\n"
        "  goal won { on paid; value paid.total }\n  stage s {\n"
        "    touchpoint hello { responds { paid 25% after 1h with (total = about 50 EUR, 90% within 120 EUR) } }\n"
        "    wait 1d\n  }\n}\n"
    )
    mean = 50 * math.exp((math.log(120 / 50) / 1.2815515655446004) ** 2 / 2) - 0.005
    goals = safar.exact(file, n=1).figures["goals"]
    assert goals["met"]["value"]["EUR"] == pytest.approx(mean / 2 - 3, rel=1e-9)
    assert goals["won"]["value"]["EUR"] == pytest.approx(mean / 4, rel=1e-9)
    file.write_text(file.read_text().replace("    wait 1d", "    if customer.cart > 60 EUR { wait 1d }"))
    with pytest.raises(SelectionError, match="a condition on an amount with an open end"):
        safar.exact(file)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("wait until 09:00", "a wait ends by the calendar or by a date"),
        ("if weekday == monday { wait 1d }", "a condition asks for the time"),
        ("if count(opened) > 1 { wait 1d }", "a condition asks for more of the past"),
        ("wait for hello up to 2d { exit met }", "`hello` is heard as an event"),
    ],
)
def test_what_has_no_exact_answer_is_refused_with_its_place(line: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "shop.journey"
    file.write_text(
        "event joined\nevent opened\nchannel email { outbound }\njourney j {\n  enter on joined\n  stage s {\n"
        '    touchpoint hello { send email { text "Hello" }; responds { opened 30% after about 2h } }\n'
        f"    {line}\n    wait 1d\n    exit lost\n  }}\n}}\n"
    )
    with pytest.raises(SelectionError, match=f"no exact answer: .*shop.journey:8:[0-9]+: {why}"):
        safar.exact(file)
