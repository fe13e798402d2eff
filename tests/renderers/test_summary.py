from __future__ import annotations

from pathlib import Path

import pytest

import safar
from safar.dsl.read import read_text
from safar.engine.expression import Value
from safar.engine.program import lower
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import simulate, simulate_all
from safar.engine.simulate.results import as_json
from safar.engine.simulate.world import Customer, Occurrence, World
from safar.engine.source import display_width
from safar.renderers.summary import summary
from safar.renderers.table import table
from safar.renderers.trace_text import trace_text

EXAMPLES = Path(safar.__file__).parents[1] / "journeys" / "dsl"

TEXT = """
customer { email_ok: yes_no = yes; timezone: text? fixed; first_name: text? private; phone: text? private }
event joined
event opened
event order_placed { total: money; phone: text? private }
channel email "ایمیل" { outbound; cost 0.002 EUR per message; only if customer.email_ok
  quiet from 22:00 to 08:00 then wait }
persona planner "برنامه‌ریز" { share 40% }
persona hunter "Hunter" { share 60%; set customer.email_ok = no }
journey buying "سفر خرید" {
  enter on joined
  hold out 10%
  goal won "سفارش" { on order_placed within 14d; target at least 90%; value order_placed.total }
  measure pressure "Messages" = messages per customer, target at most 2
  horizon 30d
  stage meeting {
    touchpoint hello "سلام" {
      send email { text "Hello" }
      responds { order_placed 60% after 2h with (total = 50 EUR) }
    }
    set customer.phone = "0912 secret"
    split test { 50% a { wait 1d }; 50% b { wait 2d } }
    exit lost "Did not buy"
  }
}
"""
PROJECT = read_text(TEXT).project
START = 1_798_761_600


def test_summary_says_the_figures() -> None:
    text = summary(simulate(PROJECT, "buying", n=500))
    assert "\x1b" not in text
    for words in (
        "500 customers from 2027-01-01 00:00 UTC, seed 1, zones ",
        "held out",
        "target at least 90%: missed",
        "target at most 2: met",
        "not sent: consent ",
        "points (",
        "a against b",
        " EUR",
        "margin",
    ):
        assert words in text
    assert "\u2068سفارش\u2069" in text


def test_columns_line_up_by_display_width() -> None:
    text = summary(simulate(PROJECT, "buying", n=200))
    head, *personas = text[text.index("Personas ") :].splitlines()[:3]
    assert len({display_width(line[: line.rindex("  ")]) for line in personas}) == 1
    assert head.split() == ["Personas", "runs", "\u2068سفارش\u2069"]
    assert all(line == line.rstrip() for line in text.splitlines())


def test_of_few_customers_nothing_is_compared_with_nobody_and_no_money_is_less_than_nothing() -> None:
    texts = [summary(simulate(PROJECT, "buying", n=1, seed=seed)) for seed in range(1, 30)]
    assert not any("against" in text or "-0.00" in text for text in texts)
    assert any("margin   0.00  EUR" in text for text in texts)


def test_colour_only_where_asked() -> None:
    plain, coloured = (summary(simulate(PROJECT, "buying", n=50), colour=colour) for colour in (False, True))
    assert "\x1b[31mtarget at least 90%: missed\x1b[0m" in coloured
    assert plain.count("\n") == coloured.count("\n")


def test_summary_of_nobody_and_of_all() -> None:
    assert "cannot be told" in summary(simulate(PROJECT, "buying", customers=[]))
    assert "All journeys together" in summary(simulate_all(PROJECT, n=10))


def test_hostile_titles_stay_on_their_line() -> None:
    project = read_text(TEXT.replace('"Hunter"', '"x\\u001b[2J\u202e"').replace('"Messages"', '"a`b\u2028c"')).project
    text = summary(simulate(project, "buying", n=20))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\u2028" not in text


def trace(customer: Customer) -> str:
    world = World(programs=(lower(PROJECT, PROJECT.journeys["buying"]),), start=START, customers=1)
    return trace_text(PROJECT, live(world, customer))


def test_trace_is_a_timeline_in_the_customers_own_time_without_secrets() -> None:
    joined = Occurrence(at=START, event="joined")
    order = Occurrence(
        at=START + 9 * 3600, event="order_placed", payload={"total": 500_000, "phone": "0912"}, touchpoint="hello"
    )
    attributes: dict[str, Value] = {"timezone": "Asia/Tehran", "email_ok": True, "first_name": "Sara", "phone": "0911"}
    texts = [
        trace(Customer(key=f"c{n}", persona="planner", attributes=dict(attributes), occurrences=(joined, order)))
        for n in range(8)
    ]
    text = next(text for text in texts if "exit lost" in text)
    assert "times in Asia/Tehran" in text
    assert "\n2027-01-01 friday\n  03:30 " in text
    assert "held (quiet)" in text
    assert "order_placed in answer to hello (total = 50.00 EUR" in text
    assert not any(secret in text for secret in ("0912", "0911", "Sara"))
    assert "because" in text


def test_trace_says_why_a_message_was_not_sent() -> None:
    customers = (Customer(key=f"c{n}", persona="hunter", attributes={"email_ok": False}) for n in range(8))
    text = next(text for text in map(trace, customers) if "not sent" in text)
    assert "not sent (consent)" in text
    assert "customer.email_ok" in text.split("not sent (consent)")[1].split("\n")[1]


def test_trace_of_someone_to_whom_nothing_happens() -> None:
    assert "Nothing happens" in trace(Customer(key="c1", occurrences=()))


def test_table_without_rows() -> None:
    assert table([]) == []
    assert table([("a",), ("b", "1")], indent=0) == ["a", "b  1"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", ["abandoned_cart", "five_stages", "birthday"])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    result = safar.simulate(EXAMPLES / f"{name}.journey", n=60).result
    lines = summary(result, width=width).splitlines()[1:]
    assert [line for line in lines if display_width(line) > width] == []
    texts = (summary(result, width=wide).replace("█", "").split() for wide in (width, 200))
    narrow, whole = (sorted(text) for text in texts)
    assert set(whole) - set(narrow) <= {"of", "all", "entered", "run", "a", "delivered", "then"}, "column heads alone"


def test_the_way_through_the_stages_is_told_with_what_became_of_each() -> None:
    result = safar.simulate(EXAMPLES / "five_stages.journey", n=300).result
    text = summary(result, width=100)
    (line,) = [line for line in text.splitlines() if line.startswith("  Awareness")]
    assert line.split()[1:3] == ["300", "100.0%"] and "█" * 20 in line and "went on" in line and "unaware" in line
    assert "█" not in summary(result, width=79)


def test_a_goal_tells_what_each_cost_and_a_channel_how_many_a_run() -> None:
    result = simulate(PROJECT, "buying", n=500)
    figures = as_json(result)
    text = summary(result, width=100)
    each = figures["cost"]["EUR"] / figures["goals"]["won"]["reached"]
    assert f"cost of each {each:.2f} EUR" in text
    sent = figures["channels"]["email"]["delivered"]
    assert [line.split()[:4] for line in text.splitlines() if "marketing messages" in line] == [
        ["marketing", "messages", str(sent), f"{sent / figures['entered']:.2f}"]
    ]
