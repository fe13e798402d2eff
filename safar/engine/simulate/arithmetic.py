"""Arithmetic on values.  Whole numbers stay within 2^53 and doubles finite; beyond that a result is unknown."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from typing import Any

from safar.engine.expression import Base, Type, Value

_MOST = 2**53
_DAY = 86_400
LONGEST_LIST = 1_000
"""Items of a list; what would be appended beyond that is left out."""

_WHOLE = (Base.MONEY, Base.INTEGER, Base.DURATION, Base.TIME)


def _half_up(x: float) -> int | None:
    if not -_MOST <= x <= _MOST:
        return None
    down = math.floor(x)
    return down + 1 if x - down >= 0.5 else down


def _fitting(x: Any, base: Base) -> Value:
    """A number as a value of that type."""
    if base in _WHOLE:
        whole = x if isinstance(x, int) else _half_up(x)
        return whole if whole is not None and -_MOST <= whole <= _MOST else None
    result = float(x)
    return result if math.isfinite(result) else None


def _shifted(date: datetime.date, days: int) -> datetime.date | None:
    try:
        return date + datetime.timedelta(days)
    except OverflowError:
        return None


def _plus(left: Any, right: Any) -> Value:
    """`+` where a side is no number."""
    if isinstance(left, tuple):
        items = list(left)
        for item in right if isinstance(right, tuple) else (right,):
            if item not in items and len(items) < LONGEST_LIST:
                items.append(item)
        return tuple(items)
    if isinstance(left, int):
        left, right = right, left
    return _shifted(left, int(right / _DAY))


def _minus(left: Any, right: Any) -> Value:
    """`-` where a side is no number."""
    if isinstance(left, tuple):
        gone = right if isinstance(right, tuple) else (right,)
        return tuple(item for item in left if item not in gone)
    if isinstance(right, datetime.date):
        return int((left - right).days * _DAY)
    return _shifted(left, -int(right / _DAY))


def calculate(op: str, left: Any, right: Any, base: Base) -> Value:
    """`left op right` as a value of type `base`; both are known.

    Money, durations and whole numbers that come out between two are rounded half up; n / 0 is unknown.
    A number is a double, each operation rounded once.
    """
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return _plus(left, right) if op == "+" else _minus(left, right)
    try:
        if op == "+":
            return _fitting(left + right, base)
        if op == "-":
            return _fitting(left - right, base)
        if op == "*":
            return _fitting(left * right, base)
        return _fitting(left / right, base) if right else None
    except OverflowError:
        return None


def converted(units: int, rate: Fraction) -> Value:
    """Money times an exact rate, rounded half up."""
    return _fitting((2 * units * rate.numerator + rate.denominator) // (2 * rate.denominator), Base.MONEY)


def rounded(x: Any, unit: Any, down: bool, base: Base) -> Value:
    """To a multiple of the unit, half up or down (towards less); of a unit of 0 unknown."""
    if not unit:
        return None
    if isinstance(x, int) and isinstance(unit, int):
        return _fitting((x if down else x + unit // 2) // unit * unit, base)
    try:
        times = math.floor(x / unit) if down else _half_up(x / unit)
        return None if times is None else _fitting(times * unit, base)
    except OverflowError:
        return None


def whole_units(seconds: int, unit: int) -> int:
    """A duration in whole units, rounded up."""
    return -(-seconds // unit)


def shifted(date: datetime.date, months: int, days: int) -> datetime.date | None:
    """So many calendar months (held to the month's last day), then days, later.

    >>> shifted(datetime.date(2027, 1, 31), 1, 0)
    datetime.date(2027, 2, 28)
    """
    count = date.year * 12 + date.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return None
    import calendar  # brings `locale` with it, which takes longer than all else here

    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return _shifted(datetime.date(year, month + 1, day), days)


def kept(value: Value, type: Type) -> Value:
    """A value as an attribute or a field of that type keeps it: a number as a double."""
    if type.base in (Base.NUMBER, Base.PERCENT) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
