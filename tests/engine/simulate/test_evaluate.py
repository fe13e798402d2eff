"""Expressions: unknown, money, dates, lists, history."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.expression import Base, Heard, Value
from safar.engine.simulate import arithmetic
from safar.engine.simulate.clock import utc
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.situation import Situation
from safar.engine.steps.branch import If

NOW = int(datetime.datetime(2027, 1, 5, 10, 30, tzinfo=datetime.UTC).timestamp())

VOCABULARY = """
customer {
  name: text?; a: integer?; b: integer?; yes_: yes_no?; spent: money = 10 EUR; unknown_money: money?
  rate: percent?; due: date?; tier: one of low, mid, top = low; tags: list of text; x: number?; at_: time?
}
persona planner { share 100% }
feed stock { left: integer? }
event order { total: money?; id: text? }
event came
"""

ATTRIBUTES: dict[str, Value] = {
    "name": None,
    "a": 7,
    "b": None,
    "yes_": None,
    "spent": 100_000,
    "unknown_money": None,
    "rate": 0.15,
    "due": datetime.date(2027, 1, 31),
    "tier": "mid",
    "tags": ("red", "blue"),
    "x": 2.5,
    "at_": NOW - 3600,
}


def situation() -> Situation:
    now = Situation("planner", dict(ATTRIBUTES), utc(), NOW)
    for days, total in ((40, 100), (30, 200), (2, 300)):
        now.history.add((Heard.EVENT, "order"), NOW - days * 86_400, {"total": total * 10_000, "id": str(total)})
    return now


def evaluate(condition: str) -> Value:
    text = f"{VOCABULARY}journey j {{ enter on came\n stage s {{ if {condition} {{ exit x }} }} }}"
    reading = read_text(text)
    errors = [f"{d.message}: {d.span.text}" for d in reading.findings if d.severity is Severity.ERROR]
    assert not errors, errors
    step = reading.project.journeys["j"].stages[0].steps[0]
    assert isinstance(step, If)
    return ready(step.condition)(situation(), None, {})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("customer.b > 1", None),
        ("customer.b != 1", None),
        ("customer.b > 1 or customer.a == 7", True),
        ("customer.a == 7 or customer.b > 1", True),
        ("customer.b > 1 or customer.a == 8", None),
        ("customer.b > 1 and customer.a == 7", None),
        ("customer.b > 1 and customer.a == 8", False),
        ("customer.a == 8 and customer.b > 1", False),
        ("not customer.b > 1", None),
        ("not customer.a == 8", True),
        ("customer.b is known", False),
        ("customer.b is unknown", True),
        ("customer.a is known", True),
        ("(customer.b or else 3) == 3", True),
        ("(customer.a or else 3) == 7", True),
        ("customer.a + customer.b == 7", None),
        ("customer.a / (1 - 1) == 1", None),
        ("customer.a / 2 == 3.5", True),
        ("-customer.a < 0", True),
        ("customer.a in [1, 7]", True),
        ("customer.a in [1, 2]", False),
        ("customer.b in [1, 2]", None),
        ("customer.tier in [mid, top]", True),
        ('customer.tags contains "red"', True),
        ('customer.tags contains "green"', False),
        ('customer.name contains "a"', None),
        ("persona == planner", True),
        ("stock.left > 0", None),
        ("stock.left is unknown", True),
        ("weekday == tuesday", True),
        ("weekday in [saturday, sunday]", False),
        ("today == 2027-01-05", True),
        ("customer.due + 1d == 2027-02-01", True),
        ("customer.due + 1 month == 2027-02-28", True),
        ("customer.due - 2027-01-05 == 26d", True),
        ("days(now - customer.at_) == 1", True),
        ("hours(now - customer.at_) == 1", True),
        ("customer.spent * 0.5 == 5 EUR", True),
        ("customer.spent / 3 == 3.3333 EUR", True),
        ("customer.spent / 3 EUR > 3.3", True),
        ("customer.spent * customer.rate == 1.5 EUR", True),
        ("round(customer.spent / 3 to 0.01 EUR) == 3.33 EUR", True),
        ("round(customer.spent * 0.3335 to 0.01 EUR) == 3.34 EUR", True),
        ("round down(customer.spent * 0.3339 to 0.01 EUR) == 3.33 EUR", True),
        ("customer.spent + customer.unknown_money > 0 EUR", None),
        ("count(order) == 3", True),
        ("count(order within 30d) == 1", True),  # exactly 30 days ago is out
        ("count(order where total > 150 EUR) == 2", True),
        ("last(order).total == 300 EUR", True),
        ("first(order).total == 100 EUR", True),
        ("last(order where total < 250 EUR).total == 200 EUR", True),
        ("since(came) > 1d", None),
        ("since(order) == 2d", True),
        ("order.total == 300 EUR", True),
        ("order within 2d", False),
        ("order within 3d", True),
        ("not order within 1d", True),
    ],
)
def test_conditions(condition: str, expected: Value) -> None:
    assert evaluate(condition) is expected


@pytest.mark.parametrize(
    ("op", "left", "right", "base", "expected"),
    [
        ("*", 1, 0.5, "money", 1),  # half up
        ("*", 3, 0.5, "money", 2),
        ("*", -1, 0.5, "money", 0),  # up, not away from zero
        ("*", 10, 0.15, "money", 2),
        ("/", 7, 2, "integer", 4),
        ("/", 7, 2, "number", 3.5),
        ("/", 1, 0, "number", None),
        ("*", 2**52, 4, "integer", None),
        ("*", 1e300, 1e300, "number", None),
        ("+", 0.1, 0.2, "number", 0.1 + 0.2),
        ("+", ("a",), "b", "list", ("a", "b")),
        ("+", ("a",), "a", "list", ("a",)),
        ("-", ("a", "b"), "a", "list", ("b",)),
        ("+", datetime.date(2027, 1, 1), 86_400 * 3 + 5, "date", datetime.date(2027, 1, 4)),
        ("-", datetime.date(2027, 1, 1), 86_400, "date", datetime.date(2026, 12, 31)),
        ("+", datetime.date(9999, 12, 31), 86_400, "date", None),
    ],
)
def test_arithmetic(op: str, left: Any, right: Any, base: str, expected: Value) -> None:
    assert arithmetic.calculate(op, left, right, Base(base)) == expected


def test_lists_do_not_grow_without_end() -> None:
    full = tuple(range(arithmetic.LONGEST_LIST))
    assert arithmetic.calculate("+", full, -1, Base.LIST) == full


def test_money_by_a_rate_is_rounded_half_up_exactly() -> None:
    assert arithmetic.converted(1, Fraction(1, 2)) == 1
    assert arithmetic.converted(10**12 + 1, Fraction(3, 2)) == 1_500_000_000_002
    assert arithmetic.converted(-1, Fraction(1, 2)) == 0


@pytest.mark.parametrize(
    ("date", "months", "days", "expected"),
    [
        ("2027-01-31", 1, 0, "2027-02-28"),
        ("2028-01-31", 1, 0, "2028-02-29"),
        ("2027-03-31", -1, 0, "2027-02-28"),
        ("2028-02-29", 12, 0, "2029-02-28"),
        ("2027-12-15", 1, 20, "2028-02-04"),
    ],
)
def test_calendar_months(date: str, months: int, days: int, expected: str) -> None:
    found = arithmetic.shifted(datetime.date.fromisoformat(date), months, days)
    assert found == datetime.date.fromisoformat(expected)


def test_dates_beyond_the_calendar_are_unknown() -> None:
    assert arithmetic.shifted(datetime.date(9999, 12, 31), 1, 0) is None
    assert arithmetic.shifted(datetime.date(1, 1, 1), -1, 0) is None
