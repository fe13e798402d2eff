"""Every form of rule: proved at its boundary, refuted one second or one message further; and what is assumed."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Settings
from safar.engine.program import lower
from safar.engine.prove.rules import Systems, questions, verdict
from safar.engine.prove.verdict import Method, Outcome, Verdict

VOCABULARY = """
customer {
  email_ok: yes_no = no
  sms_ok: yes_no = no
  vip: yes_no = no
  born_vip: yes_no = no fixed
  orders: integer = 0 growing
  points: integer = 0
  goal_points: integer = 0
}
event ordered { order_id: text key; total: money; then set customer.orders = customer.orders + 1 }
event parcel
event complained
event opened
event rated { stars: integer }
event unsubscribed { then set customer.email_ok = no }
channel email { outbound; only if customer.email_ok; quiet from 22:00 to 08:00 then wait up to 1d }
channel sms { outbound; only if customer.sms_ok; at most 1 per 7d then skip }
channel letter { outbound }
channel website { inbound }
tag offer
action coupon { code: text; tag offer }
persona planner { share 50% }
persona hunter { share 50% }
"""


def proven(rule: str, body: str, head: str = "", zone: str = "UTC", more: str = "") -> Verdict:
    """The verdict on one rule of a journey of one stage."""
    journey = f"""
