"""Arithmetic over columns: the results of `simulate/arithmetic.py`, value for value.

Whole numbers up to 2^53 and doubles are calculated as arrays.  Where a larger one turns up, and for what is no number,
the plain function is asked, once for each combination of values.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safar.engine.expression import Base, Value
from safar.engine.simulate import arithmetic as plain
from safar.engine.simulate.clock import date_of, day_number
from safar.engine.simulate.columns.column import UNKNOWN, Bools, Column, Interner, Values, full

MOST = 2**53
"""Whole numbers up to this are doubles too, exactly."""

_DAY = 86_400
_FIRST_DAY, _LAST_DAY = day_number(date_of(-(10**9))), day_number(date_of(10**9))
_WHOLE = (Base.MONEY, Base.INTEGER, Base.DURATION, Base.TIME)
_CODED = (Base.TEXT, Base.ONE_OF, Base.LIST, Base.PERSONA, Base.STAGE, Base.WEEKDAY)
Known = bool | Bools
Function = Callable[..., Value]


# --- values in columns and out of them


def encode(value: Any, base: Base, codes: Interner) -> Values:
    """A value that is known as it stands in a column."""
    if base in _CODED:
        return codes.code(value)
    return day_number(value) if base is Base.DATE else value


def decode(value: Any, base: Base, codes: Interner) -> Any:
    """A value from a column."""
    if base in _CODED:
        return codes.value(value)
    return date_of(value) if base is Base.DATE else value


def constant(value: Value, base: Base, codes: Interner) -> Column:
    """One value for all rows."""
    return UNKNOWN if value is None else Column(encode(value, base, codes))


DTYPES = {Base.NUMBER: np.float64, Base.PERCENT: np.float64, Base.YES_NO: np.bool_}


def dtype(base: Base) -> Any:
    """The type of the arrays that hold values of that type."""
    return DTYPES.get(base, np.int64)


def column_of(values: list[Value], base: Base, codes: Interner) -> Column:
    """A column of values in order; None is unknown."""
    known = np.array([value is not None for value in values], np.bool_)
    array = np.zeros(len(values), dtype(base))
    for row, value in enumerate(values):
        if value is not None:
            array[row] = encode(value, base, codes)
    return Column(array, True if known.all() else known)


class Each:
    """A plain function of columns, asked once for each combination of values; unknown of anything unknown."""

    def __init__(self, function: Function, bases: tuple[Base, ...], base: Base, codes: Interner) -> None:
        self._function = function
        self._bases = bases
        self._base = base
        self._codes = codes
        self._seen: dict[tuple[Any, ...], Any] = {}

    def __call__(self, *columns: Column) -> Column:
        if any(column.known is False for column in columns):
            return UNKNOWN
        if not any(isinstance(part, np.ndarray) for column in columns for part in column):
            found = self._of(tuple(column.values for column in columns))
            return UNKNOWN if found is None else Column(found)
        n = max(len(part) for column in columns for part in column if isinstance(part, np.ndarray))
        parts = [full(column, n) for column in columns]
        known = np.logical_and.reduce([part[1] for part in parts])
        rows = np.flatnonzero(known)
        found = [self._of(row) for row in zip(*(part[0][rows].tolist() for part in parts), strict=True)]
        values = np.zeros(n, dtype(self._base))
        values[rows] = [0 if one is None else one for one in found]
        known[rows] = [one is not None for one in found]
        return Column(values, True if known.all() else known)

    def _of(self, row: tuple[Any, ...]) -> Any:
        try:
            return self._seen[row]
        except KeyError:
            given = (decode(value, base, self._codes) for value, base in zip(row, self._bases, strict=True))
            value = self._function(*given)
            if len(self._seen) > 100_000:
                self._seen.clear()
            found = self._seen[row] = None if value is None else encode(value, self._base, self._codes)
            return found


# --- what is known


def both(left: Known, right: Known) -> Known:
    if left is True:
        return right
    return left if right is True else left & right


def _small(values: Values, most: int = MOST) -> bool:
    """Whether all numbers of a column are within a bound."""
    if isinstance(values, np.ndarray):
        return len(values) == 0 or bool(-most <= values.min() and values.max() <= most)
    return bool(-most <= values <= most)


def _doubles(values: Values) -> bool:
    return values.dtype == np.float64 if isinstance(values, np.ndarray) else isinstance(values, float)


def exact(*columns: Column) -> bool:
    """Whether arrays calculate as single numbers do: no whole number is beyond 2^53."""
    return all(_doubles(column.values) or _small(column.values) for column in columns)


def within(values: NDArray[Any], known: Known, bound: int = MOST) -> Column:
    """Whole numbers beyond the bound are unknown."""
    if _small(values, bound):
        return Column(values, known)
    return Column(values, both(known, (values >= -bound) & (values <= bound)))


def _whole(values: Values) -> NDArray[np.int64]:
    return np.asarray(values).astype(np.int64)


def half_up(values: NDArray[np.float64], known: Known) -> Column:
    """Doubles as whole numbers, half up; beyond 2^53 unknown."""
    down = np.floor(values)
    up = values - down >= 0.5
    fits = np.abs(values) <= MOST
    if not fits.all():
        known = both(known, fits)
        down = np.where(fits, down, 0.0)
    whole = down.astype(np.int64)
    np.add(whole, up, out=whole)
    return Column(whole, known)


def _fitting(values: NDArray[Any], known: Known, base: Base) -> Column:
    if base in _WHOLE:
        return half_up(values, known) if values.dtype == np.float64 else within(values, known)
    doubles = values.astype(np.float64)
    finite = np.isfinite(doubles)
    return Column(doubles, known if finite.all() else both(known, finite))


# --- operators


def calculator(op: str, bases: tuple[Base, Base], base: Base, codes: Interner) -> Callable[[Column, Column], Column]:
    """`left op right` of two columns of those types, as a value of type `base`."""
    each = Each(lambda left, right: plain.calculate(op, left, right, base), bases, base, codes)
    if Base.LIST in bases:
        return each
    fast = _date_calculator(op, bases) if Base.DATE in bases else lambda a, b, known: _number(op, a, b, known, base)

    def calculate(left: Column, right: Column) -> Column:
        if left.known is False or right.known is False:
            return UNKNOWN
        one, other = left.values, right.values
        if not (isinstance(one, np.ndarray) or isinstance(other, np.ndarray)) or not exact(left, right):
            return each(left, right)
        with np.errstate(all="ignore"):
            return fast(one, other, both(left.known, right.known))

    return calculate


def _number(op: str, left: Values, right: Values, known: Known, base: Base) -> Column:
    if op == "/":
        divisor = np.asarray(right) != 0
        quotient = np.divide(left, right)
        return _fitting(quotient, known if divisor.all() else both(known, divisor), base)
    if op == "*":
        if not (_doubles(left) or _doubles(right)):
            far = np.abs(np.multiply(left, right, dtype=np.float64)) > 2.0**60
            return _fitting(np.multiply(left, right), both(known, ~far) if far.any() else known, base)
        return _fitting(np.multiply(_double(left), _double(right)), known, base)
    return _fitting(np.add(left, right) if op == "+" else np.subtract(left, right), known, base)


def _double(values: Values) -> Values:
    """NumPy multiplies whole numbers by doubles several times as fast when they are doubles already."""
    return values.astype(np.float64) if isinstance(values, np.ndarray) else values


def _date_calculator(op: str, bases: tuple[Base, Base]) -> Callable[[Values, Values, Known], Column]:
    if bases == (Base.DATE, Base.DATE):
        return lambda left, right, known: Column(np.subtract(left, right) * _DAY, known)

    def shift(left: Values, right: Values, known: Known) -> Column:
        date, span = (left, right) if bases[0] is Base.DATE else (right, left)
        days = _whole(np.divide(span, _DAY))
        found = np.add(date, days if op == "+" else -days)
        inside = (found >= _FIRST_DAY) & (found <= _LAST_DAY)
        return Column(found, known if inside.all() else both(known, inside))

    return shift


def rounder(down: bool, bases: tuple[Base, Base], base: Base, codes: Interner) -> Callable[[Column, Column], Column]:
    """To a multiple of the unit, which is a literal above zero."""
    each = Each(lambda item, unit: plain.rounded(item, unit, down, base), bases, base, codes)

    def rounded(item: Column, unit: Column) -> Column:
        if item.known is False or unit.known is False:
            return UNKNOWN
        x, step = item.values, unit.values
        if not (isinstance(x, np.ndarray) or isinstance(step, np.ndarray)) or not exact(item, unit):
            return each(item, unit)
        known = both(item.known, unit.known)
        with np.errstate(all="ignore"):
            if _doubles(x) or _doubles(step):
                return _round_doubles(np.divide(x, step), step, known, down, base)
            return _fitting((x if down else x + step // 2) // step * step, known, base)

    return rounded


def _round_doubles(times: NDArray[np.float64], step: Values, known: Known, down: bool, base: Base) -> Column:
    if down:
        finite = np.isfinite(times)
        return _fitting(np.floor(times) * step, known if finite.all() else both(known, finite), base)
    rounded = half_up(times, known)
    return _fitting(rounded.values * np.asarray(step, np.float64), rounded.known, base)


def converter(rate: Fraction, codes: Interner) -> Callable[[Column], Column]:
    """Money times an exact rate."""
    each = Each(lambda units: plain.converted(units, rate), (Base.MONEY,), Base.MONEY, codes)
    above, under = 2 * rate.numerator, rate.denominator
    most = (2**62 - under) // max(1, abs(above))

    def converted(item: Column) -> Column:
        if not isinstance(item.values, np.ndarray) or under >= 2**60 or not _small(item.values, most):
            return each(item)
        return within((item.values * above + under) // (2 * under), item.known)

    return converted


def whole_units(item: Column, seconds: int) -> Column:
    """A duration in whole units, rounded up."""
    return item if item.known is False else Column(-(-item.values // seconds), item.known)
