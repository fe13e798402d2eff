"""At which minutes of the week a place is passed, conditions aside: a set of minutes for each place, as bits.

Clocks that are set forward or back move what is counted in hours: where a zone knows summer time, a wait that may lead
over the small hours ends some time earlier or later.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from safar.engine.model import Entry, Quiet
from safar.engine.moves import After, Clock, FromDate, FromOccasion, Wait
from safar.engine.program import Edge, Program
from safar.engine.prove.daylight import SHIFT, shift
from safar.engine.prove.minutes import smeared, turned

DAY, WEEK = 1_440, 7 * 1_440
"""Minutes."""
ALL = (1 << WEEK) - 1
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SMALL_HOURS = 5 * 60
"""Clocks are set forward and back before this minute of the day."""
_SHIFT = SHIFT // 60
"""Minutes."""
_MOST_TIMES = 12
"""Times that the minutes of a place may become more; then they are all."""


Ends = Callable[[int, int], bool]
"""Of a place and the minutes at which runs come there: whether they are followed no further."""


class Week:
    """The minutes of one journey."""

    def __init__(self, program: Program, *, started: bool) -> None:
        self._program, self._started = program, started

    def at(self, place: int) -> int:
        """The minutes at which runs come to a place."""
        return self._came.get(place, 0)

    def crosses(self, edge: Edge, unit: str, week_starts: str = "monday") -> bool:
        """Whether a day or week of the calendar may end on a way."""
        came = turned(self.at(edge.start), -_begin(unit, week_starts), WEEK)
        move = self._program.places[edge.start].move
        if edge.kind != "passed" and isinstance(move, Wait) and isinstance(move.deadline, Clock):
            # A clock that is still to come on the same day, or in the same week, is met there.
            target = turned(_minutes(move.deadline.at, move.deadline.weekday), -_begin(unit, week_starts), WEEK)
            pairs = zip(_slices(came, unit), _slices(target, unit), strict=True)
            return any(here and there.bit_length() <= here.bit_length() for here, there in pairs)
        if edge.high is None:
            return True
        shift = self.shift if self._may_shift(self.at(edge.start), edge.high) else 0
        return bool(edge.high) and edge.high + 60 * shift > 60 * _left(came, unit)

    def left(self, place: int, unit: str, week_starts: str = "monday") -> int:
        """So many seconds at least are left of the day or week where runs come to a place."""
        came = turned(self.at(place), -_begin(unit, week_starts), WEEK)
        return 60 * max(0, _left(came, unit) - self.shift)

    # --- where runs come to

    @functools.cached_property
    def _came(self) -> dict[int, int]:
        program = self._program
        return self._spread(program.start, functools.reduce(int.__or__, self._entered(), 0))

    def after(self, start: int, at: int, weekday: str, ends: Ends) -> dict[int, int]:
        """The minutes at which those come to places who pass `start` at a time of day, until another clock is waited
        for, an event takes them away, or they come to a place that `ends`."""
        return self._spread(start, self._clock(at, weekday), ends)

    def _spread(self, start: int, minutes: int, ends: Ends | None = None) -> dict[int, int]:
        program = self._program
        found = {start: minutes}
        times: dict[int, int] = {}
        todo = [start]
        while todo:
            place = todo.pop()
            came = found[place]
            if ends is None:
                ways = [(edge.end, self._left(edge, came)) for edge in program.ways(place)]
                ways += [(edge.end, ALL) for edge in program.interrupts(place)]
            elif ends(place, came):
                ways = []
            else:
                ways = [(edge.end, self._left(edge, came)) for edge in program.ways(place) if not self._is_clock(edge)]
            for end, there in ways:
                old = found.get(end, 0)
                if there | old != old:
                    times[end] = times.get(end, 0) + 1
                    found[end] = old | there if times[end] < _MOST_TIMES else ALL
                    todo.append(end)
        return found

    def _is_clock(self, edge: Edge) -> bool:
        move = self._program.places[edge.start].move
        return edge.kind in ("next", "timeout") and isinstance(move, Wait) and not isinstance(move.deadline, After)

    def _entered(self) -> Iterator[int]:
        journey = self._program.journey
        for entry in journey.entries:
            yield self._entry(entry)
        if not journey.entries or self._started:
            yield ALL

    def _entry(self, entry: Entry) -> int:
        if entry.event:
            return ALL
        weekday = entry.unit if entry.unit in WEEKDAYS else ""
        if entry.date is not None:
            weekday = WEEKDAYS[entry.date.weekday()]
        return self._clock(entry.at, weekday)

    def _left(self, edge: Edge, came: int) -> int:
        """The minutes at which a way ends that begins at some."""
        move = self._program.places[edge.start].move
        if isinstance(move, Wait) and edge.kind in ("next", "timeout"):
            match move.deadline:
                case Clock(at=at, weekday=weekday):
                    return self._clock(at, weekday)
                case FromDate(at=at) | FromOccasion(at=at):
                    return self._clock(at) | (came if move.passed == move.then else 0)
                case After(seconds):
                    return self._moved(came, seconds, seconds)
        return self._moved(came, edge.low, edge.high)

    # --- minutes

    @functools.cached_property
    def shift(self) -> int:
        """The minutes by which a clock that a customer may read is ever set forward or back."""
        return -(-shift(self._program.project) // 60)

    def _clock(self, at: int, weekday: str = "") -> int:
        """A time of day; one that the clock skips is the first instant after it."""
        return smeared(_minutes(at, weekday), self.shift if at // 60 < _SMALL_HOURS else 0, WEEK)

    def _moved(self, came: int, low: int, high: int | None) -> int:
        if high == 0 or came in (0, ALL):
            return came
        if high is None or high - low >= 60 * (WEEK - 2 * _SHIFT):
            return ALL
        shift = self.shift if self._may_shift(came, high) else 0
        width = -(-high // 60) - low // 60 + 2 * shift
        return smeared(turned(came, low // 60 - shift, WEEK), width, WEEK)

    def _may_shift(self, came: int, seconds: int) -> bool:
        """Whether a clock may be set on a way of so many seconds: not on one that begins after the small hours and ends
        on its day."""
        if not self.shift:
            return False
        small = any(day & ((1 << _SMALL_HOURS) - 1) for day in _slices(came, "day"))
        return small or seconds > 60 * _left(came, "day")


def quiet_minutes(quiet: Quiet) -> int:
    """The minutes of the week that lie wholly in quiet hours; none, where these never end, which is a mistake of its
    own."""
    first, last = -(-quiet.start // 60), quiet.end // 60
    if quiet.start == quiet.end:
        return 0
    length = last - first if quiet.start < quiet.end else last - first + DAY
    return daily(((1 << max(length, 0)) - 1) << first)


def last_minutes(quiet: Quiet, seconds: int) -> int:
    """The minutes from which quiet hours end so many seconds later at most, clocks that are set forward among it."""
    length = min(-(-seconds // 60) + _SHIFT + 1, DAY)
    return daily(turned((1 << length) - 1, quiet.end // 60 - length + 1, WEEK))


def _minutes(at: int, weekday: str) -> int:
    """A time of day, on one day of the week or on all."""
    minute = 1 << (at // 60)
    return minute << (WEEKDAYS.index(weekday) * DAY) if weekday else daily(minute)


def daily(minutes: int) -> int:
    """Minutes of the day, on every day."""
    return functools.reduce(lambda all_, day: all_ | turned(minutes, day * DAY, WEEK), range(7), 0)


def in_day(minutes: int) -> tuple[int, int]:
    """The first and the last of the times of day at which some minutes lie, in seconds."""
    times = functools.reduce(int.__or__, _slices(minutes, "day"))
    return 60 * ((times & -times).bit_length() - 1), 60 * (times.bit_length() - 1)


def _begin(unit: str, week_starts: str) -> int:
    return 0 if unit == "day" else WEEKDAYS.index(week_starts) * DAY


def _slices(minutes: int, unit: str) -> list[int]:
    """The minutes of each day, or of the week."""
    return [minutes >> (day * DAY) & ((1 << DAY) - 1) for day in range(7)] if unit == "day" else [minutes]


def _left(minutes: int, unit: str) -> int:
    """So many whole minutes at least come after them in their day or week."""
    size = DAY if unit == "day" else WEEK
    return size - max(one.bit_length() for one in _slices(minutes, unit))
