"""The algebra of measures over counts made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from safar.dsl.read import read_text
from safar.engine.model import Settings
from safar.engine.program import lower
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.leaves import all_leaves
from safar.engine.simulate.measures import Book, Figure, evaluate, measured

TEXT = """
event joined
event opened
event rated {{ stars: integer; fee: money; took: duration }}
event called
channel email {{ outbound; cost 0.002 EUR per message }}
persona planner {{ share 100% }}
journey buying {{
  enter on joined
  goal won {{ on opened }}
  measure it = {formula}
  stage meeting {{
    touchpoint hello {{ send email {{ text "Hello" }}; responds {{ opened 50%; called 1% }} }}
    split test {{ 50% a {{ }}; 50% b {{ }} }}
    exit lost
  }}
}}
"""
SETTINGS = Settings(rates={"USD_per_EUR": Fraction(5, 4)})
EUR, USD = 10_000, 10_000


def book(formula: str, numbers: Mapping[str, object], standing: dict[str, int] | None = None) -> Book:
    """Counts by the short word of each leaf: `won`, `won_in_a`, `entered_for_planner` ..."""
    reading = read_text(TEXT.format(formula=formula), settings=SETTINGS)
    assert not [finding.message for finding in reading.findings if finding.severity.value == "error"]
    program = lower(reading.project, reading.project.journeys["buying"])
    counts = Counts()
    for leaf in all_leaves(program):
        word = leaf.name + "".join(f"_in_{arm}" for _, arm in leaf.arms)
        word += f"_for_{leaf.persona}" if leaf.persona else ""
        word += f"_within_{leaf.within}" if leaf.within else ""
        word = "time" if leaf.of == "time" else "average" if leaf.of == "average" else word
        given = numbers.get(word, 0)
        if isinstance(given, dict):
            for currency, units in given.items():
                counts.add("leaf", leaf.key, currency, by=units)
                if not leaf.arms:
                    counts.add(leaf.name, currency, by=units)
        elif isinstance(given, Fraction):
            counts.add("leaf", leaf.key, by=given.denominator)
            counts.add_exact(leaf.key, Fraction(given.numerator))
        elif isinstance(given, int) and given:
            counts.add("leaf", leaf.key, by=given)
    return Book(program, counts, standing or {})


def value(of: Book, *, share: bool = False) -> Figure | None:
    (measure,) = of.program.journey.measures
    assert measure.quantity is not None
    return evaluate(of, measure.quantity, share=share)


@pytest.mark.parametrize(
    ("formula", "numbers", "figure"),
    [
        ("won", {"won": 7}, Figure(Fraction(7))),
        ("won per entered", {"won": 7, "entered": 14}, Figure(Fraction(1, 2))),
        ("won / lost", {"won": 7}, None),
        ("won + lost * 2 - 1", {"won": 7, "lost": 2}, Figure(Fraction(10))),
        ("messages per customer", {"messages": 9, "customers": 4}, Figure(Fraction(9, 4))),
        ("won in test.a - won in test.b", {"won_in_a": 5, "won_in_b": 3}, Figure(Fraction(2))),
        ("won for planner", {"won_for_planner": 2, "won": 9}, Figure(Fraction(2))),
        ("won within 3d", {"won_within_259200": 2, "won": 9}, Figure(Fraction(2))),
        ("opened(hello)", {"opened": 4}, Figure(Fraction(4))),
        ("cost", {"cost": {"EUR": 3 * EUR}}, Figure(Fraction(3), "EUR")),
        ("cost per won", {"cost": {"EUR": 3 * EUR}, "won": 2}, Figure(Fraction(3, 2), "EUR")),
        ("cost per won", {"cost": {"EUR": 3 * EUR}}, None),
        ("cost per revenue", {"cost": {"EUR": 3 * EUR}, "revenue": {"EUR": 6 * EUR}}, Figure(Fraction(1, 2))),
        ("margin", {"cost": {"EUR": 3 * EUR}, "revenue": {"EUR": 10 * EUR}}, Figure(Fraction(7), "EUR")),
        ("margin", {"cost": {"USD": 5 * USD}, "revenue": {"EUR": 10 * EUR}}, Figure(Fraction(6), "EUR")),
        ("revenue", {"revenue": {"USD": 5 * USD, "EUR": EUR}}, Figure(Fraction(5), "EUR")),
        ("revenue", {"revenue": {"GBP": 5 * USD, "EUR": EUR}}, None),
        ("revenue", {"revenue": {"GBP": 5 * USD}}, Figure(Fraction(5), "GBP")),
        ("revenue in test.a", {"revenue_in_a": {"EUR": EUR}}, Figure(Fraction(1), "EUR")),
        ("average(rated.stars)", {"average": Fraction(9, 2)}, Figure(Fraction(9, 2))),
        ("average(rated.stars)", {}, None),
        ("average(rated.took)", {"average": Fraction(60)}, Figure(Fraction(60), "s")),
        ("average(rated.fee)", {"average": Fraction(9 * EUR, 2)}, Figure(Fraction(45_000, 10_000), "EUR")),
        ("time from entered to won", {"time": Fraction(7201, 2)}, Figure(Fraction(7201, 2), "s")),
    ],
)
def test_formulas(formula: str, numbers: Mapping[str, object], figure: Figure | None) -> None:
    assert value(book(formula, numbers)) == figure


def test_what_a_journey_costs_by_being_there_belongs_to_the_whole_journey_only() -> None:
    assert value(book("cost", {"cost": {"EUR": EUR}}, {"EUR": EUR})) == Figure(Fraction(2), "EUR")
    assert value(book("cost in test.a", {"cost_in_a": {"EUR": EUR}}, {"EUR": EUR})) == Figure(Fraction(1), "EUR")


@pytest.mark.parametrize(
    ("formula", "numbers", "wanted"),
    [
        ("won, target at least 12%", {"won": 3, "entered": 20}, (0.15, "", 0.12, True)),
        ("won, target at least 20%", {"won": 3, "entered": 20}, (0.15, "", 0.2, False)),
        ("won, target at least 3", {"won": 3, "entered": 20}, (3, "", 3, True)),
        ("won, target at least 12%", {}, (None, "", 0.12, None)),
        ("won per opened, target at least 30%", {"won": 1, "opened": 3}, (0.333333, "", 0.3, True)),
        (
            "won in test.a - won in test.b, target at least 1%",
            {"won_in_a": 3, "entered_in_a": 10, "won_in_b": 8, "entered_in_b": 40, "entered": 50},
            (0.1, "", 0.01, True),
        ),
        ("cost per won, target at most 3 EUR", {"cost": {"EUR": 7 * EUR}, "won": 2}, (3.5, "EUR", 3, False)),
        ("cost, target at most 5 EUR", {"cost": {"USD": 5 * USD}}, (4, "EUR", 5, True)),
        ("cost, target at most 5 EUR", {"cost": {"GBP": 5 * USD}}, (None, "EUR", 5, None)),
    ],
)
def test_targets(formula: str, numbers: Mapping[str, object], wanted: tuple[object, ...]) -> None:
    of = book(formula, numbers)
    (measure,) = of.program.journey.measures
    found = measured(of, measure)
    assert (found["value"], found["unit"], found["target"], found["met"]) == wanted
