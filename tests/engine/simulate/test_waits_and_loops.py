"""Waits, loops, jumps: when they begin, when they end, and what they hear."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from safar.engine.model import Settings

X = 'touchpoint x { send letter { text "x" } }'


# --- waits until


@pytest.mark.parametrize(
    ("begin", "until", "goes_on"),
    [
        ("9h", "09:00", "1d 09:00"),  # strictly later than now
        ("32399s", "09:00", "0d 09:00"),
        ("0h", "monday at 09:00", "0d 09:00"),
        ("9h", "monday at 09:00", "7d 09:00"),
        ("0h", "sunday at 00:00", "6d 00:00"),
        ("0h", "feast", "1d 09:00"),
        ("33h", "feast", "1d 09:00"),  # counted from a date it may be now
        ("33h 1s", "feast", "2d 09:00"),
        ("0h", "1d after feast", "2d 09:00"),
        ("0h", "3d before customer.renewal", "4d 09:00"),
        ("0h", "3d before customer.renewal at 18:30", "4d 18:30"),
    ],
)
def test_wait_until(tell: Any, happen: Any, begin: str, until: str, goes_on: str) -> None:
    told = tell(
        f"wait until {until}\nexit done", [happen(begin, "came")], attributes={"renewal": datetime.date(2027, 1, 11)}
    )
    assert told.of("exit") == [f"{goes_on} exit:done exit done"]


def test_a_date_that_is_past_or_unknown_takes_otherwise_or_goes_on(tell: Any) -> None:
    body = "wait until 3d before customer.renewal otherwise { exit no_date }\nexit dated"
    assert tell(body).outcomes == ["no_date"]
    assert tell(body).why("woken") == ["unknown"]
    assert tell("wait until 3d before customer.renewal\nexit on").of("exit") == ["0d 00:00 exit:on exit on"]


def test_a_wait_counted_from_a_date_is_fixed_when_it_begins(tell: Any, happen: Any) -> None:
    change = happen("1d", None, renewal=datetime.date(2027, 3, 1))
    told = tell(
        "wait until 0d after customer.renewal\nexit done",
        [happen("0h", "came"), change],
        attributes={"renewal": datetime.date(2027, 1, 11)},
    )
    assert told.of("exit") == ["7d 09:00 exit:done exit done"]


def test_a_wait_counted_from_an_event(tell: Any, happen: Any) -> None:
    told = tell(
        "wait 2d\nwait until 3d after order otherwise { exit none }\nexit done",
        [happen("0h", "came"), happen("1d 5h", "order")],
    )
    assert told.of("exit") == ["4d 05:00 exit:done exit done"]
    assert tell("wait until 3d after order otherwise { exit none }").outcomes == ["none"]


def test_local_time_decides(tell: Any) -> None:
    told = tell("wait until 09:00\nexit done", attributes={"timezone": "Asia/Tehran"})
    assert told.of("exit") == ["0d 05:30 exit:done exit done"]
    unknown = tell(
        "wait until 09:00\nexit done", attributes={"timezone": "Moon/Base"}, settings=Settings(timezone="Asia/Tehran")
    )
    assert unknown.of("exit") == ["0d 05:30 exit:done exit done"], "an invalid zone is the project's"


# --- what waits hear


def test_an_answer_that_came_before_ends_the_wait_at_once(tell: Any, happen: Any) -> None:
    told = tell(
        f"{X}\nwait 2d\nwait for opened(x) up to 3d {{ exit read }} otherwise {{ exit unread }}",
        [happen("0h", "came"), happen("1d", "opened", "x")],
    )
    assert told.of("exit") == ["2d 00:00 exit:read exit read"]


def test_an_event_that_came_before_does_not(tell: Any, happen: Any) -> None:
    told = tell(
        "wait 2d\nwait for called up to 3d { exit rang } otherwise { exit silent }",
        [happen("0h", "came"), happen("1d", "called")],
    )
    assert told.outcomes == ["silent"]


def test_arriving_again_withdraws_answers_and_forgets_the_earlier_ones(tell: Any) -> None:
    body = """repeat up to 2 times every 1d {
      touchpoint x { send letter { text "x" }; responds { opened 100% after 36h } } }
      wait 9d"""
    told = tell(body, None)
    assert told.of("delivered", "event")[1:] == [
        "0d 00:00 x delivered letter",
        "1d 00:00 x delivered letter",
        "2d 12:00 opened(x)",
    ], "the first answer, due after 36 hours, was withdrawn"


def test_a_suppressed_visit_withdraws_too_and_has_no_answer_of_its_own(tell: Any, happen: Any) -> None:
    body = """touchpoint x { send strict { text "x" } }
      wait 1d
      touchpoint x as again
      if opened(x) { exit read }"""
    told = tell(body, [happen("0h", "came"), happen("5h", "opened", "x"), happen("30h", "opened", "x")])
    assert told.of("suppressed", "branch") == ["1d 00:00 again suppressed limit", "1d 00:00 s/if branch false"]


def test_a_late_answer_joins_the_history_and_counts_until_the_next_visit(tell: Any, happen: Any) -> None:
    body = f"""{X}
      wait for opened(x) up to 1d otherwise {{ wait 5d }}
      if opened(x) {{ exit read_late }}"""
    told = tell(body, [happen("0h", "came"), happen("3d", "opened", "x")])
    assert told.outcomes == ["read_late"]
    assert told.of("woken") == ["1d 00:00 s/wait_for woken time", "6d 00:00 s/wait woken time"]


def test_a_condition_is_looked_at_when_the_wait_begins_and_after_each_event_and_set(tell: Any, happen: Any) -> None:
    body = "wait for customer.points >= 3 up to 9d { exit reached } otherwise { exit short }"
    assert tell(body, attributes={"points": 3}).of("exit") == ["0d 00:00 exit:reached exit reached"]
    told = tell(body, [happen("0h", "came"), happen("1d", None, points=2), happen("2d", None, points=4)])
    assert told.of("exit") == ["2d 00:00 exit:reached exit reached"]


def test_a_set_in_one_journey_ends_a_wait_in_another_once_the_first_rests(tell: Any) -> None:
    told = tell(
        """journey uno { enter on came\n stage s { wait 1d; set customer.points = 5
            touchpoint x { send letter { text "x" } }; wait 9d } }
        journey due { enter on came\n stage s { wait for customer.points == 5 up to 9d { exit seen } } }""",
    )
    assert told.of("set", "delivered", "exit")[:3] == [
        "1d 00:00 s/set set points",
        "1d 00:00 x delivered letter",
        "1d 00:00 exit:seen exit seen",
    ]


def test_the_first_of_several_ways_in_file_order(tell: Any, happen: Any) -> None:
    body = """wait up to 3d {
      for order where total > 50 EUR { exit big }
      for order { exit small } otherwise { exit none } }"""
    assert tell(body, [happen("0h", "came"), happen("1d", "order", total=600_000)]).outcomes == ["big"]
    assert tell(body, [happen("0h", "came"), happen("1d", "order", total=500_000)]).outcomes == ["small"]
    assert tell(body, [happen("0h", "came"), happen("1d", "order")]).outcomes == ["small"], "unknown is not more"
    assert tell(body).outcomes == ["none"]


# --- loops


def test_rounds_keep_their_rhythm_and_there_is_no_pause_after_the_last(tell: Any) -> None:
    told = tell(f"repeat up to 3 times every 7d {{ {X}\n wait 2d }}\nexit done")
    assert told.of("delivered", "exit") == [
        "0d 00:00 x delivered letter",
        "7d 00:00 x delivered letter",
        "14d 00:00 x delivered letter",
        "16d 00:00 exit:done exit done",
    ]


def test_a_round_that_took_too_long_is_followed_at_once(tell: Any) -> None:
    told = tell(f"repeat up to 3 times every 2d {{ {X}\n if count(x) == 1 {{ wait 5d }} }}")
    assert told.of("delivered") == [
        "0d 00:00 x delivered letter",
        "5d 00:00 x delivered letter",
        "5d 00:00 x delivered letter",
    ]


def test_until_leaves_the_loop_in_the_middle_of_a_round(tell: Any, happen: Any) -> None:
    body = f"repeat up to 3 times every 7d until called {{ wait 1d\n {X} }}\nexit done"
    told = tell(body, [happen("0h", "came"), happen("7d 5h", "called")])
    assert told.of("delivered", "interrupted", "exit") == [
        "1d 00:00 x delivered letter",
        "7d 05:00 s/wait interrupted until called",
        "7d 05:00 exit:done exit done",
    ]


def test_until_a_condition_may_mean_no_round_at_all(tell: Any) -> None:
    body = f"repeat up to 3 times until customer.points > 2 {{ {X}\n wait 1d }}\nexit done"
    assert tell(body, attributes={"points": 3}).of("delivered", "exit") == ["0d 00:00 exit:done exit done"]


def test_until_an_event_counts_from_the_loops_beginning(tell: Any, happen: Any) -> None:
    body = f"wait 2d\nrepeat up to 2 times every 1d until called {{ {X} }}\nexit done"
    told = tell(body, [happen("0h", "came"), happen("1d", "called")])
    assert len(told.of("delivered")) == 2, "the call came before"


def test_the_outer_loop_hears_before_the_inner(tell: Any, happen: Any) -> None:
    body = f"""repeat up to 2 times every 9d until called {{
        repeat up to 2 times every 1d until called {{ wait 5h }}
        {X} }}
      exit done"""
    told = tell(body, [happen("0h", "came"), happen("1h", "called")])
    assert told.of("delivered", "exit") == ["0d 01:00 exit:done exit done"]


def test_leaving_a_loop_forgets_its_count(tell: Any, happen: Any) -> None:
    text = f"""journey j {{ enter on came; on called go to s
      stage s {{ repeat up to 2 times every 2d {{ {X} }}; exit done }} }}"""
    told = tell(text, [happen("0h", "came"), happen("1d", "called")])
    assert told.of("delivered", "exit") == [
        "0d 00:00 x delivered letter",
        "1d 00:00 x delivered letter",
        "3d 00:00 x delivered letter",
        "3d 00:00 exit:done exit done",
    ]


def test_a_loop_that_comes_back_to_itself_begins_anew(tell: Any, happen: Any) -> None:
    body = f"""repeat up to 1 times as again {{ {X}\n wait 1d }}
      if count(x) < 3 {{ go to again }}
      exit done"""
    assert len(tell(body).of("delivered")) == 3


# --- jumps


def test_a_jump_into_an_if_goes_on_behind_it(tell: Any) -> None:
    body = f"""wait 1d
      if customer.points == 1 {{ exit none }} otherwise {{ wait 1d as inner }}
      {X}
      if count(x) < 2 {{ go to inner }}
      exit done"""
    assert tell(body).of("delivered", "exit") == [
        "2d 00:00 x delivered letter",
        "3d 00:00 x delivered letter",
        "3d 00:00 exit:done exit done",
    ]


def test_stages_follow_one_another_and_the_last_completes(tell: Any) -> None:
    told = tell("journey j { enter on came\n stage a { wait 1d }\n stage b { wait 1d }\n stage c { } }")
    assert told.of("exit") == ["2d 00:00 exit:completed exit completed"]
    assert [(p.start, p.end, p.label) for p in told.story.runs[0].passages] == [
        ("entry", "a/wait", ""),
        ("a/wait", "b/wait", "1d"),
        ("b/wait", "exit:completed", "1d"),
    ]


def test_the_stage_is_that_of_the_place(tell: Any) -> None:
    told = tell("journey j { enter on came\n stage a { if stage == a { exit right } }\n stage b { } }")
    assert told.outcomes == ["right"]


def test_names_in_any_script_and_in_either_of_two_spellings(tell: Any, happen: Any) -> None:
    told = tell(
        """event بازدید
        journey سفر { enter on بازدید
          stage آشنایی { touchpoint یادآوری { send letter { text "سلام" } }
            wait for opened(یادآوری) up to 2d { exit خوانده } otherwise { exit نخوانده } } }""",
        [happen("0h", "بازديد"), happen("1d", "opened", "يادآوري")],
    )
    assert told.outcomes == ["خوانده"]
    assert told.of("event") == ["0d 00:00 بازدید", "1d 00:00 opened(یادآوری)"]
