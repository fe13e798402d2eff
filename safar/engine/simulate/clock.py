"""Local time, from the zone rules of the `tzdata` package and never from the system's, so that all machines agree.

Instants are whole seconds since 1970 UTC, days are counted from 1970-01-01, times of day are seconds from local
midnight.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import io
import pkgutil
from zoneinfo import ZoneInfo

DAY = 86_400
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FIRST, _LAST = -62_135_510_400, 253_402_214_400
"""The instants between which there are dates, with a day to spare at both ends."""


def data_version() -> str:
    """The version of the zone rules, such as `2026c`, for results."""
    return str(importlib.import_module("tzdata").IANA_VERSION)


@functools.cache
def _known_zones() -> frozenset[str]:
    data = pkgutil.get_data("tzdata", "zones")
    return frozenset(data.decode().split()) if data else frozenset()


@functools.cache
def zone(name: str) -> Zone | None:
    """The zone of that name; None if there is none."""
    if name not in _known_zones():
        return None
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    return Zone(name, ZoneInfo.from_file(io.BytesIO(data), key=name)) if data else None


def utc() -> Zone:
    found = zone("UTC")
    assert found is not None
    return found


def day_number(date: datetime.date) -> int:
    return date.toordinal() - _EPOCH


def date_of(day: int) -> datetime.date:
    """The date of a day number, held within the years 1 to 9999."""
    return datetime.date.fromordinal(min(3_652_059, max(1, day + _EPOCH)))


def is_quiet(time: int, start: int, end: int) -> bool:
    """Whether a time of day lies in [start, end), which may go over midnight.

    >>> is_quiet(8 * 3600, 22 * 3600, 8 * 3600), is_quiet(8 * 3600 - 1, 22 * 3600, 8 * 3600)
    (False, True)
    """
    return start <= time < end if start <= end else time >= start or time < end


class Zone:
    """The clock of one time zone."""

    __slots__ = ("_days", "_info", "name")

    def __init__(self, name: str, info: ZoneInfo) -> None:
        self.name = name
        self._info = info
        self._days: dict[int, int | None] = {}

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def offset(self, at: int) -> int:
        """Seconds that local time is ahead of UTC."""
        day = at // DAY
        try:
            whole = self._days[day]
        except KeyError:
            first, last = self._ask(day * DAY), self._ask(day * DAY + DAY - 1)
            whole = self._days[day] = first if first == last else None
        return self._ask(at) if whole is None else whole

    def _ask(self, at: int) -> int:
        held = min(_LAST, max(_FIRST, at))
        moment = datetime.datetime.fromtimestamp(held, datetime.UTC).astimezone(self._info)
        offset = moment.utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    def day(self, at: int) -> int:
        """The number of the local day."""
        return (at + self.offset(at)) // DAY

    def time(self, at: int) -> int:
        """The local time of day."""
        return (at + self.offset(at)) % DAY

    def date(self, at: int) -> datetime.date:
        return date_of(self.day(at))

    def weekday(self, at: int) -> str:
        return WEEKDAYS[(self.day(at) + 3) % 7]

    def instant(self, day: int, time: int) -> int:
        """The instant of a local day and time: in a skipped hour the first one after it, in a doubled one the first."""
        local = day * DAY + time
        earlier, later = self.offset(local - DAY), self.offset(local + DAY)
        for offset in (earlier, later) if earlier >= later else (later, earlier):
            if self.offset(local - offset) == offset:
                return local - offset
        return self._change(local - max(earlier, later), local - min(earlier, later))

    def _change(self, before: int, after: int) -> int:
        """The first instant after `before`, up to `after`, at which the offset is another."""
        offset = self.offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self.offset(middle) == offset:
                before = middle
            else:
                after = middle
        return after

    def midnight(self, at: int) -> int:
        """When the local day of an instant began."""
        return self.instant(self.day(at), 0)

    def week(self, at: int, starts: str) -> int:
        """When the local week of an instant began; `starts` is its first weekday."""
        day = self.day(at)
        return self.instant(day - (day + 3 - WEEKDAYS.index(starts)) % 7, 0)

    def next(self, at: int, time: int, weekday: str = "") -> int:
        """The next such time of day (on that weekday), strictly later than `at`."""
        day = self.day(at)
        if weekday:
            day += (WEEKDAYS.index(weekday) - day - 3) % 7
        step = 7 if weekday else 1
        while (found := self.instant(day, time)) <= at:
            day += step
        return found

    def quiet_end(self, at: int, start: int, end: int) -> int:
        """The earliest instant from `at` on whose local time is not in [start, end)."""
        while is_quiet(self.time(at), start, end):
            until = at + (end - self.time(at) - 1) % DAY + 1
            if self.offset(until) == self.offset(at):
                return until
            at = min(until, self._change(at, until))
        return at
