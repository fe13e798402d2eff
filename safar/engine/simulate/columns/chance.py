"""Chance over arrays: the numbers of `simulate/chance.py`, bit for bit, for many keys at once.

Keys are uint64, uniform numbers q are float64.  NumPy rounds each operation by itself, as IEEE 754 asks, so arrays and
single numbers come out equal.  `out` may be the first argument itself.  A key's *stem* is what all that grow out of it
have in common: whoever draws often under the same keys keeps their stems.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from safar.engine.model import Delay
from safar.engine.simulate import chance
from safar.engine.simulate.columns.cells import ALL, Rows, count, places

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_PHI = np.array(chance.PHI, np.uint64)
_MASK = (1 << 64) - 1
_FINALISER = tuple(
    (np.array(bits, np.uint64), np.array(factor, np.uint64))
    for bits, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
)
_LAST_SHIFT = np.array(31, np.uint64)
"""As arrays: NumPy takes them faster than whole numbers of Python's."""

_PIECE = 32_768
_LATEST = 2.0**62
"""Delays are held below this, in seconds, so that they stay whole numbers of 64 bits."""

_FEW = 12
"""Up to so many shares are looked for one after the other, which is faster than by halving."""

_ROOT_HALF = int(np.float64(0.7071067811865476).view(np.int64))
_LEAST_NORMAL = float(np.finfo(np.float64).tiny)


class _Scratch(threading.local):
    """Room for intermediate results, kept from call to call: asking the system for it would cost more than the work."""

    def __init__(self) -> None:
        self._rooms = [np.empty(0, np.uint64) for _ in range(3)]

    def words(self, number: int, n: int) -> Keys:
        room = self._rooms[number]
        if len(room) < n:
            room = self._rooms[number] = np.empty(n, np.uint64)
        return room[:n]

    def floats(self, number: int, n: int) -> Floats:
        return self.words(number, n).view(np.float64)


_scratch = _Scratch()


# --- keys


def parts(first: int, n: int) -> Keys:
    """The parts of the generated customers `first` to `first + n - 1`.

    >>> parts(1, 3).tolist()
    [1, 2, 3]
    """
    return np.arange(first, first + n, dtype=np.uint64)


def _words(part: int | Keys | Whole) -> Keys:
    return np.array(part, np.uint64) if isinstance(part, int) else part.view(np.uint64)


def _pieces(n: int) -> Iterator[slice]:
    """So many rows, piece by piece: what is done to one piece, and its scratch, stay in the processor's cache."""
    return (slice(begin, min(begin + _PIECE, n)) for begin in range(0, n, _PIECE))


def finalise(z: Keys) -> None:
    """The finaliser of SplitMix64, in place; of a piece."""
    shifted = _scratch.words(0, len(z))
    for bits, factor in _FINALISER:
        np.right_shift(z, bits, shifted)
        np.bitwise_xor(z, shifted, z)
        np.multiply(z, factor, z)
    np.right_shift(z, _LAST_SHIFT, shifted)
    np.bitwise_xor(z, shifted, z)


def stems(key: Keys, out: Keys | None = None) -> Keys:
    """What `grow` makes longer keys of."""
    return np.multiply(key, _PHI, out=out)


def grow(stem: Keys, part: int | Keys | Whole, out: Keys | None = None) -> Keys:
    """The keys of these stems, one part longer."""
    parts, n = _words(part), len(stem)
    out = np.empty(n, np.uint64) if out is None else out
    for rows in _pieces(n):
        z = out[rows]
        np.add(stem[rows], parts[rows] if parts.ndim else parts, z)
        finalise(z)
    return out


@overload
def mix(key: int, part: int) -> int: ...
@overload
def mix(key: Keys, part: int | Keys | Whole, out: Keys | None = None) -> Keys: ...
@overload
def mix(key: int | Keys, part: Keys | Whole, out: Keys | None = None) -> Keys: ...
def mix(key: int | Keys, part: int | Keys | Whole, out: Keys | None = None) -> int | Keys:
    """The key that is one part longer; of single numbers a single one.

    >>> mix(np.array([7], np.uint64), 5).tolist() == [mix(7, 5)] == mix(7, np.array([5])).tolist()
    True
    """
    if not isinstance(key, int):
        stem = stems(key, out)
        return grow(stem, part, stem)
    if isinstance(part, int):
        return chance.mix(key, part)
    return grow(part.view(np.uint64), key * chance.PHI & _MASK, out)


