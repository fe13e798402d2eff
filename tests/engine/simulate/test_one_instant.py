"""What happens at one instant, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from safar.engine.simulate import life
from safar.engine.simulate.plain import LimitExceededError

CAME = "0d 00:00 came"


def test_an_answer_at_once_comes_after_the_steps_of_that_instant(tell: Any) -> None:
    told = tell('touchpoint x { send letter { text "x" }; responds { opened 100% } }\nif opened(x) { exit read }', None)
    assert told.of("delivered", "branch", "exit") == [
        "0d 00:00 x delivered letter",
        "0d 00:00 s/if branch false",
        "0d 00:00 exit:completed exit completed",
    ]
    assert told.lines[-1] == "0d 00:00 opened(x)", "it comes, but after the run has passed its steps"


def test_nested_answers_at_once_come_outer_before_inner_line_by_line(tell: Any) -> None:
    told = tell(
        'touchpoint x { send letter { text "x" }; responds { opened 100% { clicked 100% }; called 100% } }\nwait 1d',
        None,
    )
    assert told.of("event") == ["0d 00:00 came", "0d 00:00 opened(x)", "0d 00:00 clicked(x)", "0d 00:00 called(x)"]


def test_an_event_beats_the_time_out_at_the_same_instant(tell: Any, happen: Any) -> None:
    body = "wait for called up to 2d { exit heard } otherwise { exit silent }"
    assert tell(body, [happen("0h", "came"), happen("2d", "called")]).outcomes == ["heard"]
    assert tell(body, [happen("0h", "came"), happen("2d 1s", "called")]).outcomes == ["silent"]


def test_an_interrupt_beats_the_end_of_a_wait(tell: Any, happen: Any) -> None:
    told = tell(
        "journey j { enter on came; on order exit bought\n stage s { wait 2d; exit late } }",
        [happen("0h", "came"), happen("2d", "order")],
    )
    assert told.outcomes == ["bought"]
    assert told.of("interrupted") == ["2d 00:00 s/wait interrupted on order"]


def test_the_event_that_begins_a_run_neither_interrupts_nor_ends_its_wait(tell: Any, happen: Any) -> None:
    told = tell(
        "journey j { enter on came; on came exit again\n stage s { wait for came up to 1d { exit heard } } }",
        [happen("0h", "came"), happen("5h", "came")],
    )
    assert told.of("interrupted", "too_soon") == ["0d 05:00 s/wait_for interrupted on came", "0d 05:00 entry too_soon"]
    assert told.outcomes == ["again"]


def test_an_event_is_obeyed_once_and_the_next_wait_hears_only_later_ones(tell: Any, happen: Any) -> None:
    text = """journey j { enter on came; on order go to after
      stage s { wait 9d }
      stage after { wait for order up to 3d { exit second } otherwise { exit first_only } } }"""
    once = tell(text, [happen("0h", "came"), happen("1d", "order")])
    assert once.outcomes == ["first_only"]
    twice = tell(text, [happen("0h", "came"), happen("1d", "order"), happen("2d", "order")])
    assert twice.outcomes == ["first_only"], "the interrupt of the journey takes the second order too"
    assert len(twice.of("interrupted")) == 2


def test_interrupts_without_a_jump_act_first_and_leave_the_event_to_the_rest(tell: Any, happen: Any) -> None:
    told = tell(
        """journey j { enter on came
        on order do coupon(code = "A")
        stage s { on order task crm "call"; on called exit lost
          wait for order up to 3d { exit bought } } }""",
        [happen("0h", "came"), happen("1d", "order")],
    )
    assert told.of("done", "woken", "exit") == [
        "1d 00:00 j/on order done coupon",
        "1d 00:00 s/on order done crm",
        "1d 00:00 s/wait_for woken order",
        "1d 00:00 exit:bought exit bought",
    ]


def test_a_stage_interrupt_goes_before_the_journeys(tell: Any, happen: Any) -> None:
    told = tell(
        "journey j { enter on came; on order exit outer\n stage s { on order exit inner; wait 3d } }",
        [happen("0h", "came"), happen("1d", "order")],
    )
    assert told.outcomes == ["inner"]


def test_then_set_acts_before_the_runs_hear_the_event(tell: Any, happen: Any) -> None:
    told = tell(
        """journey j { enter on came; on order if customer.orders == 2 exit second
        stage s { wait 9d } }""",
        [happen("0h", "came"), happen("1d", "order"), happen("2d", "order")],
    )
    assert told.of("set", "exit") == [
        "1d 00:00 set orders",
        "2d 00:00 set orders",
        "2d 00:00 exit:second exit second",
    ]


def test_entries_come_last_so_one_event_may_end_a_run_and_begin_the_next(tell: Any, happen: Any) -> None:
    told = tell(
        "journey j { enter on order; reenter always; on order exit again\n stage s { wait 9d } }",
        [happen("0h", "order"), happen("1d", "order")],
    )
    assert told.of("entered", "exit") == [
        "0d 00:00 entry entered",
        "1d 00:00 exit:again exit again",
        "1d 00:00 entry entered",
        "10d 00:00 exit:completed exit completed",
    ]


def test_file_order_rules_at_one_instant(tell: Any, happen: Any) -> None:
    body = "wait up to 2d { for called { exit phone }; for order { exit shop } }"
    both = [happen("1d", "order"), happen("1d", "called")]
    assert tell(body, [happen("0h", "came"), *both]).outcomes == ["shop"]
    assert tell(body, [happen("0h", "came"), *both[::-1]]).outcomes == ["phone"]


def test_the_run_with_the_higher_priority_ahead_goes_first(tell: Any, happen: Any) -> None:
    def journeys(priority: str) -> str:
        return f"""
        journey uno {{ enter on came
          stage s {{ wait 1d; touchpoint a {{ send strict {{ text "a" }} }} }} }}
        journey due {{ enter on came
          stage s {{ wait 1d; touchpoint b {{ send strict {{ text "b" }}; priority {priority} }} }} }}"""

    usual = tell(journeys("normal"), [happen("0h", "came")])
    assert usual.of("delivered", "suppressed") == ["1d 00:00 a delivered strict", "1d 00:00 b suppressed limit"]
    high = tell(journeys("high"), [happen("0h", "came")])
    assert high.of("delivered", "suppressed") == ["1d 00:00 b delivered strict", "1d 00:00 a suppressed limit"]


def test_priority_looks_through_steps_that_take_no_time(tell: Any, happen: Any) -> None:
    told = tell(
        """journey uno { enter on came
          stage s { wait 1d; touchpoint a { send strict { text "a" }; priority high } } }
        journey due { enter on came
          stage s { wait 1d; set customer.points = 1; if customer.points == 9 { exit x }
            touchpoint b { send strict { text "b" }; priority high } } }
        journey three { enter on came
          stage s { wait 1d; touchpoint c { send strict { text "c" }; priority low } } }""",
        [happen("0h", "came")],
    )
    assert told.of("delivered", "suppressed") == [
        "1d 00:00 a delivered strict",
        "1d 00:00 b suppressed limit",
        "1d 00:00 c suppressed limit",
    ]


def test_steps_without_end_at_one_instant_stop_with_the_limit(tell: Any) -> None:
    with pytest.raises(LimitExceededError, match="10000 steps at one instant"):
        tell("set customer.points = 1 as here; go to here")


def test_cycles_over_answers_at_one_instant_stop_too(tell: Any) -> None:
    body = """touchpoint x { send letter { text "x" }; responds { opened 100% } }
      wait for opened(x) up to 1d { go to x }"""
    with pytest.raises(LimitExceededError):
        tell(body, None)


def test_an_action_that_follows_from_itself_stops_with_the_limit(tell: Any, happen: Any) -> None:
    text = """journey j { enter on came; on coupon do coupon(code = "A")
      stage s { do coupon(code = "B"); wait 1d } }"""
    with pytest.raises(LimitExceededError, match="10000 deliveries and actions follow"):
        tell(text, [happen("0h", "came")])


def test_behaviour_faster_than_any_customer_stops_with_the_limit(tell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "MOST_DUE", 5_000)
    text = "journey j { enter on came; behaves { called 9000000000% per day if customer.points == 1 }\n stage s { } }"
    with pytest.raises(LimitExceededError, match="5000 things"):
        tell(text, None)


def test_a_delivery_is_heard_by_other_journeys_once_the_run_rests(tell: Any) -> None:
    told = tell(
        """touchpoint hello { send letter { text "Hello" } }
        journey uno { enter on came\n stage s { wait 1d; touchpoint hello; set customer.points = 1; wait 9d } }
        journey due { enter on came; on coupon exit done
          goal greeted { on hello }
          stage t { wait for hello up to 9d { wait 1d; exit greeted } } }"""
    )
    assert told.of("delivered", "goal", "set", "woken", "exit")[:5] == [
        "1d 00:00 s/wait woken time",
        "1d 00:00 hello delivered letter",
        "1d 00:00 t/wait_for goal greeted",
        "1d 00:00 s/set set points",
        "1d 00:00 t/wait_for woken hello",
    ]


def test_a_runs_own_delivery_ends_none_of_its_later_waits(tell: Any) -> None:
    body = 'touchpoint x { send letter { text "x" } }\nwait for x up to 1d { exit met } otherwise { exit late }'
    assert tell(body).outcomes == ["late"]
