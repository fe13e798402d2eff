"""May a message be sent?  Consent, limits, quiet hours and closed days; skipped, held, suppressed."""

from __future__ import annotations

from typing import Any

import pytest

from safar.engine.model import Settings


def send(channel: str, name: str = "x", more: str = "") -> str:
    return f'touchpoint {name} {{ send {channel} {{ text "hi" }}; {more} }}'


def test_without_consent_a_message_is_suppressed_and_nothing_of_it_happens(tell: Any) -> None:
    told = tell(send("email", more='do coupon(code = "A")'), attributes={"email_ok": False})
    assert told.of("suppressed", "done", "delivered") == ["0d 00:00 x suppressed consent"]
    assert told.why("suppressed") == ["email: only if customer.email_ok (customer.email_ok = no)"]


def test_an_unknown_consent_is_none(tell: Any) -> None:
    told = tell(send("email"), attributes={"email_ok": None})
    assert told.of("suppressed") == ["0d 00:00 x suppressed consent"]


def test_transactional_messages_pass_every_check_and_fill_no_limit(tell: Any) -> None:
    body = "\n".join(
        [
            send("strict", "a", "transactional"),
            send("strict", "b"),
            send("email", "c", "transactional"),
            send("strict", "d"),
        ]
    )
    told = tell(body, attributes={"email_ok": False})
    assert told.of("delivered", "suppressed") == [
        "0d 00:00 a delivered strict",
        "0d 00:00 b delivered strict",
        "0d 00:00 c delivered email",
        "0d 00:00 d suppressed limit",
    ]


def test_inbound_contacts_and_those_without_a_channel_are_delivered_at_once(tell: Any) -> None:
    told = tell('touchpoint x { at site }\ntouchpoint y { doing "Opens the parcel" }')
    assert told.of("delivered") == ["0d 00:00 x delivered site", "0d 00:00 y delivered"]


@pytest.mark.parametrize(("wait", "what"), [("7d", "delivered strict"), ("604799s", "suppressed limit")])
def test_a_delivery_exactly_seven_days_ago_no_longer_counts(tell: Any, wait: str, what: str) -> None:
    told = tell("\n".join([send("strict", "a"), f"wait {wait}", send("strict", "b")]))
    assert told.of("delivered", "suppressed")[1].endswith(f"b {what}")
    if "suppressed" in what:
        assert told.why("suppressed") == ["strict: 1 in the last 7d, at most 1"]


def test_a_limit_that_waits_holds_until_the_oldest_leaves_the_window(tell: Any) -> None:
    told = tell("\n".join([send("capped", "a"), "wait 5d", send("capped", "b")]))
    assert told.of("held", "delivered") == [
        "0d 00:00 a delivered capped",
        "5d 00:00 b held limit",
        "7d 00:00 b delivered capped",
    ]
    assert told.why("held") == ["capped: 1 in the last 7d, at most 1; until 2027-01-11 00:00 UTC"]


def test_held_exactly_as_long_as_it_may_is_delivered_and_longer_is_suppressed(tell: Any) -> None:
    exactly = tell("\n".join([send("capped", "a"), "wait 4d", send("capped", "b")]))
    assert exactly.of("delivered")[1] == "7d 00:00 b delivered capped"
    longer = tell("\n".join([send("capped", "a"), "wait 95h", send("capped", "b")]))
    assert longer.of("held", "suppressed") == ["3d 23:00 b held limit", "6d 23:00 b suppressed held"]
    assert longer.why("suppressed") == ["held since 2027-01-07 23:00 UTC; capped: 1 in the last 7d, at most 1"]


def test_a_limit_per_calendar_day_ends_at_local_midnight(tell: Any) -> None:
    body = "\n".join(["wait 10h", send("daily", "a"), send("daily", "b")])
    assert tell(body).of("delivered")[1] == "1d 00:00 b delivered daily"
    tehran = tell(body, attributes={"timezone": "Asia/Tehran"})
    assert tehran.of("delivered")[1] == "0d 20:30 b delivered daily"


