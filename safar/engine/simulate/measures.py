"""Measures: formulas over the counts of a simulation, their intervals, and whether their targets are met."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from safar.engine.expression import Base
from safar.engine.model import Level, Measure, Quantity
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.intervals import interval
from safar.engine.simulate.leaves import MONEY, Leaf, named, restricted, shares
from safar.engine.simulate.money import major, rounded
from safar.engine.simulate.sloped import Sloped
from safar.engine.simulate.spread import GRID, counted, fractional, summed


class Figure(msgspec.Struct, frozen=True):
    """A value; `unit` is a currency (then in major units), `s` for seconds, or empty."""

    value: Fraction
    unit: str = ""


class Book(msgspec.Struct, frozen=True):
    """What measures are read from.  `standing` is what the journey costs by being there, by currency; `others` are
    the books of the journeys that it is compared with, by folded name.
    """

    program: Program
    counts: Counts
    standing: Mapping[str, int]
    others: Mapping[str, Book] = {}


def evaluate(book: Book, quantity: Quantity, *, touchpoint: str = "", share: bool = False) -> Figure | None:
    """The value of a formula; None where something is divided by nothing, or no rate joins two currencies.

    With `share` every count in it is its share of the runs entered (of those it is restricted to).
    """
    found = _Reading(book, share).value(quantity, Leaf("", "", touchpoint=fold(touchpoint)))
    return None if found is None else Figure(found.value, found.unit)


def measured(book: Book, measure: Measure, touchpoint: str = "") -> dict[str, int | float | str | bool | None]:
    """A measure as in `simulate --json`: value, 95% interval, unit, target and whether it is met (null where there is
    none).
    """
    if measure.quantity is None:
        return {"value": None, "low": None, "high": None, "unit": "", "target": None, "met": None}
    around, share = Leaf("", "", touchpoint=fold(touchpoint)), shares(measure)
    figure = _Reading(book, share).value(measure.quantity, around)
    target = None if measure.target is None else level(measure.target)
    unit = figure.unit if figure is not None else ""
    if figure is not None and target is not None and target.unit and unit != target.unit:
        figure = figure.converted(target.unit, book.program.project.settings.rates) if unit else figure
        unit = target.unit
    value = figure.value if figure is not None else None
    low, high = (None, None) if figure is None else interval(book.counts, measure.quantity, around, figure, share=share)
    return {
        "value": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "unit": unit,
        "target": None if target is None else rounded(target.value),
        "met": None if measure.target is None else met(measure.target, value),
    }


def level(target: Level) -> Figure:
    """A target in the terms of the value that it is compared with: a share of 1, or major units."""
    if target.unit in ("", "%"):
        return Figure(target.value)
    return Figure(major(target.value, target.unit), target.unit)


def constant(quantity: Quantity) -> Figure:
    """A number in a formula, in major units where it is money."""
    if quantity.unit in ("", "%", "s"):
        return Figure(quantity.value, "s" if quantity.unit == "s" else "")
    return Figure(major(quantity.value, quantity.unit), quantity.unit)


def met(target: Level, value: Fraction | None) -> bool | None:
    """Whether a value reaches a target; None without a value."""
    if value is None:
        return None
    wanted = level(target).value
    return value >= wanted if target.at_least else value <= wanted


class _Reading:
    def __init__(self, book: Book, share: bool) -> None:
        self._book, self._share = book, share
        self._settings = book.program.project.settings

    def value(self, quantity: Quantity, around: Leaf) -> Sloped | None:
        match quantity.kind:
            case "number":
                figure = constant(quantity)
                return Sloped(figure.value, figure.unit)
            case "arithmetic":
                left, right = (self.value(part, around) for part in quantity.parts)
                return None if left is None or right is None else self._joined(quantity.op, left, right)
            case "in" | "for" | "within":
                return self.value(quantity.parts[0], restricted(around, quantity))
            case "journey":
                return _Reading(self._book.others.get(fold(quantity.name), self._book), self._share).value(
                    quantity.parts[0], around
                )
            case "average" | "time":
                return self._mean(quantity, named(around, quantity))
        leaf = named(around, quantity)
        if leaf.of == "figure" and leaf.name in MONEY:
            return self._money(leaf)
        return self._count(leaf).over(self._count(leaf.entered())) if self._share else self._count(leaf)

    def _count(self, leaf: Leaf) -> Sloped:
        return Sloped(Fraction(self._book.counts.get("leaf", leaf.key)), "", {counted(leaf): Fraction(1)})

    def _mean(self, quantity: Quantity, leaf: Leaf) -> Sloped | None:
        total = self._book.counts.sums.get(leaf.key, Fraction(0))
        parts = GRID if fractional(self._book.program.project, leaf) else 1
        mean = Sloped(total, "", {summed(leaf): Fraction(1, parts)}).over(self._count(leaf))
        if mean is None or quantity.kind == "time":
            return mean and mean.scaled(Fraction(1), "s")
        event = self._book.program.project.vocabulary.events.get(quantity.name)
        field = next((f for f in event.fields if f.name == quantity.field), None) if event else None
        currency = field.type.currency if field else ""
        seconds = field is not None and field.type.base is Base.DURATION
        return mean.scaled(major(1, currency), currency) if currency else mean.scaled(Fraction(1), "s" * seconds)

    def _money(self, leaf: Leaf) -> Sloped | None:
        if leaf.name == "margin":
            revenue = self._money(msgspec.structs.replace(leaf, name="revenue"))
            cost = self._money(msgspec.structs.replace(leaf, name="cost"))
            return None if revenue is None or cost is None else self._joined("-", revenue, cost)
        amounts = self._book.counts.money("leaf", leaf.key)
        standing: Mapping[str, int] = {}
        if leaf == Leaf("figure", leaf.name):
            amounts = self._book.counts.money(leaf.name)
            standing = self._book.standing if leaf.name == "cost" else {}
        figures = [
            Sloped(major(units, currency), currency, {counted(leaf, currency): major(1, currency)})
            for currency, units in sorted(amounts.items())
            if units
        ]
        figures += [Sloped(major(units, currency), currency) for currency, units in sorted(standing.items()) if units]
        return self._sum(figures)

    def _sum(self, figures: list[Sloped]) -> Sloped | None:
        """Amounts as one: in their own currency if there is one only, else in the project's."""
        currencies = {one.unit for one in figures}
        target = currencies.pop() if len(currencies) == 1 else self._settings.currency
        total = Sloped(Fraction(0), target)
        for one in figures:
            part = one.converted(target, self._settings.rates)
            if part is None:
                return None
            total = total.plus(part)
        return total

    def _joined(self, op: str, left: Sloped, right: Sloped) -> Sloped | None:
        if left.unit and right.unit and left.unit != right.unit:
            same = right.converted(left.unit, self._settings.rates)
            if same is None:
                return None
            right = same
        match op:
            case "+":
                return left.plus(right)
            case "-":
                return left.plus(right.scaled(Fraction(-1), right.unit))
            case "*":
                return left.times(right)
        return left.over(right)
