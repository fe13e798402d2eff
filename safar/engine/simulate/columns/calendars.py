"""Entries by the calendar: for each customer the next instant at which one is due."""

from __future__ import annotations

import calendar as months
import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine.model import Entry
from safar.engine.simulate.clock import date_of, day_number
from safar.engine.simulate.columns import calendar
from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.calendar import Zones
from safar.engine.simulate.columns.cells import Array, Rows, Values, count
from safar.engine.simulate.columns.column import full
from safar.engine.simulate.columns.entries import Entrance
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.stamps import NEVER, by_calendar, instant

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.place import Place

_LATE = 1 << 35
"""Later than any end."""


class Calendar:
    """One `enter` line.  `number` is its place among all that may become due, `order` that among such lines."""

    def __init__(self, number: int, order: int, entry: Entry, line: Entrance, dates: tuple[int, ...]) -> None:
        self.number = number
        self.attribute = entry.attribute
        self._order, self._entry, self._line = order, entry, line
        self._dates = dates if entry.kind == "occasion" else ()
        if entry.kind == "date" and entry.date is not None:
            self._dates = (day_number(entry.date),)

    def plan(self, chunk: Chunk, rows: Rows, after: Values) -> None:
        """The first attempt later than that; one planned before is dropped."""
        zones = chunk.zones(rows)
        n = count(rows, chunk.n)
        if not n:
            return
        at = self._next(chunk, rows, np.broadcast_to(after, n), zones)
        chunk.expect(self.number, rows, np.where(at < chunk.plan.shared.end, by_calendar(at, self._order), NEVER))

    def _next(self, chunk: Chunk, rows: Rows, after: Array, zones: Zones) -> Array:
        entry = self._entry
        if entry.kind == "each" and entry.unit != "month":
            weekday = "" if entry.unit == "day" else entry.unit
            return np.broadcast_to(calendar.next(after, entry.at, weekday, zones), len(after))
        if entry.kind == "each":
            return _first(_months(calendar.date(after, zones)), after, entry.at, zones)
        if entry.kind == "yearly":
            birthdays, known = full(chunk.attributes.load(entry.attribute, rows), len(after))
            found = _first(_yearly(birthdays, known, calendar.date(after, zones)), after, entry.at, zones)
            return np.where(known, found, _LATE)
        return _first([np.full(len(after), day) for day in self._dates], after, entry.at, zones)

    def happen(self, chunk: Chunk, batch: Batch, place: Place) -> Batch | None:
        self.plan(chunk, batch.rows, instant(batch.now))
        return chunk.plan.entering.ask(chunk, Look(chunk, batch), (self._line,), ("", place))


def _first(days: list[Array], after: Array, at: int, zones: Zones) -> Array:
    """The first of some days at a time of day that is later; the days are in order."""
    found = np.full(len(after), _LATE)
    for day in reversed(days):
        when = calendar.instant(day, at, zones)
        found = np.where(when > after, when, found)
    return found


def _by_distinct(values: list[Array], function: Callable[..., tuple[int, int]]) -> list[Array]:
    """Two days for each row, looked up once for each distinct combination."""
    together = np.stack(values, axis=1)
    distinct, which = np.unique(together, axis=0, return_inverse=True)
    days: Any = np.array([function(*row) for row in distinct.tolist()], np.int64).reshape(len(distinct), 2)
    return [days[which.ravel(), 0], days[which.ravel(), 1]]


def _months(dates: Values) -> list[Array]:
    """The first days of a date's month and of the next."""
    dates = np.atleast_1d(dates)

    def days(date: int) -> tuple[int, int]:
        first = date_of(date).replace(day=1)
        return day_number(first), day_number(first) + months.monthrange(first.year, first.month)[1]

    return _by_distinct([dates], days)


def _yearly(birthdays: Array, known: Array, dates: Values) -> list[Array]:
    """This year's and next year's day; of 29 February the 28th in other years."""

    def days(birthday: int, date: int) -> tuple[int, int]:
        born, year = date_of(birthday), date_of(date).year
        return _in_year(born, year), _in_year(born, year + 1)

    return _by_distinct([np.where(known, birthdays, 0), np.broadcast_to(dates, len(known))], days)


def _in_year(born: datetime.date, year: int) -> int:
    if year > 9999:
        return _LATE // 86_400
    last = months.monthrange(year, born.month)[1]
    return day_number(datetime.date(year, born.month, min(born.day, last)))
