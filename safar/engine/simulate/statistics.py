"""What can be said from a sample: shares and means with their intervals, and quantiles of times.

Only + - * / and the square root are used, which every machine rounds alike.
"""

from __future__ import annotations

import bisect
import functools
import math
from fractions import Fraction

import msgspec

LEVEL = 0.95
Z = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: both sides of a 95% interval."""


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The 95% interval of a share, of whole trials or of so many as the trials are worth, after E. B. Wilson, "Probable
    inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22
    (1927), 209-212, without continuity correction.

    >>> [round(bound, 4) for bound in wilson(12_345, 89_190)]
    [0.1362, 0.1407]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    z2 = Z * Z / trials
    middle = (share + z2 / 2) / (1 + z2)
    half = Z / (1 + z2) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def difference(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """The 95% interval of the difference of two shares (successes and trials each), after R. G. Newcombe, "Interval
    estimation for the difference between independent proportions", Statistics in Medicine 17 (1998), 873-890,
    method 10: from the Wilson intervals of both.

    >>> [round(bound, 4) for bound in difference((56, 70), (48, 80))]
    [0.0524, 0.3339]
    """
    if not first[1] or not second[1]:
        return -1.0, 1.0
    p, q = first[0] / first[1], second[0] / second[1]
    (p_low, p_high), (q_low, q_high) = wilson(*first), wilson(*second)
    below = math.sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    above = math.sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return p - q - below, p - q + above


class Moments(msgspec.Struct):
    """Number, sum and sum of squares of whole numbers; two are added by `merge`, in any order."""

    count: int = 0
    total: int = 0
    squares: int = 0

    def add(self, value: int) -> None:
        self.count += 1
        self.total += value
        self.squares += value * value

    def merge(self, other: Moments) -> None:
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    def mean(self) -> Fraction | None:
        return Fraction(self.total, self.count) if self.count else None

    def error(self) -> float | None:
        """The standard error of the mean: the root of the sample variance over n; None below two values.

        >>> moments = Moments()
        >>> for value in (1, 2, 3, 4): moments.add(value)
        >>> round(moments.error(), 6)
        0.645497
        """
        if self.count < 2:
            return None
        variance = (Fraction(self.squares) - Fraction(self.total**2, self.count)) / (self.count - 1)
        return math.sqrt(variance / self.count)

    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the mean, by the central limit theorem: mean ± z x standard error."""
        mean, error = self.mean(), self.error()
        return None if mean is None or error is None else (float(mean) - Z * error, float(mean) + Z * error)


@functools.cache
def bounds() -> tuple[int, ...]:
    """Lower ends of the histogram's classes: one each below 50, then each 2% wider, up to a thousand years."""
    bounds = [0]
    while bounds[-1] < 1000 * 366 * 86_400:
        bounds.append(max(bounds[-1] + 1, bounds[-1] * 51 // 50))
    return tuple(bounds)


class Times(msgspec.Struct):
    """A histogram of seconds of fixed size, so that it can be merged and no memory grows with customers.

    `squares` is the sum of squares; `classes` holds number and sum by class; a quantile is the mean of its class: exact
    where all its values are equal, at most 2% off otherwise.
    """

    count: int = 0
    total: int = 0
    classes: dict[int, tuple[int, int]] = {}
    squares: int = 0

    def add(self, seconds: int) -> None:
        self.count += 1
        self.total += seconds
        self.squares += seconds * seconds
        number = bisect.bisect_right(bounds(), seconds)
        count, total = self.classes.get(number, (0, 0))
        self.classes[number] = count + 1, total + seconds

    def merge(self, other: Times) -> None:
        self.count += other.count
        self.total += other.total
        self.squares += other.squares
        for number, (count, total) in other.classes.items():
            own = self.classes.get(number, (0, 0))
            self.classes[number] = own[0] + count, own[1] + total

    def mean(self) -> Fraction | None:
        return Fraction(self.total, self.count) if self.count else None

    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the mean; None where it cannot be told."""
        return Moments(self.count, self.total, self.squares).interval() if self.squares or not self.total else None

    def quantile(self, share: Fraction) -> int | None:
        """The smallest value that at least this share of the values does not exceed, in whole seconds.

        >>> times = Times()
        >>> for _ in range(9): times.add(172_800)
        >>> times.add(60); times.quantile(Fraction(1, 2)), times.quantile(Fraction(1, 10))
        (172800, 60)
        """
        wanted = max(1, math.ceil(share * self.count))
        for number in sorted(self.classes):
            count, total = self.classes[number]
            wanted -= count
            if wanted <= 0:
                return total // count
        return None
