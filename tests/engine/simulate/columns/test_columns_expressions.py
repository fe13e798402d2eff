"""Expressions over columns give what they give one by one: made by chance, over values of every kind, also unknown."""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.expression import Base, Expression, Type, Value
from safar.engine.model import Project, Settings
from safar.engine.simulate.clock import zone
from safar.engine.simulate.columns import arithmetic
from safar.engine.simulate.columns.calendar import Atlas, Zones
from safar.engine.simulate.columns.column import UNKNOWN, Column, Interner, full, take
from safar.engine.simulate.columns.expressions import in_columns
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.situation import Situation
from safar.engine.steps.branch import If
from safar.engine.steps.set import SetStep
from tests.generated.expressions import Asker, Known
from tests.generated.journeys import ALL
from tests.generated.vocabulary import Vocabulary

COUNT = int(400 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
ROWS = 60
SETTINGS = Settings(rates={"IRT_per_EUR": Fraction(120_000), "USD_per_EUR": Fraction("1.0837")})
TEXTS = ("a", "Sara", "x", "سارا", "")
WHOLE = (0, 1, 2, 3, 5, -1, 7, 86_400, 259_200, 2**53 - 1, 2**53, 2**53 + 1, -(2**53), 2**62, -(2**62))
MONEY = (0, 50, 149, 50_000, 600_000, -1, 125_050, 2**53, 2**60)
DOUBLES = (0.0, 0.5, 1.25, 2.0, -0.75, 0.1, 1e-300, 1e300, 1e308, 2.0**53, 9007199254740993.0, -3.5, 2.5)
ZONES = ("Asia/Tehran", "Europe/Berlin", "Australia/Lord_Howe", "Nowhere", None)
DATES = tuple(datetime.date.fromisoformat(text) for text in ("2027-01-31", "2028-02-29", "0001-01-02", "9999-12-30"))


class Rows:
    """Customers made by chance, for both kinds of expressions."""

    def __init__(self, project: Project, chance: random.Random, n: int = ROWS) -> None:
        self.project, self.codes, self.n = project, Interner(), n
        self.types = {one.name: one.type for one in project.vocabulary.attributes.values()}
        self.fields = {field.name: field.type for event in project.vocabulary.events.values() for field in event.fields}
        personas = (*project.vocabulary.personas, None)
        clock = zone("UTC")
        assert clock is not None
        self.situations, self.payloads = [], []
        for _ in range(n):
            attributes = {name: drawn(chance, type) for name, type in self.types.items()}
            own = zone(str(attributes.get("timezone"))) or clock
            now = 1_799_139_600 + chance.randrange(0, 400 * 86_400)
            self.situations.append(Situation(chance.choice(personas), attributes, own, now))
            self.payloads.append({name: drawn(chance, type) for name, type in self.fields.items()})
        self._atlas = Atlas(project, self.codes)

    def _column(self, values: list[Value], type: Type) -> Column:
        column = arithmetic.column_of(values, type.base, self.codes)
        if values and all(value == values[0] for value in values):
            return UNKNOWN if values[0] is None else take(column, [0])._replace(values=column.values[0].item())  # type: ignore[arg-type]
        return column

    def attribute(self, name: str) -> Column:
        return self._column([one.attributes[name] for one in self.situations], self.types[name])

    def persona(self) -> Column:
        return self._column([one.persona for one in self.situations], Type(Base.PERSONA))

    def stage(self) -> Column:
        return UNKNOWN

    def now(self) -> Any:
        return self._column([one.now for one in self.situations], Type(Base.TIME)).values

    def zones(self) -> Zones:
        return self._atlas.zones(self.attribute("timezone") if "timezone" in self.types else None)

    def payload(self, field: str) -> Column:
        return self._column([one[field] for one in self.payloads], self.fields[field])

    entry = payload

    def history(self, node: Expression) -> Column:
        values = [ready(node)(one, None, payload) for one, payload in zip(self.situations, self.payloads, strict=True)]
        return self._column(values, node.type)


def drawn(chance: random.Random, type: Type) -> Value:
    if type.unknown and chance.random() < 0.3:
        return None
    near = chance.random() < 0.7
    match type.base:
        case Base.INTEGER | Base.DURATION | Base.TIME:
            return chance.choice(WHOLE[:9] if near else WHOLE)
        case Base.MONEY:
            return chance.choice(MONEY[:7] if near else MONEY)
        case Base.NUMBER | Base.PERCENT:
            return chance.choice(DOUBLES[:6] if near else DOUBLES)
        case Base.DATE:
            return chance.choice(DATES[:2] if near else DATES)
        case Base.YES_NO:
            return chance.random() < 0.5
        case Base.ONE_OF:
            return chance.choice(type.options)
        case Base.LIST:
            return tuple(chance.sample(TEXTS, chance.randint(0, 3)))
        case _:
            return chance.choice((*TEXTS, *(name for name in ZONES if name)))


def expressions(project: Project) -> Iterator[Expression]:
    for step in project.journeys["j"].stages[0].steps:
        if isinstance(step, If):
            yield step.condition
        elif isinstance(step, SetStep):
            yield step.assign.value


def project_of(text: str) -> Project:
    reading = read_text(text, settings=SETTINGS)
    errors = [f"{one.message}: {one.span.text}" for one in reading.findings if one.severity.value == "error"]
    assert not errors, errors
    return reading.project


def compare(project: Project, chance: random.Random) -> None:
    everybody, one_alone = Rows(project, chance), Rows(project, chance, 1)
    for node in expressions(project):
        for rows in (everybody, one_alone):
            column = in_columns(node, rows.codes)(rows)
            values, known = full(column, rows.n)
            for row, (situation, payload) in enumerate(zip(rows.situations, rows.payloads, strict=True)):
                plain = ready(node)(situation, None, payload)
                value = arithmetic.decode(values[row].item(), node.type.base, rows.codes) if known[row] else None
                assert value == plain, (node.span.text, row, situation.attributes)


@pytest.mark.parametrize("seed", range(COUNT))
def test_made_by_chance(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    vocabulary = Vocabulary(chance, ALL)
    ask = Asker(chance, ALL, vocabulary.personas)
    known = Known(events=("order", "rated"))
    lines = [f"if {ask.condition(known, 3)} {{ exit x }}" for _ in range(25)]
    sets = {"integer": "points", "number": "score", "money": "spent", "duration": "patience", "percent": "rebate"}
    lines += [f"set customer.{name} = {ask.value(type, known, 4)}" for type, name in sets.items() for _ in range(5)]
    body = "\n".join(lines)
    compare(project_of(f"{vocabulary.text()}journey j {{ enter on came\n stage s {{\n{body}\n}} }}"), chance)


BY_HAND = """
customer {
  a: integer?; b: integer?; c: integer = 0; n: number?; m: money?; e: money = 1 EUR; irt: money? ; irt2: money = 5 IRT
  usd: money = 3 USD; t: text?; u: text?; l: list of text; d: date?; d2: date?; h: duration?; at_: time?; y: yes_no?
  z: yes_no?
  p: percent?; f: one of x, y, w = x; timezone: text? fixed; li: list of integer
}
persona one_ { share 50% }
persona two_ { share 50% }
event came { s: text?; v: money? }
event order { total: money? }
journey j { enter on came
 stage s {
  if customer.y and customer.z { exit q }
  if customer.y or customer.z { exit q }
  if not customer.y { exit q }
  if (customer.y or else no) and not (customer.z or customer.y) { exit q }
  if customer.a == customer.n { exit q }
  if customer.a < customer.n or customer.n >= customer.b { exit q }
  if customer.a in [1, customer.b, 3] { exit q }
  if customer.t in ["a", customer.u] { exit q }
  if customer.l contains customer.t { exit q }
  if customer.t contains customer.u { exit q }
  if customer.t == customer.u or customer.f == "x" { exit q }
  if customer.l == ["a", "x"] { exit q }
  if customer.d - customer.d2 > 3d { exit q }
  if customer.d + 2d >= customer.d2 - 1w { exit q }
  if customer.d + customer.h == customer.d2 { exit q }
  if customer.d - 13 months < customer.d2 { exit q }
  if customer.d + 3 years is known { exit q }
  if today - customer.d > 5d or today + 1 month > customer.d2 { exit q }
  if weekday in [monday, friday] { exit q }
  if now - customer.at_ > customer.h { exit q }
  if customer.at_ + customer.h < now { exit q }
  if persona == one_ { exit q }
  if persona != two_ and persona is known { exit q }
  if customer.irt2 > customer.e { exit q }
  if customer.usd >= customer.e { exit q }
  if customer.m * 1.5 > customer.e or customer.m * customer.p < customer.e { exit q }
  if customer.m / customer.e > customer.n { exit q }
  if customer.a / customer.b == 0.5 { exit q }
  if round(customer.m to 0.30 EUR) == customer.m { exit q }
  if round down(customer.n to 0.25) != customer.n { exit q }
  if round(customer.n * 3 to 1) == customer.a { exit q }
  if round down(customer.a to 3) == 4 { exit q }
  if days(customer.h) > 2 or hours(now - customer.at_) < customer.a { exit q }
  if entry.s == customer.t or entry.v > customer.e { exit q }
  if order.total > 3 EUR or count(order) >= 1 { exit q }
  if stage == s { exit q }
  if (customer.a or else customer.b) == 3 or (customer.n or else customer.c) > 2 { exit q }
  if customer.a is unknown or customer.t is known { exit q }
  if -customer.a < customer.b * -3 { exit q }
  set customer.c = customer.a * customer.b
  set customer.c = customer.a + customer.b - customer.c
  set customer.n = customer.n * customer.n - customer.n / customer.a
  set customer.e = customer.e + customer.m * customer.n
  set customer.usd = customer.usd + customer.e
  set customer.irt2 = customer.irt2 + customer.m + 1 EUR
  set customer.l = customer.l + "a"
  set customer.l = customer.l + customer.t
  set customer.h = customer.h * customer.n + 90s
  set customer.h = customer.h / 7 - customer.h
  set customer.at_ = customer.at_ + 3d
  set customer.d = customer.d - customer.h
  set customer.p = customer.p * 2 + 1%
  set customer.t = customer.u or else "none"
  set customer.f = w
} }
"""


@pytest.mark.parametrize("seed", range(3))
def test_every_operator(seed: int) -> None:
    compare(project_of(BY_HAND), random.Random(seed))  # noqa: S311 - no secret


def test_what_an_expression_asks_for() -> None:
    project = project_of(
        "customer { a: integer = 0; b: yes_no = no }\nevent came { v: integer? }\ncondition c = customer.b\n"
        "journey j { enter on came; stage s {\n"
        "if (c or entry.v > customer.a) and order within 3d and today > 2027-01-01 { exit q } } }\n"
        "event order"
    )
    (node,) = expressions(project)
    asked = in_columns(node, Interner())
    assert asked.attributes == {"a", "b"}
    assert asked.entry == {"v"}
    assert asked.clock
    assert len(asked.forms) == 1
