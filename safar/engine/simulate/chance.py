"""Chance: every draw is a pure function of its key, with the same bits on every machine.

The scheme and its test vectors are in `docs/language/chance.md`; a test reads them from there.  Only `+ - * /`,
`frexp` and `ldexp` are used, which IEEE 754 rounds exactly, and never a library's logarithm.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from safar.engine.names import fold

_MASK = (1 << 64) - 1
PHI = 0x9E3779B97F4A7C15
ONE = 1 << 53
"""Uniform numbers are whole numbers below this: in units of 2^-53."""

PAYLOAD = 1
"""The path part before the fields of a payload."""
BEHAVES = 2
"""The path part before a scope's `behaves`."""
ALLOWED = 3
"""The path part of a candidate's second number."""

LN2_HIGH = 0.6931471803691238  # the upper 33 bits of ln 2, so that k * high is exact
LN2_LOW = 1.9082149292705877e-10
LEAST = 2.0**-54


def finalise(z: int) -> int:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, there called mix64variant13)."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def mix(key: int, part: int) -> int:
    """The key that is one part longer."""
    z = (key * PHI + part) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def together(first: int, *more: int) -> int:
    """Parts that are the same for many customers as one part, so that each customer's key grows by it at once."""
    for part in more:
        first = mix(first, part)
    return first


def seed_key(seed: int) -> int:
    """
    >>> hex(seed_key(1))
    '0x910a2dec89025cc1'
    """
    return finalise((seed * PHI + 1) & _MASK)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def name_part(name: str) -> int:
    """A name as a part of a key: folded, NFC, BLAKE2b to 64 bits, lowest byte first."""
    return _hash(unicodedata.normalize("NFC", fold(name)))


def customer_part(key: str) -> int:
    """A customer's key as a part: a whole number (below 10^19) is that number, any other text is hashed, NFC.

    >>> customer_part("17"), customer_part("017"), customer_part("c17") == 17
    (17, 17, False)
    """
    if key.isascii() and key.isdigit() and len(key) < 20:
        return int(key)
    return _hash(unicodedata.normalize("NFC", key))


def uniform(key: int) -> int:
    """The key's uniform number, from 0 to `ONE` - 1; as a number in [0, 1) it is this times 2^-53."""
    return key >> 11


def threshold(chance: Fraction) -> int:
    """The least whole number that is not below chance x 2^53: a draw happens if it is less."""
    return max(0, min(ONE, math.ceil(chance * ONE)))


def thresholds(shares: Iterable[Fraction]) -> tuple[int, ...]:
    """The upper ends of shares laid side by side."""
    total, ends = Fraction(0), []
    for share in shares:
        total += share
        ends.append(threshold(total))
    return tuple(ends)


def minus_log(x: float) -> float:
    """-ln x for x > 0.  atanh series to the eleventh power; relative error below 1e-10.

    >>> minus_log(0.3)
    1.2039728043259406
    """
    m, e = math.frexp(x)
    if m < 0.7071067811865476:
        m += m
        e -= 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    q = ((((z / 11.0 + 1.0 / 9.0) * z + 1.0 / 7.0) * z + 1.0 / 5.0) * z + 1.0 / 3.0) * z + 1.0
    return -(e * 0.6931471805599453 + 2.0 * s * q)


EXP_TERMS = tuple(1.0 / math.factorial(n) for n in range(13, -1, -1))


def exp(x: float) -> float:
    """e^x, |x| held within 700.  Taylor to the 13th power after taking out 2^k; relative error below 1e-15."""
    x = min(700.0, max(-700.0, x))
    k = math.floor(x / 0.6931471805599453 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = 0.0
    for term in EXP_TERMS:
        total = total * r + term
    return math.ldexp(total, k)


def square_root(x: float) -> float:
    """Heron's rule, six times from a line through [1/2, 2); relative error below 1e-15.  For x > 0."""
    m, e = math.frexp(x)
    if e & 1:
        m += m
        e -= 1
    y = 0.41731 + 0.59016 * m
    for _ in range(6):
        y = 0.5 * (y + m / y)
    return math.ldexp(y, e // 2)


def _ratio(x: float, above: tuple[float, ...], below: tuple[float, ...]) -> float:
    top = bottom = 0.0
    for a, b in zip(above, below, strict=True):
        top = top * x + a
        bottom = bottom * x + b
    return top / bottom


# The constants of algorithm AS 241 (PPND16), M. J. Wichura, Applied Statistics 37 (1988), 477-484,
# the highest power first.
# fmt: off
CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)
MIDDLE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)
TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)
# fmt: on


def normal_quantile(p: float) -> float:
    """The standard normal quantile by Wichura's AS 241, over the logarithm above; relative error below 1e-9.

    p below 2^-54 counts as 2^-54.
    """
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        return q * _ratio(0.180625 - q * q, *CENTRE)
    r = square_root(minus_log(max(LEAST, p if q < 0.0 else 1.0 - p)))
    x = _ratio(r - 1.6, *MIDDLE) if r <= 5.0 else _ratio(r - 5.0, *TAIL)
    return -x if q < 0.0 else x


Z90 = normal_quantile(0.9)
"""How many standard deviations hold 90 per cent on one side."""


def log_normal(median: float, within: float, q: float) -> float:
    """The q-quantile of the log-normal law with that median and 90th percentile, both greater than 0."""
    sigma = minus_log(median / within) / Z90
    return median * exp(sigma * normal_quantile(q))


def delay(kind: str, low: int, high: int, q: float) -> int:
    """The q-quantile of a delay in whole seconds, cut down; the kinds are those of `model.Delay`."""
    if kind == "exponential":
        return int(low * minus_log(1.0 - q))
    if kind == "log_normal":
        return int(log_normal(low, high, q)) if low > 0 and high > 0 else 0
    if kind == "uniform":
        return low + int(q * (high - low))
    return low
