"""At which times of day something may happen: sets of minutes of the day for each place, as bits.

Clocks that are set forward and back move what is counted in hours; so after a wait of so many hours there are, where
a zone knows summer time, two hours more on either side.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine.model import Channel, Entry
from safar.engine.moves import After, Clock, Deliver, FromDate, FromOccasion, Wait
from safar.engine.prove.arcs import END, Arc
from safar.engine.prove.daylight import shift
from safar.engine.prove.marks import Happens, Mark
from safar.engine.prove.minutes import smeared, turned
from safar.engine.prove.sending import DAY

if TYPE_CHECKING:
    from safar.engine.prove.system import System

MINUTES = 1_440
ALL = (1 << MINUTES) - 1
_ANYWHERE = -1
_SMALL_HOURS = 5 * 60
"""Clocks are set forward before this minute of the day."""


def between(start: int, end: int) -> int:
    """The minutes from one second of the day until before another, over midnight if need be."""
    first, last = start // 60, -(-end // 60)
    if start < end:
        return ((1 << last) - 1) & ~((1 << first) - 1)
    return ALL & ~(((1 << (start // 60)) - 1) & ~((1 << last) - 1))


class Hours:
    """The times of day of one journey, conditions aside."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._project = system.project
        self.shift = shift(system.project)
        self.longest_day = DAY + self.shift

    # --- what is asked

    @staticmethod
    def spot(mark: Mark) -> int:
        """The place whose times of day are those of a mark; in a rest it may be any time."""
        return _ANYWHERE if mark.meanwhile or mark.what is Happens.EVENT else mark.place

    def may_be(self, place: int, start: int, end: int) -> bool:
        """Whether what happens at a place may happen in a stretch of the day."""
        return bool(self.at(place) & between(start, end))

    def may_share_a_day(self, one: int, other: int, least: float) -> bool:
        """Whether two things, the second so many seconds later at least, may happen on one date."""
        if least >= self.longest_day:
            return False
        first, last = self.at(one), self.at(other)
        earliest = ((first & -first).bit_length() - 1) * 60 if first else 0
        return least < last.bit_length() * 60 - earliest + self.shift

    def at(self, place: int) -> int:
        """The minutes of the day at which something may happen at a place; of a message, at which it is delivered."""
        if place == END or place < 0:
            return ALL
        move = self._system.program.places[place].move
        came = self._came.get(place, 0)
        if isinstance(move, Deliver):
            return self._delivered(move, came)
        return ALL if self._system.program.rests(place) else came

    def _delivered(self, move: Deliver, came: int) -> int:
        sent = self._system.sending(move)
        channel = self._project.vocabulary.channels.get(sent.channel)
        if channel is None or move.touchpoint.transactional or not channel.outbound:
            return came
        return (ALL if sent.hold else came) & _open(channel)

    # --- when a run may come to a place

    @functools.cached_property
    def _came(self) -> dict[int, int]:
        found: dict[int, int] = {}
        todo: list[int] = []
        for arc in self._system.entries:
            self._reach(found, todo, arc.end, self._entered(arc.entry))
        while todo:
            place = todo.pop()
            for arc, minutes in self._leaves(place, found[place]):
                if arc.end != END:
                    self._reach(found, todo, arc.end, minutes)
        return found

    @staticmethod
    def _reach(found: dict[int, int], todo: list[int], place: int, minutes: int) -> None:
        old = found.get(place, 0)
        if minutes | old != old:
            found[place] = old | minutes
            todo.append(place)

    def _entered(self, entry: Entry | None) -> int:
        return ALL if entry is None or entry.event else self._clock(entry.at)

    def _clock(self, at: int) -> int:
        """A time of day; one that the clock skips is the first instant after it."""
        late = self.shift if at // 60 < _SMALL_HOURS else 0
        return between(at, at + 60 + late)

    def _leaves(self, place: int, came: int) -> Iterator[tuple[Arc, int]]:
        station = self._system.station(place)
        yield from ((arc, came) for arc in station.once)
        if station.loop is not None:
            yield from ((arc, came) for arc in (station.loop.round, station.loop.done))
        for arc in station.rest:
            yield arc, self._rested(place, arc, came)

    def _rested(self, place: int, arc: Arc, came: int) -> int:
        move = self._system.program.places[place].move
        if isinstance(move, Wait) and arc.kind in ("timeout", "next"):
            match move.deadline:
                case Clock(at=at) | FromDate(at=at) | FromOccasion(at=at):
                    return self._clock(at)
                case After(seconds):
                    return self._moved(came, seconds, seconds)
        return self._moved(came, arc.low, arc.high)

    def _moved(self, minutes: int, low: int, high: int | None) -> int:
        if high is None or high - low + 2 * self.shift >= DAY - 60 or minutes == ALL:
            return ALL
        first = (low - self.shift) // 60
        width = -(-(high - low + 2 * self.shift) // 60) + (1 if (low or high) % 60 else 0)
        return smeared(turned(minutes, first, MINUTES), width, MINUTES)


def _open(channel: Channel) -> int:
    """The minutes in which a message can go out."""
    return functools.reduce(lambda left, quiet: left & ~_wholly(quiet.start, quiet.end), channel.quiet, ALL)


def _wholly(start: int, end: int) -> int:
    """The minutes that lie wholly in a stretch of the day."""
    return between(-(-start // 60) * 60, end // 60 * 60) if start != end else 0
