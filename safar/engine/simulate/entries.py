"""Entries into journeys: each attempt is not eligible, inside, too soon, held out or entered, asked in this order."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from safar.engine.expression import Value
from safar.engine.model import Entry
from safar.engine.simulate import behaviour, phrases
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.happening import What
from safar.engine.simulate.history import NOTHING, Record
from safar.engine.simulate.order import CALENDAR, HORIZON
from safar.engine.simulate.run import Run, State

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life
    from safar.engine.simulate.track import Line, Track


# --- attempts


def meet(life: Life, record: Record) -> None:
    """An event may begin runs: one attempt for each journey that has an `enter` line for it."""
    for track in life.shared.tracks:
        lines = [line for line in track.lines if line.event == record.name[1]]
        if lines:
            attempt(life, track, lines, record)


def start(life: Life, journey: str, by: str) -> None:
    """`start J`: the conditions of its `enter` lines are not asked."""
    for track in life.shared.tracks:
        if track.name == journey:
            admit(life, track, None, None, f"started by {by}")


def attempt(life: Life, track: Track, lines: Sequence[Line], record: Record | None) -> None:
    """Eligible by the first line whose condition is true."""
    payload = record.payload if record is not None else NOTHING
    for line in lines:
        if line.condition is None or line.condition(life, None, payload) is True:
            admit(life, track, line, record, _why(life, (line,), payload))
            return
    _note(life, What.NOT_ELIGIBLE, track, record, _why(life, lines, payload))


def _why(life: Life, lines: Sequence[Line], payload: dict[str, Value]) -> str:
    if not life.words:
        return ""
    return phrases.entries(
        phrases.entry(line.words, line.reason(life, None, payload) if line.reason is not None else "") for line in lines
    )


def _note(life: Life, what: What, track: Track, record: Record | None, why: str, entry: int = 0) -> None:
    event = life.shared.events[record.name[1]] if record is not None else None
    life.note(
        what,
        journey=track.name,
        entry=entry,
        step="entry",
        why=why,
        event=event.name if event else None,
        payload=event.shown(record.payload) if event and record else None,
        number=record.number if record else 0,
    )


def admit(life: Life, track: Track, line: Line | None, record: Record | None, why: str) -> None:
    """Eligible: inside, too soon, held out or entered.  `why` says how the customer came."""
    per = line.entry.per if line is not None else ""
    payload = record.payload if record is not None else NOTHING
    own = payload.get(per) if per else None
    earlier = [run for run in life.runs if run.track is track]
    same = [run for run in earlier if run.per == per and run.own == own]
    if any(run.inside for run in same):
        _note(life, What.INSIDE, track, record, phrases.INSIDE if life.words else "")
        return
    if same and not _may_return(life, track, same[-1]):
        _note(life, What.TOO_SOON, track, record, _too_soon(life, track, same[-1]))
        return
    for run in same:
        run.end(life.now)
    run = Run(track, len(earlier) + 1, len(life.runs) + 1, life.now)
    run.per, run.own, run.payload, run.known = per, own, payload, life.history.length
    life.runs.append(run)
    _begin(life, run, record, why)


def _begin(life: Life, run: Run, record: Record | None, why: str) -> None:
    held_out = life.is_held_out(run.track)
    if held_out and life.words:
        why = phrases.held_out(why, run.track.hold_out_words)
    _note(life, What.HELD_OUT if held_out else What.ENTERED, run.track, record, why, run.entry)
    life.schedule(run.until, HORIZON, (run.order,), life.horizon, run)
    if held_out:
        run.state = State.OUT
    else:
        life.begin(run)
    behaviour.begin(life, run)


def _may_return(life: Life, track: Track, last: Run) -> bool:
    how = track.reentry.how
    return how == "always" or (how == "after" and life.now - last.began >= track.reentry.after)


def _too_soon(life: Life, track: Track, last: Run) -> str:
    if not life.words:
        return ""
    return phrases.too_soon(track.reentry, last.began, life.zone)


# --- the calendar


def due(life: Life, entry: Entry, after: int) -> int | None:
    """The first instant later than `after` at which a calendar entry is due; None if there is none."""
    zone = life.zone
    if entry.kind == "each" and entry.unit != "month":
        return zone.next(after, entry.at, "" if entry.unit == "day" else entry.unit)
    days: Sequence[int]
    if entry.kind == "date":
        days = [day_number(entry.date)] if entry.date is not None else []
    elif entry.kind == "occasion":
        days = life.shared.dates.get(entry.occasion, ())
    elif entry.kind == "yearly":
        days = _yearly(life.attributes.get(entry.attribute), zone.date(after))
    else:
        first = zone.date(after).replace(day=1)
        days = [day_number(first), day_number(first) + calendar.monthrange(first.year, first.month)[1]]
    return next((at for at in (zone.instant(day, entry.at) for day in days) if at > after), None)


def _yearly(value: Value, now: datetime.date) -> list[int]:
    """This year's and next year's day; of 29 February the 28th in other years."""
    if not isinstance(value, datetime.date):
        return []
    days = []
    for year in (now.year, now.year + 1):
        if year <= 9999:
            last = calendar.monthrange(year, value.month)[1]
            days.append(day_number(datetime.date(year, value.month, min(value.day, last))))
    return days


class Calendar:
    """One `enter` line by the calendar, for one customer."""

    __slots__ = ("_life", "_line", "_next", "_order", "_track")

    def __init__(self, life: Life, track: Track, line: Line, order: int) -> None:
        self._life, self._track, self._line, self._order = life, track, line, order
        self._next: int | None = None

    def plan(self, after: int) -> None:
        """Make the first attempt later than `after`; one planned before is dropped."""
        self._next = due(self._life, self._line.entry, after)
        if self._next is not None and self._next < self._life.shared.end:
            self._life.schedule(self._next, CALENDAR, (self._order,), self._come, self._next)

    def _come(self, at: int) -> None:
        if at == self._next and self._life.goes_on(at):
            attempt(self._life, self._track, (self._line,), None)
            self.plan(at)

    def replan(self) -> None:
        """The attribute that it is about has changed."""
        self.plan(self._life.now)
