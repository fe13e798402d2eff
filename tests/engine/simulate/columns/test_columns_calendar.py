"""Local time over arrays is local time one by one: over clock changes, in zones that shift by half hours, far away."""

from __future__ import annotations

import datetime
import os
from typing import Any

import numpy as np
import pytest

from safar.dsl.read import read_text
from safar.engine.simulate.clock import DAY, WEEKDAYS, Zone, day_number, zone
from safar.engine.simulate.columns import calendar
from safar.engine.simulate.columns.calendar import Atlas, Zones, single
from safar.engine.simulate.columns.column import Column, Interner

COUNT = int(2_000 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
NAMES = (
    "Asia/Tehran",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # two more changes around Ramadan
    "Pacific/Apia",  # left out a day in 2011
    "Asia/Kathmandu",
    "America/Sao_Paulo",  # changed at midnight until 2019
    "UTC",
)
RANDOM = np.random.default_rng(3)


def zone_of(name: str) -> Zone:
    found = zone(name)
    assert found is not None
    return found


def around(text: str, seconds: int, n: int) -> Any:
    middle = int(datetime.datetime.fromisoformat(text + "T00:00:00+00:00").timestamp())
    return RANDOM.integers(middle - seconds, middle + seconds, n)


def instants() -> Any:
    """Some years ahead, the days of the changes, the past, and what lies outside of all tables."""
    near = [around(day, 3 * DAY, COUNT // 8) for day in ("2027-03-28", "2027-10-31", "2027-04-04", "2027-11-07")]
    past = [around(day, 2 * DAY, COUNT // 8) for day in ("2011-12-30", "2018-11-04", "2022-09-21", "2027-02-07")]
    far = [around("2029-01-01", 1000 * DAY, COUNT), RANDOM.integers(-5 * 10**9, 9 * 10**9, 40)]
    edges = np.array([0, -1, 631_152_000, 631_151_999, 4_102_444_799, 4_102_444_800, -(10**11), 3 * 10**11])
    return np.concatenate([*near, *past, *far, edges])


def same(found: Any, expected: list[int]) -> None:
    assert found.tolist() == expected


def check(zones: Zones, own: list[Zone], at: Any) -> None:
    """Everything that a calendar tells, of instants and of the zone of each row."""
    rows = list(zip(own, at.tolist(), strict=True))
    same(zones.offset(at), [z.offset(t) for z, t in rows])
    same(calendar.day(at, zones), [z.day(t) for z, t in rows])
    same(calendar.date(at, zones), [day_number(z.date(t)) for z, t in rows])
    same(calendar.time(at, zones), [z.time(t) for z, t in rows])
    assert [WEEKDAYS[one] for one in np.asarray(calendar.weekday(at, zones))] == [z.weekday(t) for z, t in rows]
    same(calendar.midnight(at, zones), [z.midnight(t) for z, t in rows])
    for starts in ("monday", "saturday"):
        same(calendar.week(at, starts, zones), [z.week(t, starts) for z, t in rows])
    for time, weekday in ((9 * 3600, ""), (2 * 3600 + 1800, ""), (0, "sunday"), (2 * 3600 + 900, "sunday")):
        same(calendar.next(at, time, weekday, zones), [z.next(t, time, weekday) for z, t in rows])
    for start, end in ((22 * 3600, 8 * 3600), (3600, 4 * 3600), (2 * 3600, 2 * 3600 + 60)):
        same(calendar.quiet_end(at, start, end, zones), [z.quiet_end(t, start, end) for z, t in rows])
    days = np.asarray(calendar.day(at, zones))
    for time in (0, 2 * 3600 + 1800, DAY - 1):
        expected = [z.instant(day, time) for z, day in zip(own, days.tolist(), strict=True)]
        same(calendar.instant(days, time, zones), expected)


@pytest.mark.parametrize("name", NAMES)
def test_one_zone(name: str) -> None:
    at = instants()
    check(single(zone_of(name)), [zone_of(name)] * len(at), at)


@pytest.mark.parametrize("name", NAMES)
def test_few_instants(name: str) -> None:
    for _ in range(5):
        at = instants()[:3]
        check(single(zone_of(name)), [zone_of(name)] * 3, at)


def test_a_zone_for_each_row() -> None:
    project = read_text("customer { timezone: text? fixed }").project
    codes = Interner()
    names = [None, "Nowhere", *NAMES]
    at = instants()
    chosen = [names[n] for n in RANDOM.integers(0, len(names), len(at))]
    column = Column(
        np.array([codes.code(name or "x") for name in chosen]), np.array([name is not None for name in chosen])
    )
    zones = Atlas(project, codes).zones(column)
    own = [(zone(name) if name else None) or zone_of("UTC") for name in chosen]
    check(zones, own, at)
    index = np.arange(0, len(at), 7)
    check(zones.take(index), own[::7], at[index])


def test_single_instants_in_one_zone_are_single_numbers() -> None:
    berlin = zone_of("Europe/Berlin")
    zones = single(berlin)
    for at in instants()[:200].tolist():
        found = calendar.day(at, zones), calendar.time(at, zones), calendar.next(at, 32_400, "", zones)
        assert found == (berlin.day(at), berlin.time(at), berlin.next(at, 32_400))
        assert calendar.quiet_end(at, 79_200, 28_800, zones) == berlin.quiet_end(at, 79_200, 28_800)
        assert calendar.week(at, "saturday", zones) == berlin.week(at, "saturday")
        assert isinstance(found[0], int)


def test_the_project_s_zone_where_customers_have_none() -> None:
    project, codes = read_text("customer { a: integer = 0 }").project, Interner()
    atlas = Atlas(project, codes)
    assert atlas.zones(None).one is zone_of("UTC")
    tehran = atlas.zones(Column(codes.code("Asia/Tehran")))
    assert tehran.one is zone_of("Asia/Tehran")
    assert atlas.zones(Column(np.array([codes.code("Asia/Tehran")] * 3))).one is tehran.one


def test_nobody() -> None:
    nobody = np.empty(0, np.int64)
    assert len(np.asarray(calendar.next(nobody, 0, "monday", single(zone_of("Europe/Berlin"))))) == 0
