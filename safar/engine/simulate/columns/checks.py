"""May a message be sent now?  The checks of `channel.py`, asked for whole batches."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from safar.engine.model import At, Cap, Channel, Closed, Limit, Project, Quiet, Refusal, Send, Touchpoint
from safar.engine.simulate import phrases
from safar.engine.simulate.clock import DAY, Zone, day_number
from safar.engine.simulate.columns import calendar
from safar.engine.simulate.columns.cells import Array, Rows, Values
from safar.engine.simulate.columns.column import Interner, is_true
from safar.engine.simulate.columns.expressions import Expr, in_columns
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.holidays import Holidays

LATE = 1 << 40
"""The instant of what will never be."""


_LONGEST = {"day": 2 * DAY, "week": 8 * DAY}


class Sent:
    """The instants of the last deliveries that a counter counted, for each customer."""

    def __init__(self, n: int, kept: int) -> None:
        self._at = np.full((n, kept), -LATE)
        self._number = np.zeros(n, np.intp)
        self._kept = kept

    def add(self, rows: Rows, at: Values) -> None:
        number = self._number[rows]
        everybody = np.arange(len(self._number))[rows]
        self._at[everybody, number % self._kept] = at
        self._number[rows] = number + 1

    def back(self, rows: Rows, many: int) -> Array:
        """The instant of the last but so many; long ago if there were fewer."""
        everybody = np.arange(len(self._number))[rows]
        found: Array = self._at[everybody, (self._number[rows] - many) % self._kept]
        return found


class Check(Protocol):
    """`hold`: how long a message may be held in all; None: it is skipped.  `may`: a condition that decides."""

    @property
    def reason(self) -> str: ...
    @property
    def hold(self) -> int | None: ...
    @property
    def may(self) -> Expr | None: ...

    def refuses(self, look: Look) -> tuple[Any, Values]:
        """Who is refused, and until when at least."""
        ...

    def why(self, because: str, zone: Zone, now: int) -> str:
        """In words.  `because` says which values decided of `may`."""
        ...


def _hold(refusal: Refusal) -> int | None:
    return refusal.up_to if refusal.wait else None


class Consent:
    reason = "consent"
    hold = None

    def __init__(self, condition: Expr, channel: str) -> None:
        self.may: Expr | None = condition
        self._consent, self._channel = condition, channel

    def refuses(self, look: Look) -> tuple[Any, Values]:
        return np.logical_not(is_true(self._consent(look), look.n)), LATE

    def why(self, because: str, zone: Zone, now: int) -> str:
        return phrases.no_consent(self._channel, because)


class Capped:
    """At most so many in a rolling window, or since the local day or week began."""

    reason = "limit"
    may: Expr | None = None

    def __init__(self, cap: Cap, name: str, counter: int, week_starts: str) -> None:
        self.most, self._window, self._unit = cap.count, cap.window, cap.calendar
        self.hold, self._name = _hold(cap.refusal), name
        self.counter, self._starts = counter, week_starts

    def refuses(self, look: Look) -> tuple[Any, Values]:
        if not self.most:
            return True, LATE
        last = look.chunk.sent[self.counter].back(look.batch.rows, self.most)
        now = look.now()
        if self._window is not None:
            return last > now - self._window, last + self._window
        zones = look.zones()
        begin = calendar.week(now, self._starts, zones) if self._unit == "week" else calendar.midnight(now, zones)
        next_day = calendar.day(begin, zones) + (7 if self._unit == "week" else 1)
        return last >= begin, calendar.instant(next_day, 0, zones)

    def why(self, because: str, zone: Zone, now: int) -> str:
        """A counter never has more than its caps let through."""
        if self._window is not None:
            return phrases.full_window(self._name, self.most, self._window, self.most)
        return phrases.full_period(self._name, self.most, self._unit or "day", self.most)

    @property
    def reach(self) -> int:
        """Seconds before a message in which another may count against it; of calendar units the longest, and a day."""
        return self._window if self._window is not None else _LONGEST[self._unit or "day"]


class QuietHours:
    reason = "quiet"
    may: Expr | None = None

    def __init__(self, quiet: Quiet, channel: str) -> None:
        self._channel = channel
        self._start, self._end = quiet.start, quiet.end
        self.hold = _hold(quiet.refusal)

    def refuses(self, look: Look) -> tuple[Any, Values]:
        now = look.now()
        until = calendar.quiet_end(now, self._start, self._end, look.zones())
        return until != now, until

    def why(self, because: str, zone: Zone, now: int) -> str:
        return phrases.quiet(self._channel, self._start, self._end, zone.time(now))


class ClosedDays:
    reason = "closed"
    may: Expr | None = None

    def __init__(self, closed: Closed, channel: str, project: Project) -> None:
        self._closed, self._channel = closed, channel
        occasion = project.vocabulary.occasions.get(closed.occasion)
        self._days = {day_number(date) for date in occasion.dates} if occasion else Holidays(closed.country)
        self.hold = _hold(closed.refusal)

    def refuses(self, look: Look) -> tuple[Any, Values]:
        zones = look.zones()
        days = np.broadcast_to(calendar.day(look.now(), zones), look.n)
        distinct, which = np.unique(days, return_inverse=True)
        opened = np.array([self._opens(day) for day in distinct.tolist()], np.int64)[which]
        return opened != days, calendar.instant(opened, 0, zones)

    def why(self, because: str, zone: Zone, now: int) -> str:
        return phrases.closed(self._channel, self._closed.occasion, self._closed.country)

    def _opens(self, day: int) -> int:
        while day in self._days:
            day += 1
        return day


class Limits:
    """What a project's messages must pass, and the counters that their deliveries count in."""

    def __init__(self, project: Project, codes: Interner) -> None:
        self._project, self._codes = project, codes
        self._channels = tuple(project.vocabulary.channels)
        self._limits = tuple(project.vocabulary.limits.values())
        self.kept: dict[int, int] = {}

    def _limits_of(self, channel: Channel) -> list[tuple[int, Limit]]:
        first = len(self._channels)
        return [
            (first + i, one)
            for i, one in enumerate(self._limits)
            if channel.outbound and (not one.channels or channel.name in one.channels)
        ]

    def _capped(self, cap: Cap, name: str, counter: int) -> Capped:
        check = Capped(cap, name, counter, self._project.settings.week_starts)
        self.kept[counter] = max(self.kept.get(counter, 1), check.most)
        return check

    def of(self, touchpoint: Touchpoint) -> tuple[list[Check], list[int]]:
        """The checks before a delivery of the touchpoint, in order, and what it counts in."""
        contact = touchpoint.contact
        channel = self._project.vocabulary.channels.get(contact.channel) if isinstance(contact, Send | At) else None
        if channel is None or touchpoint.transactional or not channel.outbound or isinstance(contact, At):
            return [], []
        own = self._channels.index(channel.name)
        name, checks = channel.name, list[Check]()
        if channel.consent is not None:
            checks.append(Consent(in_columns(channel.consent, self._codes), name))
        checks += [self._capped(cap, name, own) for cap in channel.caps]
        limits = self._limits_of(channel)
        checks += [self._capped(cap, one.name, counter) for counter, one in limits for cap in one.caps]
        checks += [QuietHours(quiet, name) for quiet in channel.quiet]
        checks += [ClosedDays(closed, name, self._project) for closed in channel.closed]
        return checks, [own, *(counter for counter, _ in limits)]
