"""Dates of the Iranian calendar (Solar Hijri), by its cycle of 33 years.

The cycle gives the days that are observed in Iran, which follow from the equinox, for 1178 to 1501 at least (1799 to
2123); the tests compare 1600 to 2400 with `jdatetime`.
"""

from __future__ import annotations

import datetime

MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
FIRST = datetime.date(622, 3, 21)
_LONG = 6 * 31
"""Days of the first six months; the others have 30, the last 29 or 30."""


def jalali(day: datetime.date) -> tuple[int, int, int]:
    """Year, month and day of a date, which must not be before `FIRST`.

    >>> jalali(datetime.date(2027, 3, 21)), jalali(datetime.date(2025, 3, 20))
    ((1406, 1, 1), (1403, 12, 30))
    """
    days = (day - FIRST).days
    year = (33 * days + 3) // 12053 + 1
    left = days - 365 * (year - 1) - (8 * year + 21) // 33
    if left < _LONG:
        return year, left // 31 + 1, left % 31 + 1
    return year, (left - _LONG) // 30 + 7, (left - _LONG) % 30 + 1
