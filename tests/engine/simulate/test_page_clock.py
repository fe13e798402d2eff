"""Local time, calendars, quiet hours with limits, over clock changes: worked by hand from the page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from safar.engine.model import Settings

HELLO = 'touchpoint hello { send letter { text "x" } }'


def utc(text: str) -> int:
    """`2027-03-28 01:00` UTC; with another zone behind it as ISO writes it."""
    moment = datetime.datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp())


def stamped(told: Any, kinds: str) -> list[str]:
    """`03-28 01:00 step what detail`, UTC."""
    lines = []
    for one in told.story.happenings:
        if one.what.value in kinds.split():
            when = datetime.datetime.fromtimestamp(one.at, datetime.UTC)
            seconds = f":{when.second:02}" if when.second else ""
            detail = "" if one.what.value in ("waiting", "entered") else one.detail
            lines.append(f"{when:%m-%d %H:%M}{seconds} {one.step} {one.what.value} {detail}".strip())
    return lines


CALENDARS: dict[str, tuple[str, str, dict[str, Any], str, int, list[str]]] = {
    # zone of the project, entry line, attributes, start, days, entries (UTC)
    "02:30 in the hour that Berlin skips is 03:00 there": (
        "Europe/Berlin", "enter each day at 02:30", {}, "2027-03-27T00:00+01:00", 3,
        ["03-27 01:30", "03-28 01:00", "03-29 00:30"],
    ),
    "in the hour that Berlin has twice, it is the first": (
        "Europe/Berlin", "enter each day at 02:30", {}, "2027-10-30T00:00+02:00", 3,
        ["10-30 00:30", "10-31 00:30", "11-01 01:30"],
    ),
    "the customer's zone goes before the project's": (
        "Europe/Berlin", "enter each day at 09:00", {"timezone": "Asia/Tehran"}, "2027-03-27T00:00+00:00", 3,
        ["03-27 05:30", "03-28 05:30", "03-29 05:30"],
    ),
    "a zone that there is not: the project's": (
        "Asia/Tehran", "enter each day", {"timezone": "Mars/Olympus"}, "2027-06-01T00:00+00:00", 2,
        ["06-01 05:30", "06-02 05:30"],
    ),
    "a weekday, the very start included": (
        "Asia/Tehran", "enter each saturday at 00:00", {}, "2027-01-02T00:00+03:30", 15,
        ["01-01 20:30", "01-08 20:30", "01-15 20:30"],
    ),
    "a month is its first day": (
        "Asia/Tehran", "enter each month", {}, "2027-01-01T09:00:01+03:30", 60, ["02-01 05:30", "03-01 05:30"],
    ),
    "29 February: the 28th in other years": (
        "UTC", "enter each year on customer.birthday at 00:00", {"birthday": datetime.date(2000, 2, 29)},
        "2027-01-01", 1200, ["02-28 00:00", "02-29 00:00", "02-28 00:00", "02-28 00:00"],
    ),
    "no birthday, no entry": ("UTC", "enter each year on customer.birthday", {}, "2027-01-01", 800, []),
    "New Year's eve just before midnight": (
        "Asia/Tehran", "enter each year on customer.birthday at 23:59", {"birthday": datetime.date(1990, 12, 31)},
        "2026-12-31T23:59:00+03:30", 366, ["12-31 20:29", "12-31 20:29"],
    ),
    "Nowruz, whenever it is": (
        "Asia/Tehran", "enter each nowruz at 08:30", {}, "2027-01-01T00:00+03:30", 800, ["03-21 05:00", "03-20 05:00"],
    ),
    "once, on a date": ("Asia/Tehran", "enter on 2027-03-21 at 10:00", {}, "2027-01-01", 800, ["03-21 06:30"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CALENDARS)
def test_calendars(tell: Any, name: str) -> None:
    zone, line, attributes, start, days, expected = CALENDARS[name]
    text = f"""occasion nowruz {{ 2027-03-21; 2028-03-20 }}
      journey j {{ {line}; reenter always; horizon 1d\n stage s {{ }} }}"""
    told = tell(text, None, attributes=attributes, settings=Settings(timezone=zone), start=utc(start), days=days)
    assert [entered[:11] for entered in stamped(told, "entered")] == expected


WAITS: dict[str, tuple[str, str, str, str]] = {
    # zone, entry, wait, when it is over (UTC)
    "a day is 24 hours, over a clock change too": ("Europe/Berlin", "2027-03-27 08:00", "wait 1d", "03-28 08:00"),
    "nine o'clock is nine o'clock": ("Europe/Berlin", "2027-03-27 08:00", "wait until 09:00", "03-28 07:00"),
    "nine o'clock, an hour later in winter": ("Europe/Berlin", "2027-10-30 07:00", "wait until 09:00", "10-31 08:00"),
    "a skipped time": ("Europe/Berlin", "2027-03-27 23:30", "wait until 02:30", "03-28 01:00"),
    "a doubled time, before both": ("Europe/Berlin", "2027-10-30 23:30", "wait until 02:30", "10-31 00:30"),
    "a doubled time, exactly at the first: tomorrow": (
        "Europe/Berlin", "2027-10-31 00:30", "wait until 02:30", "11-01 01:30",
    ),
    "a date is one date more, not 24 hours": (
        "Europe/Berlin", "2027-03-01 00:00", "wait until 5d after customer.renewal", "03-28 07:00",
    ),
    "three dates before, at a time": (
        "Asia/Tehran", "2027-03-01 00:00", "wait until 3d before customer.renewal at 18:00", "03-20 14:30",
    ),
    "a weekday of the customer": ("Asia/Tehran", "2027-01-02 20:29:59", "wait until sunday at 00:00", "01-02 20:30"),
    "a weekday that begins now is not later": (
        "Asia/Tehran", "2027-01-02 20:30", "wait until sunday at 00:00", "01-09 20:30",
    ),
    "an occasion, local time": ("Asia/Tehran", "2027-01-04 00:00", "wait until feast", "01-05 05:30"),
    "days before an occasion": (
        "Asia/Tehran", "2027-01-01 00:00", "wait until 2d before feast at 00:00", "01-02 20:30",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WAITS)
def test_waits(tell: Any, happen: Any, name: str) -> None:
    zone, entry, wait, over = WAITS[name]
    came = happen(utc(entry) - happen("0h", "came").at, "came")
    told = tell(
        f"{wait}\nexit over",
        [came],
        attributes={"timezone": zone, "renewal": datetime.date(2027, 3, 23)},
        start=utc(entry),
    )
    assert [line[:11] for line in stamped(told, "exit")] == [over]


SENDS: dict[str, tuple[str, str, list[str], list[str]]] = {
    # lines of the channel, zone, when messages are due (UTC), what becomes of them
    "Berlin's short night: the held message goes at eight, an hour earlier": (
        "quiet from 22:00 to 08:00 then wait up to 1d", "Europe/Berlin", ["2027-03-27 22:00"],
        ["03-27 22:00 m1 held quiet", "03-28 06:00 m1 delivered c"],
    ),
    "Berlin's long night": (
        "quiet from 22:00 to 08:00 then wait up to 1d", "Europe/Berlin", ["2027-10-30 21:00"],
        ["10-30 21:00 m1 held quiet", "10-31 07:00 m1 delivered c"],
    ),
    "held for as long as it may, in the long night one hour too short": (
        "quiet from 22:00 to 08:00 then wait up to 10h", "Europe/Berlin", ["2027-10-30 20:00"],
        ["10-30 20:00 m1 held quiet", "10-31 06:00 m1 suppressed held"],
    ),
    "in an ordinary night it is just enough": (
        "quiet from 22:00 to 08:00 then wait up to 10h", "Europe/Berlin", ["2027-10-28 20:00"],
        ["10-28 20:00 m1 held quiet", "10-29 06:00 m1 delivered c"],
    ),
    "quiet hours end in the skipped hour": (
        "quiet from 22:00 to 02:30 then wait up to 1d", "Europe/Berlin", ["2027-03-27 22:00"],
        ["03-27 22:00 m1 held quiet", "03-28 01:00 m1 delivered c"],
    ),
    "one at 21:59:59 goes": (
        "quiet from 22:00 to 08:00 then skip", "Asia/Tehran", ["2027-01-04 18:29:59", "2027-01-04 18:30"],
        ["01-04 18:29:59 m1 delivered c", "01-04 18:30 m2 suppressed quiet"],
    ),
    "held by the night, then by the limit, in all no longer than the limit allows": (
        "at most 1 per 2d then wait up to 1d; quiet from 22:00 to 08:00 then wait up to 2d", "UTC",
        ["2027-01-04 10:00", "2027-01-05 23:00"],
        # the limit refuses first, until 01-06 10:00; that is within its day, and not quiet
        ["01-04 10:00 m1 delivered c", "01-05 23:00 m2 held limit", "01-06 10:00 m2 delivered c"],
    ),
    "the limit lets it go in the night: held on until the morning": (
        "at most 1 per 2d then wait up to 3d; quiet from 22:00 to 08:00 then wait up to 1d", "UTC",
        ["2027-01-04 21:30", "2027-01-06 12:00"],
        ["01-04 21:30 m1 delivered c", "01-06 12:00 m2 held limit", "01-06 21:30 m2 delivered c"],
    ),
    "the limit lets it go in the night, and the night says: too long already": (
        "at most 1 per 26h then wait up to 3d; quiet from 22:00 to 08:00 then wait up to 3h", "UTC",
        ["2027-01-04 21:00", "2027-01-05 12:00"],
        # 23:00 is the limit's end, quiet then, and held for 11 hours: more than three
        ["01-04 21:00 m1 delivered c", "01-05 12:00 m2 held limit", "01-05 23:00 m2 suppressed held"],
    ),
    "held by both in turn": (
        "at most 1 per 26h then wait up to 3d; quiet from 22:00 to 08:00 then wait up to 1d", "UTC",
        ["2027-01-04 21:00", "2027-01-05 12:00"],
        ["01-04 21:00 m1 delivered c", "01-05 12:00 m2 held limit", "01-05 23:00 m2 held quiet",
         "01-06 08:00 m2 delivered c"],
    ),
    "a calendar day is the customer's": (
        "at most 1 per calendar day then skip", "Asia/Tehran",
        ["2027-01-04 20:29", "2027-01-04 20:30", "2027-01-05 20:29", "2027-01-05 20:30"],
        ["01-04 20:29 m1 delivered c", "01-04 20:30 m2 delivered c", "01-05 20:29 m3 suppressed limit",
         "01-05 20:30 m4 delivered c"],
    ),
    "a calendar week begins on Saturday where the project says so": (
        "at most 2 per calendar week then wait up to 4d", "Asia/Tehran",
        # Friday 2027-01-08 ends at 20:30 UTC
        ["2027-01-04 12:00", "2027-01-05 12:00", "2027-01-06 12:00"],
        ["01-04 12:00 m1 delivered c", "01-05 12:00 m2 delivered c", "01-06 12:00 m3 held limit",
         "01-08 20:30 m3 delivered c"],
    ),
    "rolling: the oldest of three leaves the window": (
        "at most 3 per 7d then wait up to 3d", "UTC",
        ["2027-01-04 10:00", "2027-01-05 10:00", "2027-01-06 10:00", "2027-01-09 10:00", "2027-01-11 12:00"],
        ["01-04 10:00 m1 delivered c", "01-05 10:00 m2 delivered c", "01-06 10:00 m3 delivered c",
         "01-09 10:00 m4 held limit", "01-11 10:00 m4 delivered c", "01-11 12:00 m5 held limit",
         "01-12 10:00 m5 delivered c"],
    ),
    "two limits of a channel: the first that refuses decides": (
        "at most 1 per calendar day then wait up to 1d; at most 2 per 7d then skip", "UTC",
        ["2027-01-04 10:00", "2027-01-04 11:00", "2027-01-05 11:00"],
        ["01-04 10:00 m1 delivered c", "01-04 11:00 m2 held limit", "01-05 00:00 m2 delivered c",
         "01-05 11:00 m3 held limit", "01-06 00:00 m3 suppressed limit"],
    ),
    "closed days, then the night before the morning": (
        "quiet from 22:00 to 08:00 then wait up to 1d; closed feast then wait up to 3d", "UTC", ["2027-01-05 09:00"],
        # closed until 01-07 00:00, which is quiet; held for 39 hours is more than the night's day
        ["01-05 09:00 m1 held closed", "01-07 00:00 m1 suppressed held"],
    ),
    "closed days with time enough": (
        "quiet from 22:00 to 08:00 then wait up to 3d; closed feast then wait up to 3d", "UTC", ["2027-01-05 09:00"],
        ["01-05 09:00 m1 held closed", "01-07 00:00 m1 held quiet", "01-07 08:00 m1 delivered c"],
    ),
    "three days where nothing else is said": (
        "at most 1 per 4w then wait", "UTC", ["2027-01-04 10:00", "2027-01-05 10:00"],
        ["01-04 10:00 m1 delivered c", "01-05 10:00 m2 held limit", "01-08 10:00 m2 suppressed held"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SENDS)
def test_sends(tell: Any, happen: Any, name: str) -> None:
    lines, zone, due, expected = SENDS[name]
    start = utc(due[0])
    steps = []
    for number, when in enumerate(due, 1):
        # each message is in a journey of its own, so that no hold delays the next one
        wait = f"wait {utc(when) - start}s" if when != due[0] else ""
        steps.append(
            f"journey j{number} {{ enter on came\n stage s {{ {wait}\n"
            f'touchpoint m{number} {{ send c {{ text "x" }} }} }} }}'
        )
    told = tell(
        f"channel c {{ outbound; {lines} }}\n" + "\n".join(steps),
        [happen(start - happen("0h", "came").at, "came")],
        attributes={"timezone": zone},
        settings=Settings(week_starts="saturday"),
        start=start,
    )
    assert stamped(told, "held delivered suppressed") == expected