journey it {{
  enter on ordered if customer.orders == 1
  {head}
  rule asked {{ {rule} }}
  stage beginning {{
{body}
  }}
  stage aside {{ touchpoint sorry {{ send letter {{ text "sorry" }} }}; exit sad }}
}}
"""
    reading = read_text(VOCABULARY + more + journey, settings=Settings(timezone=zone))
    errors = [one.message for one in reading.findings if one.severity is Severity.ERROR]
    assert errors == []
    asked = list(questions([lower(reading.project, one) for one in reading.project.journeys.values()]))
    systems = Systems(asked)
    found = next(verdict(one, systems) for one in asked if one.rule.name == "asked")
    _replays(found)
    return found


def _replays(found: Verdict) -> None:
    """Every customer who is shown breaks the rule in a replay of its own."""
    example = found.counterexample
    if example is None:
        return
    program = lower(found.project, found.project.journeys[found.at])
    telling = Teller(program).tell(example.scenario)
    assert not (telling.unanswered or telling.untaken or telling.again)
    assert found.rule.claim is not None
    assert broken(found.rule.claim, telling.told) == example.broken


LETTER = 'touchpoint letter_1 { send letter { text "a" } }'
SECOND = 'touchpoint letter_2 { send letter { text "b" } }'
MAIL = 'touchpoint mail { send email { text "a" } }'
LOOP = 'repeat up to 3 times every 2d { touchpoint nudge { send letter { text "n" } } }'

PROVED = [
    (
        "never email unless customer.email_ok",
        f"{MAIL}\nwait 3d\n" + MAIL.replace("touchpoint mail", "touchpoint mail_2"),
    ),
    ("never letter_1 unless customer.born_vip", f"if customer.born_vip {{ wait 5d\n{LETTER} }}"),
    ("never letter_1 unless customer.vip", f"wait 1d\nif customer.vip {{ {LETTER} }}"),
    ("never letter_1 unless customer.orders >= 1", f"wait 9d\n{LETTER}"),
    ("never letter_1", f"if customer.vip {{ if not customer.vip {{ {LETTER} }} }}"),
    ("never letter_1 in stage aside", LETTER),
    ("never sorry in stage beginning", LETTER),
    ("never offer in stage beginning", "wait 1d"),
    ("never email from 22:00 to 08:00", f"wait 1h\n{MAIL}"),
    ("never letter from 00:00 to 09:00", f"wait until 09:00\n{LETTER}"),
    ("never letter from 00:00 to 10:00", f"wait until monday at 09:00\nwait 1h\n{LETTER}"),
    ("never letter_2 within 1d of letter_1", f"{LETTER}\nwait 1d\n{SECOND}"),
    ("never letter_2 on the same day as letter_1", f"{LETTER}\nwait 1d\n{SECOND}"),
    ("never letter_1 before parcel", f"wait for parcel up to 2d {{ {LETTER} }} otherwise {{ exit late }}"),
    ("never letter_1 before parcel", f"wait 3d\nif parcel {{ {LETTER} }}"),
    ("never letter_2 before letter_1", f"{LETTER}\n{SECOND}"),
    ("never letter_1 before ordered", LETTER),
    (
        "never letter_1 before rated where stars >= 4",
        f"wait for rated where stars >= 4 up to 1d {{ {LETTER} }} otherwise {{ exit no_answer }}",
    ),
    ("after entry always letter_1 within 2d", f"wait for parcel up to 2d\n{LETTER}"),
    ("after entry always website within 1d", "touchpoint page { at website }"),
    ("after complained always sorry within 1s", f"wait 9d\n{LETTER}", "on complained go to aside"),
    ("always exit within 6d", f"{LOOP}\nwait 2d\nexit done"),
    ("always exit within 2d", "wait for parcel up to 2d\nexit done"),
    ("at most 3 nudge per run", f"{LOOP}\nexit done"),
    ("at most 1 nudge per 2d", f"{LOOP}\nexit done"),
    ("at most 2 nudge per 3d", f"{LOOP}\nexit done"),
    ("at most 1 nudge per calendar day", f"{LOOP}\nexit done"),
    ("at most 1 sms per 7d", 'repeat up to 5 times every 1d { touchpoint text_1 { send sms { text "x" } } }'),
    ("at most 1 letter_1 per customer", LETTER, "reenter always"),
    ("at most 1 letter_1 per 30d", f"wait 1d\n{LETTER}\nexit done", "reenter after 30d"),
    ("every persona can reach done", "wait 1d\nexit done"),
    ("every persona can reach letter_1", f"wait for parcel up to 1d {{ if customer.points > 3 {{ {LETTER} }} }}"),
]


@pytest.mark.parametrize("asked", PROVED, ids=lambda asked: asked[0])
def test_proved(asked: tuple[str, ...]) -> None:
    found = proven(*asked)
    assert (found.outcome, found.reason) == (Outcome.PROVED, "")
    assert found.counterexample is None
    assert found.why


REFUTED = [
    ("never letter unless customer.email_ok", LETTER),
    ("never letter_1 unless customer.vip", f"if customer.vip {{ wait 1s\n{LETTER} }}"),
    ("never letter_1", f"wait for parcel up to 2d {{ if customer.points > 7 {{ {LETTER} }} }}"),
    ("never letter_1", f"if customer.points > customer.goal_points {{ {LETTER} }}"),
    ("never letter_1", f"wait for rated if rated.stars == 3 up to 2d {{ {LETTER} }}"),
    ("never offer in stage beginning", 'touchpoint gift { at website; do coupon(code = "A") }'),
    ("never letter_1 in stage beginning", LETTER),
    ("never letter from 00:00 to 09:00", f"wait 1h\n{LETTER}"),
    ("never letter_2 within 1d of letter_1", f"{LETTER}\nwait 86399s\n{SECOND}"),
    ("never letter_2 on the same day as letter_1", f"{LETTER}\nwait 23h\n{SECOND}"),
    ("never letter_1 within 1d of complained", LETTER),
    ("never letter_1 before parcel", f"wait for parcel up to 2d\n{LETTER}"),
    ("never letter_1 before rated where stars >= 4", f"wait for rated up to 1d {{ {LETTER} }}"),
    ("after entry always letter_1 within 2d", f"wait 2d\nwait 1s\n{LETTER}"),
    ("after entry always mail within 30d", MAIL),
    ("after complained always sorry within 1h", "wait 9d"),
    ("always exit within 6d", f"{LOOP}\nwait 2d\nwait 1s\nexit done"),
    ("always exit within 30d", f"wait 1d\n{LETTER}", "on complained go to beginning"),
    ("at most 2 nudge per run", f"{LOOP}\nexit done"),
    ("at most 1 nudge per 3d", f"{LOOP}\nexit done"),
    ("at most 1 letter per calendar day", f"{LETTER}\nwait 3h\n{SECOND}"),
    ("at most 1 letter per calendar week", f"{LETTER}\nwait 3d\n{SECOND}"),
    ("at most 0 coupon per run", "wait 9d", 'on complained do coupon(code = "A")'),
]


@pytest.mark.parametrize("asked", REFUTED, ids=lambda asked: asked[0])
def test_refuted(asked: tuple[str, ...]) -> None:
    found = proven(*asked)
    assert found.outcome is Outcome.REFUTED
    assert found.counterexample is not None


def test_a_second_run_counts() -> None:
    head = "enter on parcel\nreenter after 30d"
    assert proven("at most 1 letter_1 per 30d", f"{LETTER}\nexit done", head).outcome is Outcome.PROVED
    assert proven("at most 1 letter_1 per 31d", f"{LETTER}\nexit done", head).outcome is Outcome.REFUTED
    assert proven("at most 1 letter_1 per run", f"{LETTER}\nexit done", head).outcome is Outcome.PROVED


def test_the_day_on_which_clocks_are_set_back_has_25_hours() -> None:
    rule, body = "never letter_2 on the same day as letter_1", f"{LETTER}\nwait 1d\n{SECOND}"
    found = proven(rule, body, zone="Europe/Berlin")
    assert found.outcome is Outcome.REFUTED
    assert found.counterexample is not None and found.counterexample.scenario.start is not None
    assert str(found.counterexample.scenario.start.date) == "2027-10-31"
    assert proven(rule, body, zone="Asia/Tehran").outcome is Outcome.PROVED


def test_quiet_hours_may_keep_two_days_apart() -> None:
    mail = MAIL.replace("touchpoint mail", "touchpoint letter_2")
    body = f"{LETTER}\nwait 1d\n{mail}"
    found = proven("never letter_2 on the same day as letter_1", body, zone="Europe/Berlin")
    assert found.outcome is Outcome.PROVED


def test_a_limit_never_proves_that_a_message_comes() -> None:
    found = proven("after entry always text_1 within 1d", 'touchpoint text_1 { send sms { text "x" } }')
    assert found.outcome is Outcome.REFUTED  # by somebody without consent
    capped = "channel post { outbound; at most 1 per 7d then skip }"
    found = proven("after entry always note within 1d", 'touchpoint note { send post { text "x" } }', more=capped)
    assert (found.outcome, found.counterexample) == (Outcome.UNDECIDED, None)
    assert found.reason


def test_a_transactional_message_is_left_out_and_counted() -> None:
    body = 'touchpoint bill { send email { text "x" }; transactional }\n' + MAIL
    found = proven("never email unless customer.email_ok", body)
    assert (found.outcome, found.left_out) == (Outcome.PROVED, 1)
    assert proven("never bill unless customer.email_ok", body).outcome is Outcome.REFUTED


def test_a_persona_that_cannot_come_is_named() -> None:
    found = proven("every persona can reach done", "if persona == planner { exit lost }\nexit done")
    assert (found.outcome, found.persona, found.counterexample) == (Outcome.REFUTED, "planner", None)


def test_a_journey_that_asks_nothing() -> None:
    assert proven("never letter_1", LETTER, "").outcome is Outcome.REFUTED
    assert proven("never coupon", LETTER, "").outcome is Outcome.PROVED


def test_an_interrupt_takes_the_event_from_a_wait() -> None:
    body = f"wait for complained up to 2d {{ {LETTER} }}"
    assert proven("never letter_1", body, "on complained go to aside").outcome is Outcome.PROVED


def test_limits_alone_prove_what_all_journeys_keep() -> None:
    found = proven(
        "at most 2 sms per 14d", 'repeat up to 9 times every 1d { touchpoint text_1 { send sms { text "x" } } }'
    )
    assert (found.outcome, found.method) == (Outcome.PROVED, Method.LIMITS)


def test_an_answer_comes_only_after_a_delivery() -> None:
    body = f"if customer.vip {{ {MAIL} }}\nwait 1d\nif opened(mail) {{ {LETTER} }}"
    assert proven("never letter_1 before mail", body).outcome is Outcome.PROVED
    assert proven("never letter_1", body).outcome is Outcome.REFUTED


def test_the_horizon_ends_no_proof() -> None:
    slow = f"wait 20d\n{LETTER}"
    assert proven("every persona can reach letter_1", slow, "horizon 7d").outcome is Outcome.PROVED
    assert proven("never letter_1", slow, "horizon 7d").outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("head", ["", "reenter after 2d"])
def test_an_arm_is_the_same_at_every_visit(head: str) -> None:
    halves = "50% left { LEFT }; 50% right { RIGHT }"
    once = halves.replace("LEFT", LETTER).replace("RIGHT", SECOND)
    found = proven("never letter_1 before letter_2", f"split side {{ {once} }}", head)
    assert found.outcome is Outcome.REFUTED and found.counterexample is not None
    assert [(one.split, one.arm) for one in found.counterexample.scenario.takes] == [("side", "left")]
    again = f"repeat up to 2 times every 1d {{ split side {{ {once} }} }}"
    assert proven("never letter_2 within 30d of letter_1", again, head).outcome is Outcome.PROVED
    assert proven("at most 1 letter_1 per run", again, head).outcome is Outcome.REFUTED


def test_arms_that_are_not_met_are_left_out() -> None:
    later = "split side { 50% left { wait 1d }; 50% right { wait 2d } }"
    found = proven("never letter_1", f"{LETTER}\nif customer.vip {{ {later} }}")
    assert found.counterexample is not None
    assert found.counterexample.scenario.takes == ()


ONE_A_DAY = "channel post { outbound; at most 1 per calendar day then skip }"
TWO_A_DAY = "channel post { outbound; at most 2 per 1d then skip }"


def post(number: int) -> str:
    return f'touchpoint post_{number} {{ send post {{ text "a" }} }}'


@pytest.mark.parametrize(
    ("rule", "body", "more", "outcome"),
    [
        ("never post_2", f"{post(1)}\n{post(2)}", ONE_A_DAY, Outcome.PROVED),
        ("every persona can reach post_2", f"{post(1)}\n{post(2)}", ONE_A_DAY, Outcome.REFUTED),
        ("never post_2", f"{post(1)}\nwait 1d\n{post(2)}", ONE_A_DAY, Outcome.REFUTED),
        ("never post_2 before post_1", f"{post(1)}\n{post(2)}", TWO_A_DAY, Outcome.PROVED),
        ("never post_2", f"{post(1)}\n{post(2)}", TWO_A_DAY, Outcome.REFUTED),
        ("at most 1 post per run", f"repeat up to 3 times {{ {post(1)} }}", ONE_A_DAY, Outcome.PROVED),
        (
            "never post_1",
            f"{LETTER}\n{post(1)}",
            f"{ONE_A_DAY}\nlimit all {{ at most 1 per 7d then skip }}",
            Outcome.PROVED,
        ),
    ],
)
def test_a_limit_refuses_all_messages_of_an_instant_alike(rule: str, body: str, more: str, outcome: Outcome) -> None:
    assert proven(rule, body, more=more).outcome is outcome


def test_clocks_that_are_never_set_make_no_day_longer() -> None:
    body = f"wait until 09:00\nwait 1d\n{LETTER}"
    assert proven("after entry always letter_1 within 2d", body).outcome is Outcome.PROVED
    assert proven("after entry always letter_1 within 2d", body, zone="Europe/Berlin").outcome is not Outcome.PROVED
    assert proven("after entry always letter_1 within 49h", body, zone="Europe/Berlin").outcome is Outcome.PROVED
    own = "customer { timezone: text? = unknown fixed }"
    assert proven("after entry always letter_1 within 49h", body, more=own).outcome is not Outcome.PROVED


def test_another_way_to_the_same_step_breaks_it() -> None:
    held = "channel post { outbound; at most 1 per 1d then wait up to 12h }"
    body = f"wait for parcel up to 2d {{ {post(1)} }}\n{LETTER}"
    found = proven("after entry always post_1 within 3d", body, "on complained exit gone", more=held)
    assert found.outcome is Outcome.REFUTED


@pytest.mark.parametrize("between", ["", "wait 1s"])
def test_what_came_just_before_at_the_same_instant_counts(between: str) -> None:
    found = proven("after letter_2 always letter_1 within 1d", f"{LETTER}\n{between}\n{SECOND}\nwait 9d")
    assert found.outcome is (Outcome.REFUTED if between else Outcome.PROVED)


HELD = 'touchpoint text_1 { send post { text "x" }; tag offer }'
POST = "channel post { outbound; quiet from 22:00 to 08:00 then wait up to 1d }"


def test_what_is_done_while_a_message_is_held_may_be_done_at_night() -> None:
    """The message waits for the morning, an interrupt does not."""
    head = 'on complained do coupon(code = "A")'
    assert proven("never post from 22:00 to 08:00", HELD, head, more=POST).outcome is Outcome.PROVED
    assert proven("never coupon from 23:00 to 06:00", HELD, head, more=POST).outcome is Outcome.REFUTED
    assert proven("never text_1 on the same day as complained", HELD, more=POST).outcome is Outcome.REFUTED


def test_an_offer_made_while_another_is_held_is_one_of_its_own() -> None:
    head = 'on complained do coupon(code = "A")'
    assert proven("never offer before text_1", HELD, more=POST).outcome is Outcome.REFUTED
    assert proven("at most 1 offer per run", HELD, more=POST).outcome is Outcome.PROVED
    assert proven("at most 1 offer per run", HELD, head, more=POST).outcome is Outcome.REFUTED


@pytest.mark.parametrize("asked", ["not note", "not gift", "count(note) == 0", "count(gift) == 0"])
def test_what_a_touchpoint_does_knows_of_its_delivery(asked: str) -> None:
    """The message, then its actions in order: the condition of a rule is looked at before each."""
    body = 'touchpoint note { send letter { text "x" }; do gift; do coupon(code = "A") }'
    more = "action gift"
    assert proven(f"never coupon unless {asked}", body, more=more).outcome is Outcome.REFUTED
    assert proven("never note unless not note", body, more=more).outcome is Outcome.PROVED
    assert proven("never gift unless not coupon", body, more=more).outcome is Outcome.PROVED


def test_an_event_that_a_rule_asks_for_comes_in_a_rest_before_others_change() -> None:
    """The event is what the rule says, though the customer becomes who the way wants only after it."""
    body = f"wait 1d\nif not (customer.points > 10) {{ {LETTER} }}"
    found = proven("after rated where stars > 3 always letter_1 within 2d", body)
    assert found.outcome is Outcome.REFUTED
