"""Event forms, windows and patterns, worked by hand from the page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

ASK = """journey j { enter on came
  stage s { wait for clicked up to 90d; if CONDITION { exit true_ } otherwise { exit false_ } } }"""
ORDERS = ["-40d 10", "-30d 20", "-1d 30", "1d 60"]
"""Orders, in days after the entry, with a total in euros; asked at the 10th day."""

CONDITIONS = {
    "order": True,
    "clicked": True,
    "came": False,  # the entry event is not included
    "called": False,
    "order where total > 50 EUR": True,
    "order where total > 60 EUR": False,
    "order where (total > 5 EUR and total < 30 EUR)": False,  # only the order before the entry
    "order within 9d": False,  # exactly nine days ago is out
    "order within 216h": False,
    "order within 777601s": True,
    "order within 30d where total < 50 EUR": True,
    "came within 30d": True,  # looking back, the entry event counts
    "came within 10d": False,
    "count(order) == 4": True,
    "count(order within 40d) == 2": True,  # the one exactly 40 days ago is out
    "count(order within 41d) == 3": True,
    "count(came) == 1": True,
    "count(called) == 0": True,
    "count(order where total >= 30 EUR) == 2": True,
    "last(order).total == 60 EUR": True,
    "first(order).total == 10 EUR": True,
    "last(order where total < 60 EUR).total == 30 EUR": True,
    "first(order within 40d).total == 30 EUR": True,
    "last(order within 9d).total is unknown": True,
    "last(order within 9d).total > 0 EUR": False,
    "order.total == 60 EUR": True,
    "since(order) == 9d": True,
    "since(order) > 9d": False,
    "since(order where total == 20 EUR) == 40d": True,
    "since(came) == 10d": True,
    "since(called) > 1d": False,
    "since(called) is unknown": True,
    "customer.maybe == 1 or order": True,
    "not (customer.maybe == 1 and order)": False,
    "customer.maybe == 1 and called": False,
    "not (customer.maybe == 1 and called)": True,
    "(customer.maybe or else 3) == 3": True,
    "customer.points / (1 - 1) is unknown": True,
    "1 in [1, customer.maybe]": True,
    "not (2 in [1, customer.maybe])": False,  # it might be the unknown one
    "days(since(order) + 1s) == 10": True,  # whole numbers, rounded up
    "hours(since(order)) == 216": True,
    "0.1 EUR * 0.005 == 0.0005 EUR": True,
    "round(0.125 EUR to 0.01 EUR) == 0.13 EUR": True,
    "round down(0.129 EUR to 0.01 EUR) == 0.12 EUR": True,
    "today == 2027-01-14": True,
    "weekday == thursday": True,
    "today - 2027-01-04 == 10d": True,
    "2027-01-31 + 1 month == 2027-02-28": True,
    "2028-02-29 + 1 year == 2029-02-28": True,
    "stage == s": True,
    "customer.tier == bronze": True,
    'entry.shop == "north"': True,
    'customer.tags contains "a"': False,
    "customer.renewal - 3d == 2027-01-30": True,
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions(tell: Any, happen: Any, condition: str) -> None:
    orders = [line.split() for line in ORDERS]
    came = happen("0h", "came", shop="north")
    told = tell(
        ASK.replace("CONDITION", condition),
        [
            *(happen(int(day[:-1]) * 86_400, "order", total=int(total) * 10_000) for day, total in orders[:3]),
            came,
            *(happen(int(day[:-1]) * 86_400, "order", total=int(total) * 10_000) for day, total in orders[3:]),
            happen("10d", "clicked"),
        ],
        attributes={"renewal": datetime.date(2027, 2, 2)},
    )
    assert told.outcomes == ["true_" if CONDITIONS[condition] else "false_"]


PATTERNS: dict[str, tuple[list[str], str]] = {
    # events as `when name total`, and the instant at which the wait is over (at most 5 days)
    "order": (["1d order 5"], "1d 00:00"),
    "order or called": (["2d called", "3d order 5"], "2d 00:00"),
    "order where total > 50 EUR": (["1d order 50", "2d order 51"], "2d 00:00"),
    "order if order.total > 50 EUR": (["1d order 50", "2d order 51"], "2d 00:00"),
    "order if (order.total > 50 EUR and customer.orders > 2)": (
        ["1d order 60", "2d order 60", "3d order 60"],
        "3d 00:00",
    ),
    "customer.orders >= 2": (["1d order 5", "2d order 5"], "2d 00:00"),
    "customer.orders >= 2 or called": (["1d order 5", "30h called"], "1d 06:00"),
    "count(order) >= 2": (["1d order 5", "2d order 5"], "2d 00:00"),
    "called": (["1d order 5"], "5d 00:00"),
    "order.total > 10 EUR": (["1d order 10", "2d order 20"], "2d 00:00"),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns(tell: Any, happen: Any, pattern: str) -> None:
    lines, over = PATTERNS[pattern]
    events = [happen("0h", "came")]
    for line in lines:
        when, name, *total = line.split()
        events.append(happen(when, name, **{"total": int(total[0]) * 10_000} if total else {}))
    told = tell(f"wait for {pattern} up to 5d\nexit over", events)
    assert [line[:8] for line in told.of("exit")] == [over]
