"""A mean that is looked at while it comes together: an interval that holds at every look at once.

An interval for a fixed sample fails in far more than 5% of the runs if one looks again and again and stops at the first
success.  A confidence sequence does not: the chance that it ever fails to hold the mean is at most 5%.
"""

from __future__ import annotations

import enum
import math
from fractions import Fraction

import msgspec

from safar.engine.simulate.statistics import LEVEL

LEAST = 8
"""Values before which nothing is decided: the sequence is exact for normal values only, and means of batches of
customers are only nearly so."""

_PRIOR = 0.05
"""Variance of the mixture, in units of the values' own; least width at about 100 to 1,000 values."""


class Verdict(enum.Enum):
    """What is known of a mean: above nil, below nil, nil within the margin, or nothing yet."""

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


def decide(interval: tuple[float, float] | None, margin: float = 0.0) -> Verdict:
    """What an interval of a difference says; within `margin` either way is as good as none.

    >>> [decide(one, 0.01).value for one in ((0.005, 0.02), (-0.02, -0.001), (-0.003, 0.009), (-0.01, 0.03))]
    ['better', 'worse', 'equivalent', 'undecided']
    """
    if interval is None:
        return Verdict.UNDECIDED
    low, high = interval
    if margin > 0 and -margin <= low and high <= margin:
        return Verdict.EQUIVALENT
    if low > 0:
        return Verdict.BETTER
    return Verdict.WORSE if high < 0 else Verdict.UNDECIDED


def anytime(count: int, mean: float, variance: float, level: float = LEVEL) -> tuple[float, float] | None:
    """The confidence sequence of a mean after `count` values with that sample variance; None while nothing is known.

    The sequential t-test of T. L. Lai, "On confidence sequences", Annals of Statistics 4 (1976), 265-280, with a normal
    mixture over the effect in units of the unknown standard deviation (the Bayes factor with a g-prior; that it may be
    watched: H. Wang and A. Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
    variance", Sequential Analysis 44 (2025), 56-110).  All means are in whose Bayes factor is below 1 / (1 - level).

    >>> [round(bound, 3) for bound in anytime(100, 0.5, 1.0)]
    [0.187, 0.813]
    """
    if count < LEAST:
        return None
    ratio = 1 + count * _PRIOR
    grown = math.exp((math.log(ratio) / 2 - math.log(1 - level)) * 2 / count)
    if grown >= ratio:
        return None
    half = math.sqrt(variance / count * (count - 1) * (grown - 1) / (1 - grown / ratio))
    return mean - half, mean + half


class Watch(msgspec.Struct):
    """A mean, or the mean of differences, that may be looked at whenever one likes.

    Values are added one by one or merged; sums are exact, so neither order nor division plays a part in what is known
    after the same values.  A value is a customer's, or better the mean of a batch of customers.

    >>> watch = Watch()
    >>> for n in range(400): watch.add(Fraction(n % 5, 10) - Fraction(1, 20))
    >>> watch.verdict().value, watch.verdict(margin=1).value
    ('better', 'equivalent')
    """

    count: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)

    def add(self, value: float | Fraction) -> None:
        exact = Fraction(value)
        self.count += 1
        self.total += exact
        self.squares += exact * exact

    def merge(self, other: Watch) -> None:
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    def mean(self) -> Fraction | None:
        return self.total / self.count if self.count else None

    def interval(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Where the mean lies; None while there are too few values."""
        if self.count < 2:
            return None
        mean = self.total / self.count
        variance = (self.squares - self.total * mean) / (self.count - 1)
        return anytime(self.count, float(mean), float(variance), level)

    def verdict(self, margin: float = 0.0) -> Verdict:
        """Better than nil, worse, equivalent within the margin, or undecided: valid however often one asks."""
        return decide(self.interval(), margin)
