"""Conditions tried in all cases: what can be true, false or unknown."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.check.subject import Subject
from safar.engine.check.truth import outcomes
from safar.engine.expression import Expression

VOCABULARY = """
customer {
  a: integer = 0
  u: integer?
  x: number = 0
  m: money = 0 EUR
  b: yes_no = no
  ub: yes_no?
  t: one of red, green, blue = red
  ut: one of red, green?
  s: text = ""
  d: date?
  since_then: duration = 1d
}
event e { total: money }
feed stock { left: integer? }
persona p { share 50%; story "p" }
persona q { share 50%; story "q" }
condition is_big "Big" = customer.a > 10
"""


def condition(text: str) -> Expression:
    reading = read_text(f"{VOCABULARY}journey j {{ enter on e if {text}\n stage s {{ wait 1d }} }}")
    assert not reading.findings, reading.findings
    found = reading.project.journeys["j"].entries[0].condition
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "customer.a <= 5 or customer.a > 5",
        "not (customer.a < 3 and customer.a > 3)",
        "customer.a < 3 or customer.a == 3 or customer.a == 4 or customer.a > 4",
        "customer.b or not customer.b",
        "customer.t == red or customer.t != red",
        "customer.t in [red, green, blue]",
        "customer.a == customer.a",
        "customer.u is known or customer.u is unknown",
        "weekday in [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
        "count(e) >= 0",
        "1 < 2",
        "5 >= customer.a or 5 < customer.a",
        "is_big or customer.a <= 10",
    ],
)
def test_always_true(text: str) -> None:
    assert outcomes(condition(text), ("p", "q")) == {True}


@pytest.mark.parametrize(
    "text",
    [
        "customer.a > 3 and customer.a < 4",
        "customer.a > 3 and customer.a < 2",
        "customer.u > 3 and customer.u <= 3",
        "customer.t == red and customer.t == blue",
        "customer.m > 5 EUR and customer.m < 5 EUR",
        'customer.s == "a" and customer.s == "b"',
        "customer.d < 2027-01-02 and customer.d > 2027-01-01",
        "persona == p and persona == q",
        "customer.ub and not customer.ub",
        "customer.u is known and customer.u is unknown",
        "is_big and customer.a < 5",
        "e and not e",
        "count(e) < 0",
        "stock.left > 3 and stock.left < 3",
    ],
)
def test_never_true(text: str) -> None:
    values = outcomes(condition(text), ("p", "q"))
    assert values and True not in values


@pytest.mark.parametrize(
    "text",
    [
        "customer.a > 3 and customer.a < 5",
        "customer.x > 3 and customer.x < 4",
        "customer.u <= 5 or customer.u > 5",
        "customer.ub or not customer.ub",
        "customer.ut in [red, green]",
        "customer.t in [red, green]",
        "persona == p or persona == q",
        "customer.u is known",
        "customer.d < 2027-01-03 and customer.d > 2027-01-01",
        "customer.m > 5 EUR and customer.m <= 5.01 EUR",
        "count(e) > 0",
        "customer.a > customer.u",
        "e",
        "customer.a * 2 > 4 and customer.a < 1",
        "customer.since_then >= 0s and customer.since_then < 1d",
        "customer.d < 9999-12-31",
    ],
)
def test_either(text: str) -> None:
    assert True in outcomes(condition(text), ("p", "q"))
    assert outcomes(condition(text), ("p", "q")) != {True}


def test_too_many_cases_say_nothing() -> None:
    attributes = "\n".join(f"a{n}: yes_no = no" for n in range(12))
    wide = " and ".join(f"customer.a{n}" for n in range(12))
    reading = read_text(
        f"customer {{ {attributes} }}\nevent e\njourney j {{ enter on e if {wide}\n stage s {{ wait 1d }} }}"
    )
    found = reading.project.journeys["j"].entries[0].condition
    assert found is not None
    assert outcomes(found, ()) == set()


def test_all_conditions_are_found() -> None:
    text = """
customer { ok: yes_no = no; n: integer = 0 }
event e { total: integer }
channel c { outbound; only if customer.n > 1; at most 1 per 7d then skip }
condition named = customer.n > 2
persona p { share 100%; set customer.ok = yes if customer.n > 3, no otherwise }
journey j {
  enter on e if customer.n > 4
  on e if customer.n > 5 exit x
  behaves { e 1% per day if customer.n > 6 }
  stage s {
    on e if customer.n > 7 exit x
    touchpoint t { send c { text "x" }; responds {
      e 10% if customer.n > 8 with (total = 1 if customer.n > 9, 2 otherwise)
    } }
    wait for e(t) where total > 10 or e if customer.n > 11 up to 1d
    wait up to 1d { for e if customer.n > 12 { } }
    repeat up to 2 times until customer.n > 13 { wait 1d }
    if customer.n > 14 { exit y }
  }
}
"""
    reading = read_text(text)
    assert not reading.findings, reading.findings
    asked = {one.condition.span.text for one in Subject(reading.project).asked}
    assert {int(words.rsplit(" ", 1)[1]) for words in asked if ">" in words} == set(range(1, 15))