def uniform(key: Keys, out: Keys | None = None) -> Whole:
    """The keys' uniform numbers, in units of 2^-53."""
    return np.right_shift(key, 11, out=out).view(np.int64)


def below(key: Keys, threshold: int | Whole) -> NDArray[np.bool_]:
    """Whether the key's uniform number is less than a threshold."""
    if not isinstance(threshold, int):
        return np.less(uniform(key, _scratch.words(0, len(key))), threshold)
    if threshold >= chance.ONE:
        return np.ones(len(key), np.bool_)
    return np.less(key, threshold << 11)


def hits(stem: Keys, part: int | Keys, threshold: int | Whole, rows: Rows = ALL) -> tuple[NDArray[np.intp], Keys]:
    """Which keys of the stems in these rows, one part longer, are below a threshold; and these longer keys."""
    found = []
    for piece in _pieces(count(rows, len(stem))):
        own = _scratch.words(1, piece.stop - piece.start)
        some = stem[piece] if isinstance(rows, slice) else stem.take(rows[piece], out=own, mode="clip")
        grow(some, part if isinstance(part, int) else part[piece], own)
        index = places(below(own, threshold if isinstance(threshold, int) else threshold[piece]))
        found.append((index + piece.start if piece.start else index, own.take(index)))
    if len(found) == 1:
        return found[0]
    return np.concatenate([index for index, _ in found]), np.concatenate([own for _, own in found])


def choose(key: Keys, ends: Sequence[int]) -> NDArray[Any]:
    """Which of the shares laid side by side each key's uniform number lies in; their number if in none.

    `ends` are the shares' upper ends, as `chance.thresholds` gives them.
    """
    if len(ends) > _FEW:
        return np.searchsorted(np.array(ends, np.int64), uniform(key), side="right")
    found = np.zeros(len(key), np.int8)
    above = np.empty(len(key), np.bool_)
    for end in ends:
        if end < chance.ONE:
            np.greater_equal(key, end << 11, out=above)
            np.add(found, above.view(np.int8), out=found)
    return found


# --- functions


def minus_log(x: Floats, out: Floats | None = None) -> Floats:
    """-ln x for x > 0, as `chance.minus_log`.

    >>> minus_log(np.array([0.3])).tolist()
    [1.2039728043259406]
    """
    subnormal = len(x) and float(x.min()) < _LEAST_NORMAL
    log = _log(*(_fraction(x) if subnormal else _fraction_of_normal(x)), np.empty(len(x)) if out is None else out)
    return np.negative(log, out=log)


def _log(m: Floats, e: Floats, out: Floats) -> Floats:
    """ln of m times 2^e."""
    s = np.subtract(m, 1.0, out=out)
    np.add(m, 1.0, out=m)
    np.divide(s, m, out=s)
    z = np.multiply(s, s, out=m)
    q = _scratch.floats(2, len(m))
    np.divide(z, 11.0, out=q)
    for term in (1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0):
        np.add(q, term, out=q)
        np.multiply(q, z, out=q)
    np.add(q, 1.0, out=q)
    np.multiply(s, 2.0, out=s)
    np.multiply(s, q, out=s)
    np.multiply(e, 0.6931471805599453, out=e)
    return np.add(e, s, out=s)


def _fraction(x: Floats) -> tuple[Floats, Floats]:
    """x as m times 2^e, m from the root of one half on, by `frexp`."""
    m, e = np.frexp(x)
    low = m < 0.7071067811865476
    return np.where(low, m + m, m), (e - low).astype(np.float64)


def _fraction_of_normal(x: Floats) -> tuple[Floats, Floats]:
    """The same from the bits: three times as fast, but wrong for numbers below 2^-1022."""
    words, n = x.view(np.int64), len(x)
    power = _scratch.words(0, n).view(np.int64)
    m = _scratch.words(1, n).view(np.int64)
    np.subtract(words, _ROOT_HALF, out=power)
    np.right_shift(power, 52, out=power)
    np.left_shift(power, 52, out=m)
    np.subtract(words, m, out=m)
    e = power.view(np.float64)
    np.copyto(e, power, casting="same_kind")
    return m.view(np.float64), e


