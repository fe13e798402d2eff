"""Local time over arrays: what `simulate/clock.py` says, for many instants in many zones at once.

Instants are whole seconds since 1970 UTC, days are counted from 1970-01-01, times of day are seconds.  A single instant
in a single zone gives a single number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safar.engine.model import Project
from safar.engine.simulate.clock import DAY, WEEKDAYS, Zone, date_of, day_number, is_quiet
from safar.engine.simulate.columns.column import Column, Interner, Rows
from safar.engine.simulate.draw import customer_zone, project_zone

Whole = NDArray[np.int64]
Instants = Whole | int

_FIRST_DAY, _LAST_DAY = day_number(date_of(-(10**9))), day_number(date_of(10**9))
_EARLIEST, _LATEST = 7_305, 47_482
"""The days 1990-01-01 and 2100-01-01: between them the changes of a zone are looked up in a table."""
_AHEAD = 400
"""Days by which a table grows at least."""
_QUARTER = 900


class _Table:
    """The changes of one zone's clock, found as far as they are asked for."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self._first = self._last = 0
        self._breaks = np.empty(0, np.int64)
        self._offsets = np.empty(0, np.int64)

    def offsets(self, at: Whole) -> Whole:
        if not len(at):
            return at
        first, last = int(at.min()) // DAY, int(at.max()) // DAY
        if first < _EARLIEST or last >= _LATEST:
            return self._outside(at)
        if first < self._first or last >= self._last:
            self._grow(first, last + 1)
        low, high = np.searchsorted(self._breaks, (first * DAY, (last + 1) * DAY - 1), side="right")
        if low == high:
            return np.broadcast_to(self._offsets[low : low + 1], at.shape)
        found: Whole = self._offsets[low + np.searchsorted(self._breaks[low:high], at, side="right")]
        return found

    def _outside(self, at: Whole) -> Whole:
        """Of instants of which some lie far from now: each that lies there is asked for by itself."""
        inside = (at >= _EARLIEST * DAY) & (at < _LATEST * DAY)
        found = np.empty_like(at)
        found[inside] = self.offsets(at[inside])
        found[~inside] = [self.zone.offset(one) for one in at[~inside].tolist()]
        return found

    def _grow(self, first: int, last: int) -> None:
        if self._last > self._first:
            first, last = min(first, self._first), max(last, self._last)
        self._first, self._last = max(_EARLIEST, first - 2), min(_LATEST, last + _AHEAD)
        changes = list(self._changes())
        self._breaks = np.array([at for at, _ in changes[1:]], np.int64)
        self._offsets = np.array([offset for _, offset in changes], np.int64)

    def _changes(self) -> Iterator[tuple[int, int]]:
        """Each instant at which the offset becomes another, with that offset; the first one is the beginning."""
        known = None
        for at in self._looked_at():
            offset = self.zone.offset(at)
            if offset != known:
                yield at, offset
                known = offset

    def _looked_at(self) -> Iterator[int]:
        """The beginning of each day, and of a day on which the clock changes every second near the change."""
        for day in range(self._first, self._last):
            begin = day * DAY
            yield begin
            if self.zone.offset(begin) == self.zone.offset(begin + DAY - 1):
                continue
            for quarter in range(begin, begin + DAY, _QUARTER):
                if self.zone.offset(quarter) != self.zone.offset(quarter + _QUARTER - 1):
                    yield from range(quarter, quarter + _QUARTER)
                else:
                    yield quarter


class Zones:
    """The zones of some customers: one for all, or the number of one for each row."""

    __slots__ = ("_rows", "_tables")

    def __init__(self, tables: list[_Table], rows: NDArray[np.intp] | None) -> None:
        self._tables = tables
        self._rows = rows

    def take(self, index: Rows) -> Zones:
        return self if self._rows is None else Zones(self._tables, self._rows.take(index))

    @property
    def one(self) -> Zone | None:
        """The zone, if it is the same for all."""
        return self._tables[0].zone if self._rows is None else None

    def offset(self, at: Instants) -> Instants:
        """Seconds that local time is ahead of UTC."""
        if self._rows is None:
            table = self._tables[0]
            return table.offsets(at) if isinstance(at, np.ndarray) else table.zone.offset(at)
        at = np.broadcast_to(np.asarray(at), self._rows.shape)
        found = np.empty(len(at), np.int64)
        for number in np.unique(self._rows):
            rows = self._rows == number
            found[rows] = self._tables[number].offsets(at[rows])
        return found

    def of_row(self, row: int) -> Zone:
        return self._tables[0 if self._rows is None else self._rows[row]].zone


def single(zone: Zone) -> Zones:
    """One zone for all rows."""
    return Zones([_Table(zone)], None)


