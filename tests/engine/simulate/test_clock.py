"""Local time: clock changes both ways, quiet hours over midnight, days and weeks."""

from __future__ import annotations

import datetime
import importlib.resources
import zoneinfo

import pytest

from safar.engine.simulate import clock
from safar.engine.simulate.clock import Zone, day_number, zone


def berlin() -> Zone:
    found = zone("Europe/Berlin")
    assert found is not None
    return found


def at(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def test_no_such_zone_and_no_path() -> None:
    for name in (
        "Moon/Base",
        "",
        "../etc/passwd",
        "Europe",
        "Europe/../Europe/Berlin",
        "europe/berlin",
        "/etc/localtime",
    ):
        assert zone(name) is None


def test_offsets_before_and_after_the_change() -> None:
    change = at("2027-03-28T01:00:00Z")
    assert (berlin().offset(change - 1), berlin().offset(change)) == (3600, 7200)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("2027-03-28", "01:59:59", "2027-03-28T00:59:59Z"),
        ("2027-03-28", "02:00:00", "2027-03-28T01:00:00Z"),  # skipped: the first instant after
        ("2027-03-28", "02:59:59", "2027-03-28T01:00:00Z"),
        ("2027-03-28", "03:00:00", "2027-03-28T01:00:00Z"),
        ("2027-10-31", "01:59:59", "2027-10-30T23:59:59Z"),
        ("2027-10-31", "02:00:00", "2027-10-31T00:00:00Z"),  # doubled: the first of the two
        ("2027-10-31", "02:59:59", "2027-10-31T00:59:59Z"),
        ("2027-10-31", "03:00:00", "2027-10-31T02:00:00Z"),
    ],
)
def test_skipped_and_doubled_hours(day: str, time: str, expected: str) -> None:
    hours, minutes, seconds = (int(part) for part in time.split(":"))
    date = day_number(datetime.date.fromisoformat(day))
    assert berlin().instant(date, hours * 3600 + minutes * 60 + seconds) == at(expected)


def test_iran_has_had_no_summer_time_since_2022() -> None:
    tehran = zone("Asia/Tehran")
    assert tehran is not None
    assert {tehran.offset(at(f"{year}-07-01T00:00:00Z")) for year in (2023, 2027, 2036)} == {12_600}
    assert tehran.offset(at("2021-07-01T00:00:00Z")) == 16_200
    assert tehran.instant(day_number(datetime.date(2027, 3, 21)), 0) == at("2027-03-20T20:30:00Z")


def test_the_next_time_of_day_is_strictly_later() -> None:
    nine = 9 * 3600
    assert berlin().next(at("2027-01-04T08:00:00Z"), nine) == at("2027-01-05T08:00:00Z")
    assert berlin().next(at("2027-01-04T07:59:59Z"), nine) == at("2027-01-04T08:00:00Z")
    assert berlin().next(at("2027-03-27T08:00:00Z"), nine) == at("2027-03-28T07:00:00Z"), "23 hours on"
    assert berlin().next(at("2027-01-04T08:00:00Z"), nine, "monday") == at("2027-01-11T08:00:00Z")
    assert berlin().next(at("2027-01-04T08:00:00Z"), nine, "sunday") == at("2027-01-10T08:00:00Z")
    doubled = at("2027-10-31T00:30:00Z")
    assert berlin().next(doubled, 9000) == at("2027-11-01T01:30:00Z"), "the second 02:30 is not counted"


def test_days_and_weeks_begin_at_local_midnight() -> None:
    moment = at("2027-03-28T12:00:00Z")
    assert berlin().midnight(moment) == at("2027-03-27T23:00:00Z")
    assert berlin().week(moment, "monday") == at("2027-03-21T23:00:00Z")
    assert berlin().week(moment, "saturday") == at("2027-03-26T23:00:00Z")
    assert berlin().week(moment, "sunday") == at("2027-03-27T23:00:00Z")
    assert berlin().weekday(moment) == "sunday"


@pytest.mark.parametrize(
    ("now", "start", "end", "passes"),
    [
        ("2027-01-04T22:00:00Z", "22:00", "08:00", "2027-01-05T07:00:00Z"),
        ("2027-01-04T07:00:00Z", "22:00", "08:00", "2027-01-04T07:00:00Z"),
        ("2027-01-04T12:00:00Z", "22:00", "08:00", "2027-01-04T12:00:00Z"),
        ("2027-01-04T12:00:00Z", "12:00", "14:00", "2027-01-04T13:00:00Z"),
        ("2027-03-27T22:00:00Z", "22:00", "08:00", "2027-03-28T06:00:00Z"),  # a night of nine hours
        ("2027-10-30T21:00:00Z", "22:00", "08:00", "2027-10-31T07:00:00Z"),  # and one of eleven
        ("2027-03-27T23:30:00Z", "22:00", "02:30", "2027-03-28T01:00:00Z"),  # its end is skipped
        ("2027-10-31T00:10:00Z", "22:00", "02:30", "2027-10-31T00:30:00Z"),  # its end comes twice
        ("2027-10-31T01:10:00Z", "22:00", "02:30", "2027-10-31T01:30:00Z"),
    ],
)
def test_quiet_hours_end_at_the_earliest_instant_that_is_not_quiet(now: str, start: str, end: str, passes: str) -> None:
    def time(text: str) -> int:
        return int(text[:2]) * 3600 + int(text[3:]) * 60

    found = berlin().quiet_end(at(now), time(start), time(end))
    assert found == at(passes)
    step = 600
    for moment in range(at(now), found, step):
        assert clock.is_quiet(berlin().time(moment), time(start), time(end))


def test_quiet_all_day_is_never() -> None:
    assert berlin().quiet_end(at("2027-01-04T12:00:00Z"), 3600, 3600) == at("2027-01-04T12:00:00Z")


def test_every_zone_agrees_with_the_standard_library() -> None:
    for name in ("Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"):
        ours = zone(name)
        with (importlib.resources.files("tzdata") / "zoneinfo" / name).open("rb") as file:
            theirs = zoneinfo.ZoneInfo.from_file(file)
        assert ours is not None
        for moment in range(at("2011-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"), 86_400 * 3 + 3_601):
            local = datetime.datetime.fromtimestamp(moment, theirs)
            offset = local.utcoffset()
            assert offset is not None and ours.offset(moment) == offset.total_seconds()
            assert ours.date(moment) == local.date()


def test_a_day_that_a_country_left_out() -> None:
    """Samoa had no 30 December 2011."""
    apia = zone("Pacific/Apia")
    assert apia is not None
    assert apia.instant(day_number(datetime.date(2011, 12, 30)), 12 * 3600) == at("2011-12-30T10:00:00Z")


def test_far_ends_of_time_do_not_break() -> None:
    for moment in (-(10**15), 10**15):
        assert isinstance(berlin().offset(moment), int)
        assert isinstance(berlin().date(moment), datetime.date)


def test_the_version_of_the_rules_is_known() -> None:
    assert clock.data_version()[:4].isdigit()