def exp(x: Floats) -> Floats:
    """e^x, |x| held within 700, as `chance.exp`."""
    x = np.clip(x, -700.0, 700.0)
    k = np.floor(x / 0.6931471805599453 + 0.5)
    r = (x - k * chance.LN2_HIGH) - k * chance.LN2_LOW
    total = np.full(len(x), chance.EXP_TERMS[0])
    for term in chance.EXP_TERMS[1:]:
        np.multiply(total, r, out=total)
        np.add(total, term, out=total)
    found: Floats = np.ldexp(total, k.astype(np.int32))
    return found


def square_root(x: Floats) -> Floats:
    """The root of x > 0, as `chance.square_root`."""
    m, e = np.frexp(x)
    odd = (e & 1).astype(np.bool_)
    m = np.where(odd, m + m, m)
    e = e - odd
    y = 0.41731 + 0.59016 * m
    for _ in range(6):
        y = 0.5 * (y + m / y)
    found: Floats = np.ldexp(y, e // 2)
    return found


def _ratio(x: Floats, above: tuple[float, ...], below: tuple[float, ...]) -> Floats:
    top, bottom = np.zeros(len(x)), np.zeros(len(x))
    for a, b in zip(above, below, strict=True):
        np.multiply(top, x, out=top)
        np.add(top, a, out=top)
        np.multiply(bottom, x, out=bottom)
        np.add(bottom, b, out=bottom)
    return top / bottom


def normal_quantile(p: Floats) -> Floats:
    """The standard normal quantile, as `chance.normal_quantile`."""
    q = p - 0.5
    centre = (q >= -0.425) & (q <= 0.425)
    found = np.empty(len(p))
    inner = q[centre]
    found[centre] = inner * _ratio(0.180625 - inner * inner, *chance.CENTRE)
    outer = ~centre
    found[outer] = _outer_quantile(p[outer], q[outer] < 0.0)
    return found


def _outer_quantile(p: Floats, left: NDArray[np.bool_]) -> Floats:
    r = square_root(minus_log(np.maximum(chance.LEAST, np.where(left, p, 1.0 - p))))
    middle = r <= 5.0
    x = np.empty(len(p))
    x[middle] = _ratio(r[middle] - 1.6, *chance.MIDDLE)
    x[~middle] = _ratio(r[~middle] - 5.0, *chance.TAIL)
    return np.where(left, -x, x)


def log_normal(median: float, within: float, q: Floats) -> Floats:
    """Quantiles of the log-normal law with that median and 90th percentile, as `chance.log_normal`."""
    sigma = chance.minus_log(median / within) / chance.Z90
    return median * exp(sigma * normal_quantile(q))


def delay(kind: str, low: int, high: int, q: Floats, out: Floats | None = None) -> int | Whole:
    """Delays in whole seconds at quantiles q, as `chance.delay`; fixed ones are one number.  `out` is room for them."""
    if kind == "exponential":
        rest = np.subtract(1.0, q, out=out)
        log = _log(*_fraction_of_normal(rest), rest)  # q < 1: 2^-53 at least
        return _whole(np.multiply(log, -float(low), out=rest))
    if kind == "log_normal":
        return _whole(log_normal(low, high, q)) if low > 0 and high > 0 else 0
    if kind == "uniform":
        return low + _whole(np.multiply(q, float(high - low), out=out))
    return low


def answer(law: Delay, key: Keys, threshold: int | Whole) -> int | Whole:
    """How long answers take, in whole seconds: a key's uniform number, as a share of its threshold, says when."""
    if law.kind == "fixed":
        return law.low
    found = np.empty(len(key), np.int64)
    for rows in _pieces(len(key)):
        q = found[rows].view(np.float64)
        u = uniform(key[rows], _scratch.words(0, len(q)))
        np.divide(u, threshold if isinstance(threshold, int) else threshold[rows], q)
        found[rows] = delay(law.kind, law.low, law.high, q, q)
    return found


def _whole(seconds: Floats) -> Whole:
    """Cut down, in the same room."""
    np.minimum(seconds, _LATEST, out=seconds)
    cut = seconds.view(np.int64)
    np.copyto(cut, seconds, casting="unsafe")
    return cut
