"""Dates of the Iranian calendar, against a library of it, and where they are shown."""

from __future__ import annotations

import datetime
import os

import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.renderers import drawing
from safar.renderers.jalali import FIRST, MONTHS, jalali
from safar.renderers.words import Words

STEP = 1 if float(os.environ.get("SAFAR_TEST_SCALE", "0.1")) >= 1 else 17
"""Days from one that is compared to the next; at full scale it is every day."""


def test_days_of_eight_centuries() -> None:
    library = pytest.importorskip("jdatetime")
    first, last = datetime.date(1600, 1, 1).toordinal(), datetime.date(2400, 1, 1).toordinal()
    new_years = [datetime.date(year, 3, day).toordinal() for year in range(1600, 2400) for day in (19, 20, 21, 22)]
    for number in (*range(first, last, STEP), *new_years):
        day = datetime.date.fromordinal(number)
        known = library.date.fromgregorian(date=day)
        assert jalali(day) == (known.year, known.month, known.day)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ((2027, 3, 21), (1406, 1, 1)),
        ((2021, 3, 20), (1399, 12, 30)),  # a leap year
        ((2025, 3, 20), (1403, 12, 30)),  # a leap year
        ((2026, 3, 20), (1404, 12, 29)),
        ((2000, 2, 29), (1378, 12, 10)),
        ((1979, 2, 11), (1357, 11, 22)),
        ((622, 3, 21), (1, 1, 1)),
    ],
)
def test_known_days(day: tuple[int, int, int], shown: tuple[int, int, int]) -> None:
    assert jalali(datetime.date(*day)) == shown


def test_days_follow_one_another_to_the_end_of_time() -> None:
    before = jalali(FIRST)
    for number in range(FIRST.toordinal() + 1, datetime.date.max.toordinal(), 7 * 13):
        now = jalali(datetime.date.fromordinal(number))
        assert now > before
        assert 1 <= now[1] <= 12
        assert 1 <= now[2] <= (31 if now[1] < 7 else 30)
        before = now
    assert Words("fa").date(datetime.date.min) == "۰۰۰۱-۰۱-۰۱"
    assert len(set(MONTHS)) == 12


TEXT = """
event e {{}}; customer {{ birthday: date? fixed }}
journey j "{title}" {{ enter on 2027-03-21 at 09:00
  stage s {{ wait until 2027-04-02 at 10:00; wait until customer.birthday at 10:00 }} }}
"""


@pytest.mark.parametrize(
    ("title", "dates"), [("Spring", ("2027-03-21", "2027-04-02")), ("بهار", ("۱ فروردین ۱۴۰۶", "۱۳ فروردین ۱۴۰۶"))]
)
def test_a_map_has_the_dates_of_its_language(title: str, dates: tuple[str, str]) -> None:
    reading = read_text(TEXT.format(title=title))
    assert [one.message for one in reading.findings if one.severity.value == "error"] == []
    text = drawing.draw(lower(reading.project, reading.project.journeys["j"]), kind="md")
    assert isinstance(text, str)
    assert all(date in text for date in dates)
    assert "customer.birthday" in text  # what is worked out stays as it is written
