"""A figure that knows how it grows with the totals that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from safar.engine.simulate.money import converted

Slopes = dict[str, Fraction]


class Sloped(msgspec.Struct, frozen=True):
    """A value with its unit (see `measures.Figure`), and its derivatives by the totals of factors (see `spread`).

    >>> half = Sloped(Fraction(1), "", {"won": Fraction(1)}).over(Sloped(Fraction(2), "", {"entered": Fraction(1)}))
    >>> str(half.value), {factor: str(slope) for factor, slope in half.slopes.items()}
    ('1/2', {'won': '1/2', 'entered': '-1/4'})
    """

    value: Fraction
    unit: str = ""
    slopes: Slopes = {}

    def scaled(self, by: Fraction, unit: str) -> Sloped:
        """So many times as great, in another unit."""
        return Sloped(self.value * by, unit, {factor: by * slope for factor, slope in self.slopes.items()})

    def plus(self, other: Sloped) -> Sloped:
        slopes = dict(self.slopes)
        for factor, slope in other.slopes.items():
            slopes[factor] = slopes.get(factor, Fraction(0)) + slope
        return Sloped(self.value + other.value, self.unit or other.unit, slopes)

    def times(self, other: Sloped) -> Sloped:
        product = self.scaled(other.value, "").plus(other.scaled(self.value, ""))
        return Sloped(self.value * other.value, self.unit or other.unit, product.slopes)

    def over(self, other: Sloped) -> Sloped | None:
        """Divided by another figure; None where that is nothing."""
        if other.value == 0:
            return None
        quotient = self.value / other.value
        ratio = self.plus(other.scaled(-quotient, "")).scaled(1 / other.value, "")
        return Sloped(quotient, "" if other.unit else self.unit, ratio.slopes)

    def converted(self, target: str, rates: Mapping[str, Fraction]) -> Sloped | None:
        """Money in another currency; None without a declared rate."""
        value = converted(self.value, self.unit, target, rates)
        if value is None:
            return None
        rate = converted(Fraction(1), self.unit, target, rates)
        return Sloped(value, target, self.scaled(rate, target).slopes if rate is not None else {})
