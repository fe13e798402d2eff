"""Expressions as the model has them: one row each, the text and what its node must be."""

from __future__ import annotations

import datetime
import itertools
from fractions import Fraction

import pytest

from safar.dsl.read import read_text
from safar.engine import expression as e
from safar.engine.expression import Base, Expression
from safar.engine.model import Settings

VOCABULARY = """
customer {
  name: text?; orders: integer = 0; score: number = 0; value: money = 0 EUR; dollars: money = 0 USD
  born: date?; seen: time?; ok: yes_no = no; maybe: yes_no?; tier: one of bronze, gold = bronze
  interests: list of text; levels: list of one of low, high; rest: duration = 0s; cut: percent = 0%
}
event order_placed { total: money; note: text? }
event opened
action issue_coupon { code: text }
touchpoint thanks { doing "Reads" }
feed stock { left: integer }
persona planner { share 100% }
condition vip = customer.orders > 3
"""


def condition(text: str, settings: Settings | None = None) -> Expression:
    reading = read_text(f"{VOCABULARY}\ncondition asked = {text}\n", settings=settings)
    assert reading.findings == ()
    return reading.project.vocabulary.conditions["asked"].expression


def compared(text: str) -> Expression:
    """The left side of a comparison."""
    found = condition(text)
    assert isinstance(found, e.Compare)
    return found.left


LITERALS = [
    ("customer.orders == 12", Base.INTEGER, 12),
    ("customer.score == 12", Base.NUMBER, 12.0),
    ("customer.score == 0.5", Base.NUMBER, 0.5),
    ("customer.cut == 12%", Base.PERCENT, 0.12),
    ("customer.value == 12.50 EUR", Base.MONEY, 125_000),
    ("customer.rest == 3d", Base.DURATION, 259_200),
    ("customer.ok == yes", Base.YES_NO, True),
    ("customer.born == 2027-03-21", Base.DATE, datetime.date(2027, 3, 21)),
    ('customer.name == "Sara"', Base.TEXT, "Sara"),
    ("customer.tier == gold", Base.ONE_OF, "gold"),
    ("customer.tier == GOLD or customer.ok", Base.ONE_OF, "gold"),
    ('customer.tier == "gold"', Base.ONE_OF, "gold"),
    ("persona == planner", Base.PERSONA, "planner"),
    ("weekday == friday", Base.WEEKDAY, "friday"),
    ("stage == decision", Base.STAGE, "decision"),
    ("customer.orders == -3", Base.INTEGER, -3),
]


@pytest.mark.parametrize(("text", "base", "value"), LITERALS)
def test_a_literal_is_of_the_other_sides_type(text: str, base: Base, value: e.Value) -> None:
    reading = read_text(f"{VOCABULARY}\ncondition asked = {text}\n")
    found = reading.project.vocabulary.conditions["asked"].expression
    compare = found.left if isinstance(found, e.Or) else found
    assert isinstance(compare, e.Compare)
    assert isinstance(compare.right, e.Literal)
    assert (compare.right.type.base, compare.right.value) == (base, value)


def test_a_value_may_stand_first() -> None:
    found = condition("gold == customer.tier")
    assert isinstance(found, e.Compare)
    assert isinstance(found.left, e.Literal)
    assert found.left.value == "gold"


TYPES = [
    ("customer.orders + 1 == 2", "integer", False),
    ("customer.orders + 0.5 == 2", "number", False),
    ("customer.orders / 2 == 2", "number", False),
    ("customer.orders / customer.score == 2", "number", True),
    ("customer.orders * customer.score == 2", "number", False),
    ("customer.value * 1.5 == 2 EUR", "money in EUR", False),
    ("2 * customer.value == 2 EUR", "money in EUR", False),
    ("customer.value * customer.cut == 2 EUR", "money in EUR", False),
    ("customer.cut * 2 == 20%", "percent", False),
    ("customer.orders * 10% == 2", "number", False),
    ("customer.value / customer.value == 2", "number", True),
    ("customer.value / 4 == 2 EUR", "money in EUR", False),
    ("customer.rest * 2 == 2d", "duration", False),
    ("today - customer.born == 2d", "duration", True),
    ("now - customer.seen == 2d", "duration", True),
    ("customer.born + 1 month == today", "date", True),
    ("customer.born - 3d == today", "date", True),
    ("days(customer.rest) == 2", "integer", False),
    ("since(order_placed) == 2d", "duration", True),
    ("last(order_placed).total == 2 EUR", "money in EUR", True),
    ("order_placed.total == 2 EUR", "money in EUR", True),
    ("stock.left == 2", "integer", True),
    ("entry.total == 2 EUR", "money in EUR", True),
    ('(customer.name or else "x") == "x"', "text", False),
    ("round(customer.score to 1) == 2", "integer", False),
    ("round(customer.score to 0.5) == 2", "number", False),
    ("round down(customer.value to 0.01 EUR) == 2 EUR", "money in EUR", False),
    ("-customer.value == 2 EUR", "money in EUR", False),
]