def test_a_calendar_week_begins_where_the_project_says(tell: Any) -> None:
    body = "\n".join([send("weekly", "a"), send("weekly", "b")])
    assert tell(body).of("delivered")[1] == "7d 00:00 b delivered weekly", "Monday to Monday"
    saturday = tell(body, settings=Settings(week_starts="saturday"))
    assert saturday.of("delivered")[1] == "5d 00:00 b delivered weekly"


@pytest.mark.parametrize(
    ("wait", "delivered"),
    [("22h", "1d 08:00"), ("79199s", "0d 21:59:59"), ("30h", "1d 08:00"), ("32h", "1d 08:00"), ("33h", "1d 09:00")],
)
def test_quiet_hours_run_over_midnight_to_the_second(tell: Any, wait: str, delivered: str) -> None:
    assert tell(f"wait {wait}\n{send('night')}").of("delivered") == [f"{delivered} x delivered night"]


def test_quiet_hours_may_skip(tell: Any) -> None:
    told = tell(f"wait 23h\n{send('silent')}")
    assert told.of("suppressed") == ["0d 23:00 x suppressed quiet"]
    assert told.why("suppressed") == ["silent: quiet from 22:00 to 08:00, it is 23:00"]


def test_closed_days_end_with_the_last_of_them(tell: Any) -> None:
    told = tell(f"wait 30h\n{send('open_days')}")
    assert told.of("held", "delivered") == ["1d 06:00 x held closed", "3d 00:00 x delivered open_days"]


def test_after_a_hold_all_checks_are_asked_again_from_consent_on(tell: Any, happen: Any) -> None:
    channel = "channel both { outbound; only if customer.email_ok; quiet from 22:00 to 08:00 then wait up to 1d }\n"
    journey = f"journey j {{ enter on came\n stage s {{ wait 23h; {send('both')} }} }}"
    kept = [happen("0h", "came"), happen("1d 7h", None, email_ok=False)]
    assert tell(channel + journey, kept).of("held", "suppressed", "delivered") == [
        "0d 23:00 x held quiet",
        "1d 08:00 x suppressed consent",
    ]


def test_a_skipping_limit_goes_before_quiet_hours_that_wait(tell: Any) -> None:
    text = f"""channel both {{ outbound; at most 1 per 1d then skip; quiet from 22:00 to 08:00 then wait up to 1d }}
      journey j {{ enter on came\n stage s {{ wait 9h; {send("both", "a")}; wait 14h; {send("both", "b")} }} }}"""
    assert tell(text).of("suppressed", "held") == ["0d 23:00 b suppressed limit"], "though there is room at 08:00"


def test_an_interrupt_works_while_a_message_is_held(tell: Any, happen: Any) -> None:
    text = f"""journey j {{ enter on came; on order exit bought
      stage s {{ wait 23h; {send("night")} }} }}"""
    told = tell(text, [happen("0h", "came"), happen("1d 3h", "order")])
    assert told.of("held", "interrupted", "delivered", "exit") == [
        "0d 23:00 x held quiet",
        "1d 03:00 x interrupted on order",
        "1d 03:00 exit:bought exit bought",
    ]


def test_a_limit_of_the_project_counts_several_channels_after_the_channels_own(tell: Any, happen: Any) -> None:
    text = f"""limit pressure {{ channels letter, strict; at most 2 per 7d then skip }}
      journey j {{ enter on came\n stage s {{
        {send("letter", "a")}; {send("strict", "b")}; {send("strict", "c")}; {send("letter", "d")}; {send("night", "e")}
      }} }}"""
    told = tell(text, [happen("10h", "came")])
    assert told.of("delivered", "suppressed") == [
        "0d 10:00 a delivered letter",
        "0d 10:00 b delivered strict",
        "0d 10:00 c suppressed limit",
        "0d 10:00 d suppressed limit",
        "0d 10:00 e delivered night",
    ]
    assert told.why("suppressed") == ["strict: 1 in the last 7d, at most 1", "pressure: 2 in the last 7d, at most 2"]
