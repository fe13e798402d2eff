"""The script of a scenario: who the customer is, what he does, which arms he takes, and where it does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from safar.engine.simulate.life import LimitExceededError
from safar.engine.test.results import Verdict

START = 'start 2027-01-05 at 10:00 on order_placed with (order_id = "A1", total = 80 EUR)\n'


def test_the_customer_is_as_told(shop: Any) -> None:
    body = f'customer {{ persona = planner; email_ok = no; orders = 4; name = "Sara" }}\n{START}take test.b\n'
    tested = shop.run(body + "expect exit done")
    assert tested.verdict is Verdict.PASSED
    assert tested.story is not None
    assert tested.story.persona == "planner"
    assert tested.story.attributes["orders"] == 5
    assert tested.story.attributes["name"] == "Sara"


@pytest.mark.parametrize("arm", ["a", "b"])
def test_the_arm_is_the_one_taken(shop: Any, arm: str) -> None:
    messages = shop.said(f"{START}take test.{arm}\nexpect path thanks, again, gift")
    assert bool(messages) == (arm == "b")


def test_a_split_without_take_fails_alone(shop: Any) -> None:
    [failure] = shop.run(START + "expect path thanks, again, gift, club\nexpect exit sorry").failures
    assert failure.message == "the customer comes to the split `test`, and the scenario does not say which arm is taken"
    assert failure.help == "add `take test.a`"


def test_an_arm_that_is_never_come_to_is_no_mistake(shop: Any) -> None:
    assert shop.said(START + "take test.a\nat +1h complained\nexpect exit sorry by +1h") == []


def test_an_answer_needs_its_delivery(shop: Any) -> None:
    late = START + "take test.a\nat +1h opened(more)\nexpect exit done"
    [failure] = shop.run(late).failures
    assert failure.message.startswith("`opened` answers `more`, which is not there to be answered at +1h")
    assert failure.notes[0].startswith(
        "the way to `more` was left at `answer`, at +2d (2027-01-07 10:00 UTC): the time is up"
    )
    early = START + "take test.a\nat +1h opened(again)\nexpect exit done"
    [failure] = shop.run(early).failures
    assert failure.notes == ("`again` is delivered at +2d (2027-01-07 10:00 UTC)",)


def test_reasons_for_a_message_that_was_not_sent(shop: Any) -> None:
    body = shop.base.replace("take", "at +1h set customer.email_ok = no\ntake") + "expect path thanks, more, gift"
    failure = shop.run(body).failures[0]
    wanted = "because of its consent: email: only if customer.email_ok (customer.email_ok = no)"
    assert failure.notes == (f"`more` was not sent at +3h (2027-01-05 13:00 UTC), {wanted}",)
    tested = shop.run(body)
    assert tested.story is not None
    assert {one.what.value for one in tested.story.happenings if one.n in failure.about} == {"suppressed", "delivered"}


def test_reasons_for_a_branch(shop: Any) -> None:
    failure = shop.run(shop.base + "expect path thanks, more, gift, club").failures[0]
    [note] = failure.notes
    assert note.endswith(
        "was left at `often`, at +3d 3h (2027-01-08 13:00 UTC): no, customer.orders >= 2 (customer.orders = 1)"
    )


def test_reasons_for_an_interrupt_and_an_exit(shop: Any) -> None:
    [failure] = shop.run(shop.base + "at +1d complained\nexpect exit done").failures
    assert failure.message == "no exit `done`: the run exits `sorry` at +1d (2027-01-06 10:00 UTC)"
    [note] = failure.notes
    assert note.endswith("was left at `late/wait`, at +1d (2027-01-06 10:00 UTC): `on complained`")


def test_nobody_enters(shop: Any) -> None:
    body = f"customer {{ value = 1000 EUR }}\n{START}take test.a\nexpect exit done"
    [failure] = shop.run(body).failures
    assert failure.message == "the customer never enters `care`"
    assert "customer.value < 1000 EUR (customer.value = 1000.00 EUR)" in failure.notes[0]
    [failure] = shop.run("start 2027-01-05\ntake test.a\nexpect exit done").failures
    assert failure.message == "the customer never enters `care`"
    assert "on EVENT" in failure.help


def test_nothing_expected_is_nothing_tested(shop: Any) -> None:
    [failure] = shop.run(START + "take test.a").failures
    assert failure.message == "the scenario expects nothing, so that it tests nothing"


def test_changes_are_made_when_told(shop: Any) -> None:
    body = START + "take test.b\nat +1d set customer.orders = customer.orders + 1\nexpect path thanks, again, club"
    assert shop.said(body) == []
    assert shop.said(body.replace("+1d", "+6d"))


def test_values_of_events_may_be_expressions(shop: Any) -> None:
    journey = shop.journey.replace("customer.orders >= 2", "last(order_placed).total == 160 EUR")
    body = START.replace("80 EUR", "customer.value * 2") + "take test.b\nexpect path thanks, again, club"
    assert shop.said("customer { value = 80 EUR }\n" + body, journey) == []


def test_an_event_with_a_key_seen_before_is_set_aside(shop: Any) -> None:
    body = START + 'take test.b\nat +1d order_placed with (order_id = "A1", total = 80 EUR)\n'
    failure = shop.run(body + "expect path thanks, again, club").failures[0]
    assert "`order_placed` has a key seen before, and is set aside" in failure.notes
    assert (
        shop.said(
            body.replace('+1d order_placed with (order_id = "A1"', '+1d order_placed with (order_id = "A2"')
            + "expect path thanks, again, club"
        )
        == []
    )


def test_nobody_is_held_out_and_nothing_is_drawn(shop: Any) -> None:
    held = shop.journey.replace("reenter always", "hold out 100%\n  behaves { complained 900% per day }").replace(
        "transactional }", "transactional; responds { complained 100% after 1h } }", 1
    )
    assert shop.said(shop.base + "expect exit done", held) == []


def test_quiet_hours_and_the_clock_change(shop: Any) -> None:
    """In Berlin the night of 28 March 2027 has no 02:30; a held mail goes at 08:00 of that clock, after 9 hours."""
    journey = shop.journey.replace("; transactional", "")
    body = START.replace("2027-01-05 at 10:00", "2027-03-27 at 22:00") + "take test.b\n"
    for hours, works in ((9, True), (8, False)):
        messages = shop.said(f"{body}expect after entry always thanks within {hours}h", journey, zone="Europe/Berlin")
        assert (messages == []) == works
    far = 'customer { timezone = "Asia/Tehran" }\n' + body
    assert shop.said(far + "expect after entry always thanks within 10h", journey, zone="Europe/Berlin") == []
    assert shop.said(far + "expect after entry always thanks within 9h", journey, zone="Europe/Berlin")


DAILY = """
journey daily {
  enter each day at 09:00 if customer.orders > 0
  reenter always
  stage only { touchpoint digest { send sms { text "Today" } } }
}
"""


def test_the_calendar_counts_until_the_customer_is_in_and_as_long_as_the_script(shop: Any) -> None:
    body = "customer { orders = 1 }\nstart 2027-01-05\n"
    assert shop.said(body + "expect path digest", DAILY, of="daily") == []
    assert shop.said(body + "at +2d opened\nexpect path digest, digest, digest", DAILY, of="daily") == []
    assert shop.said(body + "at +47h opened\nexpect path digest, digest", DAILY, of="daily") == []
    later = 'start 2027-01-05\nat +30d order_placed with (order_id = "A1")\nexpect path digest'
    assert shop.said(later, DAILY, of="daily") == []


def test_a_journey_without_end_stops(shop: Any) -> None:
    endless = (
        shop.vocabulary + "journey care { enter on order_placed\nstage s { touchpoint x { at website }; go to s } }\n"
    )
    from safar.dsl.read import read_text
    from safar.engine.claims.telling import Teller
    from safar.engine.program import lower
    from safar.engine.test.scenarios import run_scenario

    project = read_text(f'{endless}scenario "it" for care {{\n{START}expect exit completed }}').project
    with pytest.raises(LimitExceededError):
        run_scenario(Teller(lower(project, project.journeys["care"])), project.scenarios[0])


def test_persian(shop: Any) -> None:
    persian = """
    event خرید { مبلغ: money }
    journey سفر { enter on خرید
      stage آغاز { touchpoint سلام { at website }
        wait for opened(سلام) up to 2d as پاسخ { exit خوب } otherwise { exit بد } } }
    """
    body = "start 2027-01-05 on خرید with (مبلغ = 5 EUR)\nat +۳h opened(سلام)\nexpect path سلام\nexpect exit خوب by +۳h"
    assert shop.said(body, persian, of="سفر") == []
    [failure] = shop.run(body.replace("exit خوب", "exit بد"), persian, of="سفر").failures
    assert "no exit `بد`: the run exits `خوب` at +3h" in failure.message
    assert "پاسخ" in failure.notes[0]


def test_the_same_scenario_always_gives_the_same(shop: Any) -> None:
    first, second = shop.run(shop.base + "expect exit sorry"), shop.run(shop.base + "expect exit sorry")
    assert first.story == second.story
    assert first.failures == second.failures
