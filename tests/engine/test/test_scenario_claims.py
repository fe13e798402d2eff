"""Every form of `expect`, in both spellings: one that holds and one that is broken, at its boundary if it has one."""

from __future__ import annotations

from typing import Any

import pytest

ORDER = "at +4d order_placed"
WITH = 'with (order_id = "A2", total = 10 EUR)'

HOLDS = [
    "expect path thanks, more, gift",
    "expect path thanks, ..., gift",
    "expect path ..., gift",
    "expect path thanks, ...",
    "expect path ...",
    "expect path ..., more, ...",
    "expect path thanks, ..., ..., more, gift",
    "expect exit done",
    "expect exit done by +75h",
    "expect at most 2 email",
    "expect at most 1 offer",
    "expect at most 1 coupon",
    "expect at most 1 messages per 7d",
    "expect at most 2 any messages per 7d",
    "expect at most 2 email per 3h",
    "expect at most 1 email",
    "expect at most 1 any messages per 3h",
    "expect at most 2 email per calendar day",
    "expect at most 2 email per run",
    "expect at most 3 email per customer",
    "expect at most 2 email per calendar week",
    "expect never sms",
    "expect never again",
    "expect never email unless customer.email_ok",
    "expect never more within 3h of thanks",
    "expect never club on the same day as thanks",
    "expect never email from 13:01 to 09:00",
    "expect never email from 09:00 to 10:01",
    "expect never club in stage early",
    "expect never more before opened",
    "expect never thanks before entry",
    "expect never thanks before order_placed",
    "expect after entry always thanks within 1h",
    "expect after order_placed always thanks within 1s",
    "expect after opened(thanks) always more within 1s",
    "expect after complained always club within 1h",
    "expect after order_placed where total > 100 EUR always club within 1h",
    "expect after entry always more within 3h",
    "expect always exit within 75h",
]
BROKEN = {
    "expect path thanks, gift": "after `thanks` comes `more` at +3h (2027-01-05 13:00 UTC), not `gift`",
    "expect path thanks, more": "comes `gift`",
    "expect path thanks, more, gift, club": "nothing is delivered, and `club` is wanted",
    "expect path again, ...": "comes `thanks` at +0s (2027-01-05 10:00 UTC), not `again`",
    "expect exit sorry": "no exit `sorry`: the run exits `done` at +3d 3h",
    "expect exit done by +74h": "`done` comes at +3d 3h (2027-01-08 13:00 UTC), 1h too late",
    "expect exit completed": "no exit `completed`",
    "expect at most 0 email": "more than 0 `email`: `more` at +3h",
    "expect at most 1 any messages": "more than 1 `any messages`: `thanks` at +0s (2027-01-05 10:00 UTC), `more`",
    "expect at most 0 offer": "more than 0 `offer`",
    "expect at most 1 any messages per 7d": "more than 1 `any messages` per 7d",
    "expect at most 1 any messages per 4h": "more than 1 `any messages` per 4h",
    "expect at most 1 any messages per calendar day": "more than 1 `any messages` per calendar day",
    "expect at most 1 any messages per calendar week": "more than 1 `any messages` per calendar week",
    "expect at most 1 any messages per run": "more than 1 `any messages` per run",
    "expect at most 1 any messages per customer": "more than 1 `any messages` per customer",
    "expect never email": "`more` happens at +3h",
    "expect never coupon": "`more` happens at +3h",
    "expect never offer": "`more` happens at +3h",
    "expect never email unless customer.orders == 2": "and `customer.orders == 2` is not true",
    "expect never gift unless customer.name is known": "and `customer.name is known` is not true",
    "expect never more within 4h of thanks": "are 3h apart",
    "expect never thanks within 4h of opened": "`thanks` at +0s",
    "expect never more on the same day as order_placed": "are on the same day",
    "expect never email from 13:00 to 09:00": "`more` happens at +3h (2027-01-05 13:00 UTC), from 13:00 to 09:00",
    "expect never more in stage early": "in stage `early`",
    "expect never thanks before opened": "and no `opened` before it",
    "expect after entry always more within 2h": "no `more` within 2h of `entry` at +0s",
    "expect after opened always club within 30d": "no `club` within 30d of `opened` at +3h",
    "expect always exit within 74h": "3d 3h after its entry, and 74h are allowed",
}


@pytest.mark.parametrize("yaml", [False, True], ids=["dsl", "yaml"])
def test_what_holds_passes(shop: Any, yaml: bool) -> None:
    assert shop.said(shop.base + "\n".join(HOLDS), yaml=yaml) == []


@pytest.mark.parametrize("yaml", [False, True], ids=["dsl", "yaml"])
def test_what_is_broken_fails_and_says_by_what(shop: Any, yaml: bool) -> None:
    messages = shop.said(shop.base + "\n".join(BROKEN), yaml=yaml)
    assert len(messages) == len(BROKEN)
    missed = [part for part in BROKEN.values() if not any(part in message for message in messages)]
    assert missed == []


MAIL = "`more` happens at +3h (2027-01-05 13"


def test_each_expectation_is_judged_by_itself(shop: Any) -> None:
    """Two that contradict each other: one of them fails, and says so."""
    messages = shop.said(shop.base + "expect exit done\nexpect exit sorry\nexpect never email\nexpect at most 2 email")
    assert [message.split(":")[0] for message in messages] == ["no exit `sorry`", MAIL]


def test_at_the_second(shop: Any) -> None:
    """Looking ahead, exactly D later is in; `never within D` is broken by less than D."""
    body = shop.base.replace("+3h", "+10801s")
    assert shop.said(body + "expect exit done by +270001s") == []
    assert shop.said(body + "expect exit done by +270000s")
    assert shop.said(body + "expect never more within 10801s of thanks") == []
    assert shop.said(body + "expect never more within 10802s of thanks")
    assert shop.said(body + "expect after entry always more within 10801s") == []
    assert shop.said(body + "expect after entry always more within 10800s")


def test_a_condition_is_asked_as_it_was_just_before(shop: Any) -> None:
    """`never A unless not A within D` is about the deliveries before this one."""
    assert shop.said(shop.base + "expect never thanks unless count(thanks) == 0") == []
    assert shop.said(shop.base + "expect never more unless count(thanks) == 0")


def test_runs_are_counted_one_by_one(shop: Any) -> None:
    """Two runs, a mail each: one per run, two per customer."""
    body = shop.base.replace("at +3h opened(thanks)", f"{ORDER} {WITH}") + "take test.a\n".replace("take test.a\n", "")
    assert shop.said(body + "expect at most 1 thanks per run") == []
    assert shop.said(body + "expect at most 1 thanks per customer") == []
    late = body.replace("+4d", "+6d")
    assert shop.said(late + "expect at most 1 thanks per run") == []
    assert shop.said(late + "expect at most 1 thanks per customer")
    assert shop.said(late + "expect path thanks, again, gift, thanks, again, gift, club") == []
    assert shop.said(late + "expect never thanks within 7d of thanks") == []  # in each run
