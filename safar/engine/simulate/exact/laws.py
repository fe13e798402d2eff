"""Delays in whole seconds, cut down as the interpreter cuts them: what has come by some second, and when on average.

`chance.delay` takes the quantile at a multiple of 2^-53; the laws here are the limit of that, 1e-15 away from it.
"""

from __future__ import annotations

import functools
import math

import msgspec

from safar.engine.model import Delay
from safar.engine.simulate.chance import Z90


class Law(msgspec.Struct, frozen=True):
    """`kind`: fixed (`low`), uniform (`low` to below `high`), exponential (mean `low`), log_normal (median `low`, 90%
    within `high`), or two exponential delays one after the other (means `low` and `high`).  `shift` comes on top.
    """

    kind: str
    low: int
    high: int = 0
    shift: int = 0

    @property
    def memoryless(self) -> bool:
        """Whether what is still to come does not depend on how long it was waited for."""
        return self.kind == "exponential" and self.shift == 0

    @property
    def least(self) -> int:
        return self.shift + (self.low if self.kind in ("fixed", "uniform") else 0)

    @property
    def most(self) -> int:
        """No delay is longer: the last of 2^53 quantiles."""
        if self.kind == "fixed":
            return self.shift + self.low
        if self.kind == "uniform":
            return self.shift + max(self.low, self.high - 1)
        if self.kind == "log_normal":
            return self.shift + int(self.low * math.exp(8.3 * _sigma(self.low, self.high)))
        return self.shift + 37 * (self.low + (self.high if self.kind == "two" else 0))

    def by(self, second: int) -> float:
        """The chance that it has come by the end of this second."""
        d = second - self.shift
        if d < 0:
            return 0.0
        if self.kind == "fixed":
            return 1.0 if d >= self.low else 0.0
        if self.kind == "uniform":
            return min(1.0, max(0.0, (d - self.low + 1) / (self.high - self.low)))
        if self.kind == "exponential":
            return -math.expm1(-(d + 1) / self.low)
        if self.kind == "two":
            return 1.0 - _two_after(self.low, self.high, d)
        return _normal(math.log((d + 1) / self.low) / _sigma(self.low, self.high))

    def sum_by(self, second: int) -> float:
        """The sum of delay x chance over all delays up to this second: conditional mean times chance."""
        d = second - self.shift
        if d < 0:
            return 0.0
        return _sum(self, d) + self.shift * self.by(second)


def law(delay: Delay) -> Law:
    """The law of a delay as it is written; without spread it is fixed."""
    if delay.kind == "exponential" and delay.low > 0:
        return Law("exponential", delay.low)
    if delay.kind == "log_normal" and delay.low > 0 and delay.high > 0 and delay.low != delay.high:
        return Law("log_normal", delay.low, delay.high)
    if delay.kind == "uniform" and delay.high > delay.low + 1:
        return Law("uniform", delay.low, delay.high)
    return Law("fixed", delay.low if delay.kind in ("fixed", "uniform") or delay.low == delay.high else 0)


def after(first: Law, second: Law) -> Law | None:
    """The law of one delay and then another; None where it is none of the kinds."""
    for one, other in ((first, second), (second, first)):
        if one.kind == "fixed":
            return msgspec.structs.replace(other, shift=other.shift + one.low + one.shift)
    if first.kind == second.kind == "exponential" and first.low != second.low:
        return Law("two", first.low, second.low, first.shift + second.shift)
    return None


def _normal(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def _sigma(median: int, within: int) -> float:
    return math.log(within / median) / Z90


def _two_after(a: int, b: int, d: int) -> float:
    """The chance that two geometric delays together take longer than d."""
    p, q = -math.expm1(-1 / a), -math.expm1(-1 / b)
    x, y = 1 - p, 1 - q
    return (q * x * math.exp(-(d + 1) / a) - p * y * math.exp(-(d + 1) / b)) / (x - y)


@functools.lru_cache(maxsize=65_536)
def _sum(law: Law, d: int) -> float:
    """The sum of k x chance(k) for k up to d, the shift left out."""
    if law.kind == "fixed":
        return float(law.low) if d >= law.low else 0.0
    if law.kind == "uniform":
        last = min(d, law.high - 1)
        return (law.low + last) * (last - law.low + 1) / 2 / (law.high - law.low) if last >= law.low else 0.0
    if law.kind == "exponential":
        return _geometric(law.low, d)
    if law.kind == "two":
        x, y = math.exp(-1 / law.low), math.exp(-1 / law.high)
        p, q = -math.expm1(-1 / law.low), -math.expm1(-1 / law.high)
        return (q * x * _geometric(law.low, d) - p * y * _geometric(law.high, d)) / (x - y)
    return _log_normal(law, d)


def _geometric(mean: int, d: int) -> float:
    return math.exp(-1 / mean) * math.expm1(-d / mean) / math.expm1(-1 / mean) - d * math.exp(-(d + 1) / mean)


def _log_normal(law: Law, d: int) -> float:
    """d F(d) less the sum of F below d, that by the formula of Euler and Maclaurin: the law is smooth over seconds."""
    sigma, end = _sigma(law.low, law.high), d + 1
    z = math.log(end / law.low) / sigma
    area = end * _normal(z) - law.low * math.exp(sigma * sigma / 2) * _normal(z - sigma)
    slope = math.exp(-z * z / 2) / (math.sqrt(2 * math.pi) * sigma * end)
    below = area + _normal(z) / 2 + slope / 12 - _normal(z)
    return d * _normal(z) - below
