"""Measures: formulas over the counts of a simulation, and whether their targets are met."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from safar.engine.expression import Base
from safar.engine.model import Level, Measure, Quantity
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.leaves import Leaf, named, restricted
from safar.engine.simulate.money import converted, major, rounded

_MONEY = ("cost", "revenue", "margin")


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
    return _Reading(book, share).value(quantity, Leaf("", "", touchpoint=fold(touchpoint)))


def measured(book: Book, measure: Measure, touchpoint: str = "") -> dict[str, int | float | str | bool | None]:
    """A measure as in `simulate --json`: value, unit, target and whether it is met (null where there is none)."""
    if measure.quantity is None:
        return {"value": None, "unit": "", "target": None, "met": None}
    share = measure.target is not None and measure.target.unit == "%" and _is_count(measure.quantity)
    figure = evaluate(book, measure.quantity, touchpoint=touchpoint, share=share)
    target = None if measure.target is None else level(measure.target)
    unit = figure.unit if figure is not None else ""
    value = figure.value if figure is not None else None
    if value is not None and measure.target is not None and target is not None and unit != target.unit and target.unit:
        value = converted(value, unit, target.unit, book.program.project.settings.rates) if unit else value
        unit = target.unit
    return {
        "value": rounded(value),
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


def _is_count(quantity: Quantity) -> bool:
    """Whether a formula counts things, so that comparing it with a percentage means their share."""
    match quantity.kind:
        case "name":
            return not (quantity.of == "figure" and quantity.name in _MONEY)
        case "arithmetic":
            counts = [_is_count(part) for part in quantity.parts]
            return (
                any(counts)
                if quantity.op == "*"
                else quantity.op in ("+", "-")
                and all(count or part.kind == "number" for count, part in zip(counts, quantity.parts, strict=True))
            )
        case "in" | "for" | "within" | "journey":
            return _is_count(quantity.parts[0])
    return False


class _Reading:
    def __init__(self, book: Book, share: bool) -> None:
        self._book, self._share = book, share
        self._settings = book.program.project.settings

    def value(self, quantity: Quantity, around: Leaf) -> Figure | None:
        match quantity.kind:
            case "number":
                return constant(quantity)
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
        if leaf.of == "figure" and leaf.name in _MONEY:
            return self._money(leaf)
        count = Fraction(self._count(leaf))
        if not self._share:
            return Figure(count)
        runs = self._count(leaf.entered())
        return Figure(count / runs) if runs else None

    def _count(self, leaf: Leaf) -> int:
        return self._book.counts.get("leaf", leaf.key)

    def _mean(self, quantity: Quantity, leaf: Leaf) -> Figure | None:
        count = self._count(leaf)
        if not count:
            return None
        mean = self._book.counts.sums[leaf.key] / count
        if quantity.kind == "time":
            return Figure(mean, "s")
        event = self._book.program.project.vocabulary.events.get(quantity.name)
        field = next((f for f in event.fields if f.name == quantity.field), None) if event else None
        currency = field.type.currency if field else ""
        seconds = field is not None and field.type.base is Base.DURATION
        return Figure(major(mean, currency), currency) if currency else Figure(mean, "s" if seconds else "")

    def _money(self, leaf: Leaf) -> Figure | None:
        if leaf.name == "margin":
            revenue = self._money(msgspec.structs.replace(leaf, name="revenue"))
            cost = self._money(msgspec.structs.replace(leaf, name="cost"))
            return None if revenue is None or cost is None else self._joined("-", revenue, cost)
        amounts = self._book.counts.money("leaf", leaf.key)
        if leaf == Leaf("figure", leaf.name):
            amounts = self._book.counts.money(leaf.name)
            if leaf.name == "cost":
                for currency, units in self._book.standing.items():
                    amounts[currency] = amounts.get(currency, 0) + units
        return self._sum({currency: units for currency, units in amounts.items() if units})

    def _sum(self, amounts: dict[str, int]) -> Figure | None:
        """Amounts as one: in their own currency if there is one only, else in the project's."""
        target = next(iter(amounts)) if len(amounts) == 1 else self._settings.currency
        total = Fraction(0)
        for currency, units in amounts.items():
            part = converted(major(units, currency), currency, target, self._settings.rates)
            if part is None:
                return None
            total += part
        return Figure(total, target)

    def _joined(self, op: str, left: Figure, right: Figure) -> Figure | None:
        if left.unit and right.unit and left.unit != right.unit:
            same = converted(right.value, right.unit, left.unit, self._settings.rates)
            if same is None:
                return None
            right = Figure(same, left.unit)
        unit = left.unit or right.unit
        match op:
            case "+":
                return Figure(left.value + right.value, unit)
            case "-":
                return Figure(left.value - right.value, unit)
            case "*":
                return Figure(left.value * right.value, unit)
        if right.value == 0:
            return None
        return Figure(left.value / right.value, "" if right.unit else left.unit)