@pytest.mark.parametrize(("text", "type", "unknown"), TYPES)
def test_types_and_unknown(text: str, type: str, unknown: bool) -> None:
    found = compared(text)
    assert (str(found.type), found.type.unknown) == (type, unknown)


CONDITIONS = [
    ("customer.maybe", e.Attribute, True),
    ("customer.ok and customer.maybe", e.And, True),
    ("customer.ok or customer.ok", e.Or, False),
    ("not customer.maybe", e.Not, True),
    ("customer.maybe is known", e.Known, False),
    ("customer.maybe or else no", e.OrElse, False),
    ("order_placed", e.Happened, False),
    ("order_placed within 30d", e.Happened, False),
    ("opened(thanks)", e.Happened, False),
    ("thanks", e.Happened, False),
    ("issue_coupon", e.Happened, False),
    ('issue_coupon where code == "A"', e.Happened, False),
    ("vip", e.Condition, False),
    ("customer.tier in [bronze, gold]", e.In, False),
    ("customer.orders in [1, 2]", e.In, False),
    ('customer.interests contains "shoes"', e.Contains, False),
    ('"shoes" in customer.interests', e.Contains, False),
    ("customer.levels contains high", e.Contains, False),
    ('customer.name contains "a"', e.Contains, True),
    ("count(order_placed within 90d) >= 2", e.Compare, False),
]


@pytest.mark.parametrize(("text", "kind", "unknown"), CONDITIONS)
def test_conditions(text: str, kind: type[Expression], unknown: bool) -> None:
    found = condition(text)
    assert type(found) is kind
    assert found.type == e.Type(Base.YES_NO, unknown=unknown)


def test_event_forms() -> None:
    found = condition("order_placed within 30d where total > 50 EUR")
    assert isinstance(found, e.Happened)
    form = found.form
    assert (form.kind, form.name, form.within) == (e.Heard.EVENT, "order_placed", 30 * 86_400)
    assert isinstance(form.where, e.Compare)
    assert isinstance(form.where.left, e.PayloadField)
    assert form.where.left.field == "total"


def test_calendar_periods() -> None:
    shift = compared("customer.born - 2 months == today")
    assert isinstance(shift, e.Shift)
    assert (shift.months, shift.days) == (-2, 0)
    weeks = compared("customer.born + 2 weeks == today")
    assert isinstance(weeks, e.Shift)
    assert (weeks.months, weeks.days) == (0, 14)


RATES = [
    ({"USD_per_EUR": Fraction("1.1")}, "customer.value > 5 USD", Fraction(10, 11)),
    ({"EUR_per_USD": Fraction("0.5")}, "customer.value > 5 USD", Fraction(1, 2)),
    ({"IRT_per_EUR": Fraction(120_000)}, "customer.value > 5 IRT", Fraction(1, 1_200)),
    ({"IRT_per_EUR": Fraction(120_000)}, "customer.value > 5 IRR", Fraction(1, 12_000)),
]


@pytest.mark.parametrize(("rates", "text", "factor"), RATES)
def test_money_is_converted_to_the_other_sides_currency(
    rates: dict[str, Fraction], text: str, factor: Fraction
) -> None:
    found = condition(text, Settings(rates=rates))
    assert isinstance(found, e.Compare)
    assert isinstance(found.right, e.Convert)
    assert found.right.rate == factor
    assert found.right.type.currency == "EUR"


def test_a_literal_first_is_converted_to_the_other_sides_currency() -> None:
    found = condition("5 EUR < customer.dollars", Settings(rates={"USD_per_EUR": Fraction("1.1")}))
    assert isinstance(found, e.Compare)
    assert isinstance(found.left, e.Convert)
    assert found.left.type.currency == "USD"


def test_conditions_that_unfold_without_end_are_stopped() -> None:
    names = [f"c{n}" for n in range(12)]
    lines = ["customer { ok: yes_no = no }", "condition c0 = customer.ok"]
    lines += [f"condition {b} = {' or '.join([a] * 40)}" for a, b in itertools.pairwise(names)]
    findings = read_text("\n".join(lines)).findings
    assert {finding.rule for finding in findings} == {"too-deep-condition"}


def test_suggestions_for_very_many_names_take_no_long_time() -> None:
    lines = [f"event happening_{n}" for n in range(1_000)] + [f"condition c{n} = hapening_{n}" for n in range(1_000)]
    findings = read_text("\n".join(lines)).findings
    assert len(findings) == 1_000
    assert findings[0].help == "did you mean `happening_0`?"
    assert findings[-1].help == ""