class Atlas:
    """The zones of a project's customers; keeps what it has found out about each."""

    def __init__(self, project: Project, codes: Interner) -> None:
        self._codes = codes
        self._zone = project_zone(project)
        self._tables: list[_Table] = [_Table(self._zone)]
        self._numbers: dict[int, int] = {}

    def zones(self, names: Column | None) -> Zones:
        """The zones of customers by the codes of their names; the project's where there is none or it is unknown."""
        if names is None or names.known is False:
            return Zones(self._tables, None)
        values, known = names
        if not isinstance(values, np.ndarray) and not isinstance(known, np.ndarray):
            return Zones([self._tables[self._number(values)]], None)
        codes = np.where(known, values, -1)
        distinct, rows = np.unique(codes, return_inverse=True)
        numbers = np.array([0 if code < 0 else self._number(code) for code in distinct.tolist()], np.intp)
        if len(numbers) == 1:
            return Zones([self._tables[numbers[0]]], None)
        return Zones(self._tables, numbers[rows])

    def _number(self, code: int) -> int:
        if code not in self._numbers:
            zone = customer_zone(self._codes.value(code), self._zone)
            known = {table.zone.name: number for number, table in enumerate(self._tables)}
            if zone.name not in known:
                self._tables.append(_Table(zone))
            self._numbers[code] = known.get(zone.name, len(self._tables) - 1)
        return self._numbers[code]


def day(at: Instants, zones: Zones) -> Instants:
    """The number of the local day."""
    return (at + zones.offset(at)) // DAY


def date(at: Instants, zones: Zones) -> Instants:
    """The local date as the number of its day, held within the years 1 to 9999."""
    found = day(at, zones)
    if isinstance(found, np.ndarray):
        return np.clip(found, _FIRST_DAY, _LAST_DAY)
    return min(_LAST_DAY, max(_FIRST_DAY, found))


def time(at: Instants, zones: Zones) -> Instants:
    """The local time of day."""
    return (at + zones.offset(at)) % DAY


def weekday(at: Instants, zones: Zones) -> Instants:
    """The local day of the week: 0 is Monday."""
    return (day(at, zones) + 3) % 7


def instant(day: Instants, time: Instants, zones: Zones) -> Instants:
    """The instant of a local day and time: in a skipped hour the first one after it, in a doubled one the first."""
    local = day * DAY + time
    zone = zones.one
    if zone is not None and not isinstance(local, np.ndarray):
        return zone.instant(local // DAY, local % DAY)
    local = _spread(local, zones)
    earlier, later = zones.offset(local - DAY), zones.offset(local + DAY)
    high, low = np.maximum(earlier, later), np.minimum(earlier, later)
    first = local - high
    fits = zones.offset(first) == high
    if np.all(fits):
        return first
    second = local - low
    found = np.where(fits, first, second)
    right: Any = fits | (zones.offset(second) == low)
    return _mend(found, right, local, zones, _instant_of)


def _instant_of(zone: Zone, local: int) -> int:
    return zone.instant(local // DAY, local % DAY)


def _spread(numbers: Instants, zones: Zones) -> Whole:
    return np.broadcast_to(np.asarray(numbers), zones.offset(numbers).shape)  # type: ignore[union-attr]


def _mend(found: Whole, right: NDArray[np.bool_], of: Whole, zones: Zones, ask: Callable[[Zone, int], int]) -> Whole:
    """Rows that arrays cannot say, near a change of the clock, are asked one by one."""
    for row in np.flatnonzero(~right).tolist():
        found[row] = ask(zones.of_row(row), int(of[row]))
    return found


def midnight(at: Instants, zones: Zones) -> Instants:
    """When the local day of an instant began."""
    return instant(day(at, zones), 0, zones)


def week(at: Instants, starts: str, zones: Zones) -> Instants:
    """When the local week of an instant began; `starts` is its first weekday."""
    today = day(at, zones)
    return instant(today - (today + 3 - WEEKDAYS.index(starts)) % 7, 0, zones)


def next(at: Instants, time: int, weekday: str, zones: Zones) -> Instants:
    """The next such time of day (on that weekday, if one is named), strictly later than `at`."""
    zone = zones.one
    if zone is not None and not isinstance(at, np.ndarray):
        return zone.next(at, time, weekday)
    at = _spread(at, zones)
    found_day: Any = day(at, zones)
    if weekday:
        found_day = found_day + (WEEKDAYS.index(weekday) - found_day - 3) % 7
    step = 7 if weekday else 1
    found: Any = instant(found_day, time, zones)
    while (early := found <= at).any():
        rows = np.flatnonzero(early)
        found_day[rows] += step
        if not found.flags.writeable:
            found = found.copy()
        found[rows] = instant(found_day[rows], time, zones.take(rows))
    return found  # type: ignore[no-any-return]


def quiet(at: Instants, start: int, end: int, zones: Zones) -> NDArray[np.bool_] | bool:
    """Whether the local time lies in [start, end), which may go over midnight."""
    local = time(at, zones)
    if not isinstance(local, np.ndarray):
        return is_quiet(local, start, end)
    return (local >= start) & (local < end) if start <= end else (local >= start) | (local < end)


def quiet_end(at: Instants, start: int, end: int, zones: Zones) -> Instants:
    """The earliest instants from `at` on whose local time is not in [start, end)."""
    zone = zones.one
    if zone is not None and not isinstance(at, np.ndarray):
        return zone.quiet_end(at, start, end)
    at = _spread(at, zones)
    held = quiet(at, start, end, zones)
    until = at + (end - time(at, zones) - 1) % DAY + 1
    right: Any = ~np.asarray(held) | (zones.offset(until) == zones.offset(at))
    return _mend(np.where(held, until, at), right, at, zones, lambda one, then: one.quiet_end(then, start, end))
