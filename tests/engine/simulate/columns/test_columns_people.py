"""Customers drawn as columns are those that are drawn one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.simulate.columns import arithmetic
from safar.engine.simulate.columns.column import Interner, full
from safar.engine.simulate.columns.people import Crowd, People
from safar.engine.simulate.draw import Population
from safar.engine.simulate.world import Customer
from tests.generated.journeys import ALL
from tests.generated.vocabulary import Vocabulary

START = 1_799_139_600

OF_EVERYTHING = """
customer {
  a: integer = 3; b: number = 0.5; c: money = 1 EUR; d: percent = 1%; e: text?; f: one of x, y, z = y
  g: date?; h: duration = 1h; i: list of text; j: yes_no = no; k: integer?; m: money?; n: time?; o: integer = 7
  s: money = 2 JPY
}
persona p1 { share 33.3%
  set customer.a = 1 to 5
  set customer.b = customer.a / 4 if customer.a > 2, 1 to 2.5 otherwise
  set customer.c = about 80 EUR, 90% within 200 EUR if customer.b > 0.6, 0.005 EUR if customer.a == 1
  set customer.m = customer.c * 0.1 to customer.c + 3 EUR
  set customer.k = customer.a + 1
  set customer.o = customer.k * 2
  set customer.s = 3 JPY to 500 JPY
  set customer.g = today - 3d to today + 40d
  set customer.e = one of "a" 12.5%, "b" 87.5% if persona == p1
  set customer.i = ["p", "q"]
  set customer.a = customer.a + 100 if customer.j, 2 to 3 otherwise
}
persona p2 { share 46.7%
  set customer.o = customer.k
  set customer.k = about 3, 90% within 8
  set customer.c = about customer.m, 90% within 30 EUR
  set customer.m = about customer.c, 90% within 30 EUR
  set customer.h = about 2d, 90% within 9d
  set customer.d = about 5%, 90% within 20%
  set customer.f = one of x 20%, z 80%
  set customer.j = one of yes 50%, no 50%
  set customer.i = customer.i + "r" if customer.j
  set customer.n = now
  set customer.e = "m" if order, "n" if count(order) >= 1 or customer.i contains "r",
    "o" if since(order) > 1d or today > 2027-01-01
}
persona p3 { share 20%
  set customer.j = yes if customer.k > 3
  set customer.f = one of x 50%, y 25%, z 25% if weekday == tuesday
}
event order
"""


def same(project: Project, crowd: Crowd, codes: Interner, customers: list[Customer]) -> None:
    attributes = project.vocabulary.attributes.values()
    assert list(crowd.names) == [one.key for one in customers]
    numbers = np.broadcast_to(crowd.persona(), crowd.n).tolist()
    personas = [None if n < 0 else tuple(project.vocabulary.personas)[n] for n in numbers]
    assert personas == [one.persona for one in customers]
    for attribute in attributes:
        values, known = full(crowd.attribute(attribute.name), crowd.n)
        assert values.dtype == arithmetic.dtype(attribute.type.base) or not known.any(), attribute.name
        for row, one in enumerate(customers):
            value = arithmetic.decode(values[row].item(), attribute.type.base, codes) if known[row] else None
            assert value == one.attributes[attribute.name], (attribute.name, row, one.persona)


def compare(text: str, n: int, seed: int = 1) -> None:
    reading = read_text(text)
    assert not [one.message for one in reading.findings if one.severity.value == "error"]
    project, codes = reading.project, Interner()
    population = Population(project, seed, START)
    drawn = []
    for key in range(17, 17 + n):
        persona, attributes = population.draw(str(key))
        drawn.append(Customer(key=str(key), persona=persona, attributes=attributes))
    by_key = {one.key: one for one in drawn}
    met = []
    for crowd in People(project, seed, START, codes).generated(17, 16 + n, 1 + n // 3):
        mine = [by_key[key] for key in crowd.names]
        met += mine
        same(project, crowd, codes, mine)
        assert [crowd.customer(row) for row in (0, crowd.n - 1)] == [mine[0], mine[-1]]
        assert crowd.n <= 2 * (1 + n // 3)
    assert sorted(one.key for one in met) == sorted(by_key)
    same(project, People(project, seed, START, codes).given(drawn), codes, drawn)


def test_everything_that_personas_can_say() -> None:
    compare(OF_EVERYTHING, 2000)


@pytest.mark.parametrize("seed", range(30))
def test_generated_vocabularies(seed: int) -> None:
    compare(Vocabulary(random.Random(seed), ALL).text(), 60, seed)  # noqa: S311 - no secret


def test_without_personas_all_is_at_its_default() -> None:
    compare("customer { a: integer = 3; b: text?; c: list of text }", 3)


def test_given_customers_have_defaults() -> None:
    project, codes = read_text("customer { a: integer = 3; b: text? }").project, Interner()
    given = [Customer(key="c7", attributes={"a": 4}), Customer(key="007", attributes={"b": "x"}), Customer(key="8")]
    crowd = People(project, 1, START, codes).given(given)
    assert full(crowd.attribute("a"), 3)[0].tolist() == [4, 3, 3]
    assert full(crowd.attribute("b"), 3)[1].tolist() == [False, True, False]
    assert crowd.customer(1) is given[1]
    assert crowd.stems[1] == next(People(project, 1, START, codes).generated(7, 7, 1)).stems[0]
