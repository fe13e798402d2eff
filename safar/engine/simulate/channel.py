"""May a message be sent now?  Consent, the channel's limits, the project's, quiet hours, closed days, in that order."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence

import msgspec

from safar.engine.expression import Expression
from safar.engine.model import At, Cap, Channel, Closed, Limit, Project, Quiet, Refusal, Send, Touchpoint
from safar.engine.simulate import phrases
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.holidays import Holidays
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Situation
from safar.engine.simulate.words import reason

Sent = list[list[int]]
"""For each counter the instants of marketing deliveries, in order."""


class Refused(msgspec.Struct, frozen=True):
    """A check does not pass.  `until` is the earliest instant at which it would; None: no such instant is known.

    Without `wait` the message is skipped; with it, it may be held so many seconds in all.
    """

    reason: str
    wait: int | None
    until: int | None
    why: str


Check = Callable[[Situation, Run, Sent], Refused | None]


def _held(refusal: Refusal) -> int | None:
    return refusal.up_to if refusal.wait else None


def _consent(condition: Expression, channel: str, project: Project) -> Check:
    may, why = ready(condition), reason(condition, project)

    def check(now: Situation, run: Run, sent: Sent) -> Refused | None:
        if may(now, run, {}) is True:
            return None
        return Refused("consent", None, None, phrases.no_consent(channel, why(now, run, {})))

    return check


def _rolling(cap: Cap, window: int, name: str, counter: int) -> Check:
    most, hold = cap.count, _held(cap.refusal)

    def check(now: Situation, run: Run, sent: Sent) -> Refused | None:
        times = sent[counter]
        count = len(times) - bisect.bisect_right(times, now.now - window)
        if count < most:
            return None
        until = times[-most] + window if most else None
        return Refused("limit", hold, until, phrases.full_window(name, count, window, most))

    return check


def _calendar(cap: Cap, name: str, counter: int, week_starts: str) -> Check:
    most, hold, unit = cap.count, _held(cap.refusal), cap.calendar or "day"

    def check(now: Situation, run: Run, sent: Sent) -> Refused | None:
        zone, times = now.zone, sent[counter]
        begin = zone.week(now.now, week_starts) if unit == "week" else zone.midnight(now.now)
        count = len(times) - bisect.bisect_left(times, begin)
        if count < most:
            return None
        next_day = zone.day(begin) + (7 if unit == "week" else 1)
        until = zone.instant(next_day, 0) if most else None
        return Refused("limit", hold, until, phrases.full_period(name, count, unit, most))

    return check


def _quiet(quiet: Quiet, name: str) -> Check:
    start, end, hold = quiet.start, quiet.end, _held(quiet.refusal)

    def check(now: Situation, run: Run, sent: Sent) -> Refused | None:
        until = now.zone.quiet_end(now.now, start, end)
        if until == now.now:
            return None
        return Refused("quiet", hold, until, phrases.quiet(name, start, end, now.zone.time(now.now)))

    return check


def _closed(closed: Closed, name: str, project: Project) -> Check:
    """Days of an occasion, or the holidays of a country: none, where these are not known."""
    occasion = project.vocabulary.occasions.get(closed.occasion)
    days = {day_number(date) for date in occasion.dates} if occasion else Holidays(closed.country)
    why = phrases.closed(name, closed.occasion, closed.country)
    hold = _held(closed.refusal)

    def check(now: Situation, run: Run, sent: Sent) -> Refused | None:
        day = now.zone.day(now.now)
        if day not in days:
            return None
        while day in days:
            day += 1
        return Refused("closed", hold, now.zone.instant(day, 0), why)

    return check


class Counters:
    """The counters of a project's deliveries: one for each channel, one for each limit."""

    def __init__(self, project: Project) -> None:
        vocabulary = project.vocabulary
        self._channels = tuple(vocabulary.channels)
        self._limits = tuple(vocabulary.limits.values())
        self._week_starts = project.settings.week_starts
        self._project = project
        self.number = len(self._channels) + len(self._limits)

    def _limits_of(self, channel: Channel) -> list[tuple[int, Limit]]:
        first = len(self._channels)
        return [
            (first + i, one)
            for i, one in enumerate(self._limits)
            if channel.outbound and (not one.channels or channel.name in one.channels)
        ]

    def of(self, channel: Channel) -> tuple[int, ...]:
        """The counters that a delivery on a channel counts in."""
        return (self._channels.index(channel.name), *(counter for counter, _ in self._limits_of(channel)))

    def _cap(self, cap: Cap, name: str, counter: int) -> Check:
        if cap.window is not None:
            return _rolling(cap, cap.window, name, counter)
        return _calendar(cap, name, counter, self._week_starts)

    def checks(self, channel: Channel) -> list[Check]:
        """What a message on a channel must pass, in order."""
        name, own = channel.name, self._channels.index(channel.name)
        checks = [_consent(channel.consent, name, self._project)] if channel.consent is not None else []
        checks += [self._cap(cap, name, own) for cap in channel.caps]
        checks += [self._cap(cap, one.name, counter) for counter, one in self._limits_of(channel) for cap in one.caps]
        checks += [_quiet(quiet, name) for quiet in channel.quiet]
        checks += [_closed(closed, name, self._project) for closed in channel.closed]
        return checks

    def contact(self, touchpoint: Touchpoint) -> tuple[str, Sequence[Check], tuple[int, ...]]:
        """The channel of a touchpoint (empty if none), the checks before its delivery, and what that counts in."""
        contact = touchpoint.contact
        channel = self._project.vocabulary.channels.get(contact.channel) if isinstance(contact, Send | At) else None
        if channel is None:
            return "", (), ()
        if touchpoint.transactional or not channel.outbound or isinstance(contact, At):
            return channel.name, (), ()
        return channel.name, self.checks(channel), self.of(channel)
