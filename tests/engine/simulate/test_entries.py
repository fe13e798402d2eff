"""Entries, re-entries, hold-out, goals, side by side runs, starts, calendars, arrivals."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest

from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer

WAIT = "stage s { wait 5d }"


def attempts(told: Any) -> list[str]:
    found: list[str] = told.of("entered", "not_eligible", "inside", "too_soon", "held_out")
    return found


def test_every_attempt_is_exactly_one_thing(tell: Any, happen: Any) -> None:
    text = f"journey j {{ enter on came if customer.points > 0; reenter after 10d\n {WAIT} }}"
    times = ["1d", "2d", "6d 1s", "10d 23h", "11d"]
    told = tell(
        text,
        [happen("0h", "came"), happen("1h", None, points=1), *(happen(time, "came") for time in times)],
    )
    assert attempts(told) == [
        "0d 00:00 entry not_eligible",
        "1d 00:00 entry entered",
        "2d 00:00 entry inside",
        "6d 00:00:01 entry too_soon",
        "10d 23:00 entry too_soon",
        "11d 00:00 entry entered",
    ], "a re-entry is allowed exactly 10 days after the last entry"
    assert told.why("too_soon")[0] == "entered 2027-01-05 00:00 UTC, again after 10d"
    assert told.why("not_eligible") == ["on came if customer.points > 0 (customer.points = 0)"]


def test_never_and_always(tell: Any, happen: Any) -> None:
    twice = [happen("0h", "came"), happen("9d", "came")]
    assert attempts(tell(f"journey j {{ enter on came\n {WAIT} }}", twice))[1].endswith("too_soon")
    assert attempts(tell(f"journey j {{ enter on came; reenter always\n {WAIT} }}", twice))[1].endswith("entered")


def test_two_enter_lines_of_one_event_are_one_attempt(tell: Any) -> None:
    text = f"journey j {{ enter on came if customer.points > 0; enter on came if customer.points == 0\n {WAIT} }}"
    assert attempts(tell(text)) == ["0d 00:00 entry entered"]


def test_per_runs_go_side_by_side_and_hear_their_own(tell: Any, happen: Any) -> None:
    text = """journey j { enter on order per id
      goal paid { on order; value order.total }
      stage s { wait for order up to 9d { exit again } } }"""
    told = tell(
        text,
        [
            happen("0h", "order", id="A", total=100),
            happen("1d", "order", id="B", total=200),
            happen("2d", "order", id="A", total=300),
        ],
    )
    assert told.of("entered", "too_soon", "exit", "goal") == [
        "0d 00:00 entry entered",
        "1d 00:00 entry entered",
        "2d 00:00 s/wait_for goal paid",
        "2d 00:00 exit:again exit again",
        "2d 00:00 entry too_soon",
        "10d 00:00 exit:completed exit completed",
    ]
    assert [run.entry for run in told.story.runs] == [1, 2]


def test_under_per_counts_see_only_the_own_value(tell: Any, happen: Any) -> None:
    text = """journey j { enter on order per id
      stage s { wait 3d; if count(order) == 1 { exit alone } otherwise { exit more } } }"""
    told = tell(text, [happen("0h", "order", id="A"), happen("1d", "order", id="B"), happen("2d", "order", id="B")])
    assert told.outcomes == ["alone", "more"]


def test_an_event_without_the_field_counts_in_all_runs(tell: Any, happen: Any) -> None:
    text = "journey j { enter on order per id\n stage s { wait for called up to 9d { exit rang } } }"
    told = tell(text, [happen("0h", "order", id="A"), happen("1d", "order", id="B"), happen("2d", "called")])
    assert told.outcomes == ["rang", "rang"]


# --- hold-out


def test_the_same_customers_are_held_out_at_every_entry(make_world: Any, happen: Any) -> None:
    world = make_world(f"journey j {{ enter on came; reenter always; hold out 30%\n {WAIT} }}")
    out = 0
    for number in range(400):
        times = tuple(happen(f"{10 * k}d", "came") for k in range(3))
        story = live(world, Customer(key=str(number), occurrences=times))
        held = {run.held_out for run in story.runs}
        assert len(held) == 1 and len(story.runs) == 3
        out += held.pop()
    assert 90 < out < 150


def test_a_hold_out_of_the_project_is_the_same_in_all_journeys(make_world: Any, happen: Any) -> None:
    world = make_world(
        f"""journey j {{ enter on came; hold out 30% of project\n {WAIT} }}
        journey k {{ enter on came; hold out 30% of project\n {WAIT} }}
        journey m {{ enter on came; hold out 30%\n {WAIT} }}"""
    )
    kinds = set()
    for number in range(100):
        story = live(world, Customer(key=str(number), occurrences=(happen("0h", "came"),)))
        j, k, m = (run.held_out for run in story.runs)
        assert j == k
        kinds.add((j, m))
    assert len(kinds) == 4, "another journey holds out others"


def test_a_held_out_entry_counts_for_reenter_but_nobody_is_inside(tell: Any, happen: Any) -> None:
    text = f"journey j {{ enter on came; reenter after 3d; hold out 100%\n {WAIT} }}"
    told = tell(text, [happen("0h", "came"), happen("1d", "came"), happen("3d", "came")])
    assert attempts(told) == [
        "0d 00:00 entry held_out",
        "1d 00:00 entry too_soon",
        "3d 00:00 entry held_out",
    ]
    assert not told.of("delivered", "exit", "unfinished")


def test_goals_and_behaviour_of_the_held_out_are_those_of_the_others(make_world: Any) -> None:
    def text(share: str) -> str:
        return f"""journey j {{ enter on came; hold out {share}; horizon 30d
          behaves {{ order 5% per day with (total = 10 EUR to 90 EUR); called 10% per day if customer.orders == 0 }}
          goal bought {{ on order within 14d; value order.total }}\n stage s {{ }} }}"""

    inside, outside = make_world(text("0%")), make_world(text("100%"))
    for number in range(100):
        customer = Customer(key=str(number))
        one, other = live(inside, customer), live(outside, customer)
        events = [(h.at, h.event, h.payload) for h in one.happenings if h.what.value == "event"]
        assert events == [(h.at, h.event, h.payload) for h in other.happenings if h.what.value == "event"]
        goals = [(h.at, h.value) for h in one.happenings if h.what.value == "goal"]
        assert goals == [(h.at, h.value) for h in other.happenings if h.what.value == "goal"]
        assert all(h.held_out for h in other.happenings if h.what.value == "goal")


# --- goals


GOALS = """journey j { enter on order; horizon 30d
  goal again { on order within 14d; value order.total }
  goal once { on order; value first order.total }
  goal greeted { on hello }
  goal left
  stage s { wait 1d; touchpoint hello { send letter { text "x" } }; wait 1d; exit left } }"""


def test_goals_count_after_the_exit_up_to_their_window_the_entry_event_not(tell: Any, happen: Any) -> None:
    times = ["0h", "5d", "14d", "14d 1s", "30d", "30d 1s"]
    told = tell(GOALS, [happen(time, "order", total=100 * (i + 1)) for i, time in enumerate(times)])
    assert told.of("goal") == [
        "1d 00:00 hello goal greeted",
        "2d 00:00 exit:left goal left",
        "5d 00:00 goal again",
        "5d 00:00 goal once",
        "14d 00:00 goal again",
    ], "exactly 14 days later is in; `once` has had its value"
    values = [h.value for h in told.story.happenings if h.what.value == "goal"]
    assert values == [None, None, 200, 200, 300]


def test_a_run_is_followed_to_its_horizon_and_no_longer_than_to_the_next_entry(tell: Any, happen: Any) -> None:
    text = """journey j { enter on came; reenter always; horizon 30d
      goal bought { on order }\n stage s { wait 2d } }"""
    told = tell(text, [happen("0h", "came"), happen("5d", "came"), happen("6d", "order"), happen("7d", "order")])
    assert [(h.entry, h.at) for h in told.story.happenings if h.what.value == "goal"] == [(2, happen("6d", "came").at)]
    late = tell(text, [happen("0h", "came"), happen("30d", "order")])
    assert late.of("goal") == ["30d 00:00 goal bought"]
    too_late = tell(text, [happen("0h", "came"), happen("30d 1s", "order")])
    assert too_late.of("goal") == []


def test_a_run_inside_at_its_horizon_is_unfinished_and_an_exit_exactly_then_is_an_exit(tell: Any) -> None:
    text = "journey j {{ enter on came; horizon 3d\n stage s {{ wait {} }} }}"
    assert tell(text.format("3d")).of("exit", "unfinished") == ["3d 00:00 exit:completed exit completed"]
    told = tell(text.format("4d"))
    assert told.of("exit", "unfinished") == ["3d 00:00 s/wait unfinished"]
    assert told.outcomes == [""]


def test_answers_come_after_the_exit_until_the_horizon(tell: Any) -> None:
    body = """touchpoint x { send letter { text "x" }; responds { opened 100% after 5d; clicked 100% after 20d } }
      exit done"""
    told = tell(f"journey j {{ enter on came; horizon 10d\n stage s {{ {body} }} }}", None)
    assert told.of("event") == ["0d 00:00 came", "5d 00:00 opened(x)"]


# --- start


def test_a_started_journey_acts_after_the_present_run_rests_and_asks_no_condition(tell: Any) -> None:
    told = tell(
        """journey uno { enter on came
          stage s { start due; touchpoint a { send letter { text "a" } }; wait 9d } }
        journey due { enter on called if customer.points > 5; reenter after 5d
          stage t { touchpoint b { send letter { text "b" } } } }"""
    )
    assert told.of("done", "entered", "delivered") == [
        "0d 00:00 entry entered",
        "0d 00:00 s/start done due",
        "0d 00:00 entry entered",
        "0d 00:00 a delivered letter",
        "0d 00:00 b delivered letter",
    ]
    assert told.why("entered")[1] == "started by uno"


def test_re_entry_and_hold_out_apply_to_a_start(tell: Any) -> None:
    text = """journey uno { enter on came\n stage s { start due; wait 1d; start due } }
      journey due { enter on called; %s\n stage t { } }"""
    assert attempts(tell(text % "reenter never"))[1:] == ["0d 00:00 entry entered", "1d 00:00 entry too_soon"]
    assert attempts(tell(text % "hold out 100%"))[1:] == ["0d 00:00 entry held_out", "1d 00:00 entry too_soon"]


def test_alone_a_start_is_only_recorded(make_world: Any, happen: Any) -> None:
    world = make_world(
        "journey uno { enter on came\n stage s { start due } }\njourney due { enter on called\n stage t { } }"
    )
    alone = msgspec.structs.replace(world, programs=world.programs[:1])
    story = live(alone, Customer(key="1", occurrences=(happen("0h", "came"),)))
    assert [h.what.value for h in story.happenings] == ["event", "entered", "done", "exit"]


# --- the calendar


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("enter each day if customer.points == 0", ["0d 09:00", "1d 09:00", "2d 09:00", "3d 09:00"]),
        ("enter each monday at 10:30 if customer.points == 0", ["0d 10:30"]),
        ("enter each feast at 08:00", ["1d 08:00", "2d 08:00"]),
        ("enter on 2027-01-06 at 12:00 if customer.points == 0", ["2d 12:00"]),
        ("enter each year on customer.birthday", ["3d 09:00"]),
    ],
)
def test_entries_by_the_calendar(tell: Any, line: str, times: list[str]) -> None:
    told = tell(
        f"journey j {{ {line}; reenter always\n stage s {{ }} }}",
        None,
        attributes={"birthday": datetime.date(1990, 1, 7)},
        days=4,
    )
    assert told.of("entered") == [f"{time} entry entered" for time in times]


def test_each_month_is_its_first_day_and_29_february_the_28th_in_other_years(tell: Any) -> None:
    monthly = tell(
        "journey j { enter each month if customer.points == 0; reenter always\n stage s { } }", None, days=60
    )
    assert monthly.of("entered") == ["28d 09:00 entry entered", "56d 09:00 entry entered"]
    yearly = tell(
        "journey j { enter each year on customer.birthday; reenter always\n stage s { } }",
        None,
        attributes={"birthday": datetime.date(2000, 2, 29)},
        days=800,
    )
    days = [datetime.datetime.fromtimestamp(run.began, datetime.UTC).date() for run in yearly.story.runs]
    assert days == [datetime.date(2027, 2, 28), datetime.date(2028, 2, 29), datetime.date(2029, 2, 28)]


def test_the_calendar_is_the_customers(tell: Any) -> None:
    told = tell(
        "journey j { enter each day at 09:00 if customer.points == 0\n stage s { } }",
        None,
        attributes={"timezone": "Asia/Tehran"},
        days=1,
    )
    assert told.of("entered") == ["0d 05:30 entry entered"]


# --- arrivals


def test_alone_every_customer_comes_once_spread_over_the_time_they_need(make_world: Any) -> None:
    world = make_world(
        "journey j { enter on order; arrive 100 per day with (total = 20 EUR)\n stage s { } }", customers=1000
    )
    times = []
    for number in range(1000):
        story = live(world, Customer(key=str(number)))
        assert [h.what.value for h in story.happenings if h.what.value != "set"] == ["event", "entered", "exit"]
        assert story.happenings[0].payload == {"id": None, "total": 200_000}
        times.append((story.happenings[0].at - world.start) / 86_400)
    assert 0 <= min(times) < 0.1 and 9.9 < max(times) < 10 and 4.7 < sum(times) / 1000 < 5.3


def test_without_arrive_all_come_at_the_start(tell: Any) -> None:
    assert tell("journey j { enter on came\n stage s { } }", None).of("event", "entered") == [
        "0d 00:00 came",
        "0d 00:00 entry entered",
    ]


def test_with_all_journeys_customers_come_to_each_at_their_share_of_its_rate(make_world: Any) -> None:
    text = "journey j {{ enter on came; reenter always; arrive {} per day\n stage s {{ }} }}\n"
    world = make_world(
        text.format(50) + "journey k { enter on order; reenter always; arrive 100 per day\n stage s { } }",
        customers=500,
        days=20,
    )
    counts = {"came": 0, "order": 0}
    for number in range(500):
        for one in live(world, Customer(key=str(number))).happenings:
            if one.event is not None and one.what.value == "event":
                counts[one.event] += 1
    assert 900 < counts["came"] < 1100 and 1850 < counts["order"] < 2150


def test_an_event_of_the_file_answers_the_latest_delivered_visit_of_its_own_run(tell: Any, happen: Any) -> None:
    text = """journey j { enter on order per id
      stage s { touchpoint x { send letter { text "x" } }
        wait for opened(x) up to 5d { exit read } otherwise { exit unread } } }"""
    told = tell(text, [happen("0h", "order", id="A"), happen("1d", "order", id="B"), happen("2d", "opened", "x")])
    assert told.outcomes == ["unread", "read"], "the latest delivery was that of B"
    never = tell(text, [happen("0h", "opened", "x"), happen("1h", "order", id="A")])
    assert never.of("event")[0] == "0d 00:00 opened", "there was nothing to answer"


def test_with_happenings_customers_come_only_where_asked_to(make_world: Any, happen: Any) -> None:
    world = make_world("journey j { enter on came\n stage s { wait for called up to 9d { exit rang } } }")
    call = (happen("2d", "called"),)
    assert live(world, Customer(key="1", occurrences=call)).runs == ()
    assert [run.outcome for run in live(world, Customer(key="1", occurrences=call, arrives=True)).runs] == ["rang"]
