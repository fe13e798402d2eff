"""Amounts of money as people read them, and from one currency to another by the project's rates."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from safar.engine.expression import CURRENCIES, MONEY_STEP

PLACES = 6
"""Decimal places to which rates, means and measures are rounded in outputs; money and counts are never rounded."""


def major(units: int | Fraction, currency: str) -> Fraction:
    """Hundredths of the smallest unit in whole units of the currency, exactly.

    >>> major(125_000, "EUR")
    Fraction(25, 2)
    """
    return Fraction(units) / Fraction(10 ** CURRENCIES[currency] * MONEY_STEP)


def number(value: Fraction) -> int | float:
    """For JSON: an exact decimal of up to 15 digits; a whole number has no point.

    >>> number(Fraction(25, 2)), number(Fraction(12))
    (12.5, 12)
    """
    return value.numerator if value.denominator == 1 else float(value)


def rounded(value: Fraction | float | None) -> int | float | None:
    """To six decimal places, half to even.

    >>> rounded(Fraction(2, 3)), rounded(None)
    (0.666667, None)
    """
    return None if value is None else number(round(Fraction(value), PLACES))


def written(amounts: Mapping[str, int], *currencies: str) -> dict[str, int | float]:
    """Amounts by currency in major units, in order of the currencies; the named ones are there even if nil."""
    return {code: number(major(amounts.get(code, 0), code)) for code in sorted({*amounts, *currencies})}


def converted(value: Fraction, source: str, target: str, rates: Mapping[str, Fraction]) -> Fraction | None:
    """Major units of one currency in another; None without a declared rate.

    >>> converted(Fraction(2), "EUR", "IRT", {"IRT_per_EUR": Fraction(120_000)})
    Fraction(240000, 1)
    """
    if source == target or value == 0:
        return value
    if rate := rates.get(f"{target}_per_{source}"):
        return value * rate
    if rate := rates.get(f"{source}_per_{target}"):
        return value / rate
    return None
