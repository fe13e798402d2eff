"""Edits of the example journeys, and what must be told of each."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from safar.dsl.convert import convert_text
from safar.engine.diff.change import Notice
from safar.engine.diff.diff import diff
from tests.engine.diff.two_versions import VOCABULARY, Edit, between, check_shown, project, text_of, versions

CART = "abandoned_cart"


class Case(NamedTuple):
    """`weakened`, `strengthened`, `changed`: words that stand in a change of that effect; none means no such change.
    `lost`: rules that were proved and are not now."""

    edits: tuple[Edit, ...]
    notice: Notice | None
    weakened: tuple[str, ...] = ()
    strengthened: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


DIFFERS, SAME, CHANCES, NOT_FOUND = Notice.DIFFERS, Notice.SAME, Notice.CHANCES, Notice.NOT_FOUND

CASES = {
    "a cap is raised": Case(
        (("at most 3 per 7d then skip", "at most 5 per 7d then skip"),),
        NOT_FOUND,
        weakened=("channel email: `at most 3 per 7d` is now `at most 5 per 7d`",),
    ),
    "a cap is lowered": Case(
        (("at most 3 per 7d then skip", "at most 1 per 7d then skip"),),
        DIFFERS,
        strengthened=("channel email: `at most 3 per 7d` is now `at most 1 per 7d`",),
    ),
    "a cap counts fewer days": Case(
        (("at most 3 per 7d then skip", "at most 3 per 3d then skip"),),
        NOT_FOUND,
        weakened=("`at most 3 per 7d` is now `at most 3 per 3d`",),
    ),
    "a cap is taken out where another one says less": Case(
        (("  at most 2 per 7d then skip\n  quiet from 21", "  quiet from 21"),),
        NOT_FOUND,
        weakened=("channel sms: `at most 2 per 7d` is gone",),
    ),
    "a cap holds instead of dropping": Case(
        (("at most 1 per calendar day then skip", "at most 1 per calendar day then wait up to 1d"),),
        NOT_FOUND,
        changed=("what `at most 1 per calendar day` refuses: `then skip` is now `then wait up to 1d`",),
    ),
    "a limit is taken out": Case(
        (("limit pressure { channels email, sms, push; at most 4 per 7d then skip }", ""),),
        NOT_FOUND,
        weakened=("limit pressure: `at most 4 per 7d` is gone",),
    ),
    "a limit counts fewer channels": Case(
        (("channels email, sms, push", "channels email, sms"),),
        NOT_FOUND,
        weakened=("limit pressure: `at most 4 per 7d` no longer counts push",),
    ),
    "a consent is dropped": Case(
        (("  only if customer.sms_ok\n", ""),),
        DIFFERS,
        weakened=("channel sms: `only if customer.sms_ok` is gone",),
        lost=("sms_consent",),
    ),
    "a consent is loosened": Case(
        (("only if customer.sms_ok", "only if customer.sms_ok or customer.member"),),
        DIFFERS,
        weakened=("it also lets through customers with customer.sms_ok = no, customer.member = yes",),
        lost=("sms_consent",),
    ),
    "a consent is tightened": Case(
        (("only if customer.sms_ok", "only if customer.sms_ok and customer.member"),),
        DIFFERS,
        strengthened=("it no longer lets through customers with",),
    ),
    "a consent is said in other words": Case(
        (("only if customer.sms_ok", "only if not (customer.sms_ok == no)"),), SAME
    ),
    "a consent is given from the beginning": Case(
        (("sms_ok: yes_no = no", "sms_ok: yes_no = yes"),),
        DIFFERS,
        weakened=("who never said anything about `sms_ok` passes",),
        changed=("attribute sms_ok: default: no -> yes",),
    ),
    "quiet hours are shortened": Case(
        (("quiet from 22:00 to 08:00", "quiet from 23:00 to 07:30"),),
        DIFFERS,
        weakened=("channel email: no longer quiet from 07:30 to 08:00 and from 22:00 to 23:00", "channel push"),
    ),
    "quiet hours are gone": Case(
        (("  quiet from 21:00 to 09:00 then wait up to 1d\n", ""),),
        DIFFERS,
        weakened=("channel sms: no longer quiet from 21:00 to 09:00",),
        lost=("night",),
    ),
    "a touchpoint becomes transactional": Case(
        (
            (
                'send sms { text "Your cart is waiting, {customer.first_name or else "friend"}." }',
                'send sms { text "Your cart is waiting, {customer.first_name or else "friend"}." }\n transactional',
            ),
        ),
        DIFFERS,
        weakened=("touchpoint reminder_sms is transactional now",),
    ),
    "the entry takes in more": Case(
        (("if customer.cart_value > 20 EUR", "if customer.cart_value > 10 EUR"),),
        DIFFERS,
        weakened=("it also lets through customers with customer.cart_value = ",),
    ),
    "the entry takes in one cent more": Case(
        (("if customer.cart_value > 20 EUR", "if customer.cart_value >= 20 EUR"),),
        DIFFERS,
        weakened=("customers with customer.cart_value = 20.00 EUR",),
    ),
    "customers come again sooner": Case(
        (("reenter after 30d", "reenter after 20d"),),
        DIFFERS,
        weakened=("`reenter after 30d` is now `reenter after 20d`",),
    ),
    "fewer are held out": Case(
        (("hold out 10%", "hold out 5%"),), CHANCES, weakened=("`hold out 10%` is now `hold out 5%`",)
    ),
    "the horizon is longer": Case(
        (("horizon 30d", "horizon 60d"),), NOT_FOUND, weakened=("`horizon 30d` is now `horizon 60d`",)
    ),
    "a way out is gone": Case(
        (("  on order_placed exit won\n", "  on support_called exit won\n"),),
        DIFFERS,
        weakened=("`on order_placed exit won` is gone",),
        strengthened=("`on support_called exit won` is new",),
    ),
    "a way out is for some only": Case(
        (("on order_placed exit won", "on order_placed if customer.member exit won"),),
        DIFFERS,
        weakened=("`on order_placed exit won` is now `on order_placed if customer.member exit won`",),
    ),
    "a rule is taken out": Case(
        (("  rule ends { always exit within 15d }\n", ""),), SAME, weakened=("rule `ends` is gone",)
    ),
    "a rule says less": Case(
        (("always exit within 15d", "always exit within 25d"),),
        SAME,
        weakened=("rule ends: `always exit within 15d` is now `always exit within 25d`",),
    ),
    "a rule says more than holds": Case(
        (("always exit within 15d", "always exit within 5d"),),
        SAME,
        strengthened=("`always exit within 15d` is now `always exit within 5d`",),
        lost=("ends",),
    ),
    "a wait is longer": Case((("    wait 2d\n", "    wait 4d\n"),), DIFFERS, changed=("`wait 2d` is now `wait 4d`",)),
    "a wait is so long that a rule breaks": Case(
        (("    wait 2d\n", "    wait 20d\n"),), DIFFERS, changed=("`wait 2d` is now `wait 20d`",), lost=("ends",)
    ),
    "arms are swapped": Case(
        (
            ("50% control { }", "50% coupon { }"),
            ("50% coupon {\n", "50% control {\n"),
            ("take coupon_test.coupon", "take coupon_test.control"),
        ),
        DIFFERS,
        changed=("`touchpoint coupon_mail` stands elsewhere", "some customers take another arm"),
    ),
    "shares are others": Case(
        (("50% coupon", "70% coupon"), ("50% control", "30% control")),
        CHANCES,
        changed=("`split coupon_test (50% coupon, 50% control)` is now `split coupon_test (70% coupon, 30% control)`",),
    ),
    "a condition is loosened": Case(
        (("if customer.cart_value >= 60 EUR as", "if customer.cart_value >= 40 EUR as"),),
        DIFFERS,
        weakened=("`touchpoint coupon_mail` was only for customers with `customer.cart_value >= 60 EUR`",),
        changed=("`if customer.cart_value >= 60 EUR` is now `if customer.cart_value >= 40 EUR`",),
    ),
    "a condition is said in other words": Case(
        (("if customer.cart_value >= 60 EUR as", "if not customer.cart_value < 60 EUR as"),),
        SAME,
        changed=("`if customer.cart_value >= 60 EUR` is now `if not customer.cart_value < 60 EUR`",),
    ),
    "a step has another name": Case(
        (("reminder_sms", "reminder_text"),),
        SAME,
        changed=("`reminder_sms` is called `reminder_text` now",),
    ),
    "a step that others speak of has another name": Case(
        (
            ('touchpoint reminder "', 'touchpoint nudge "'),
            ("opened(reminder)", "opened(nudge)"),
            ("path reminder,", "path nudge,"),
        ),
        SAME,
        changed=("`reminder` is called `nudge` now",),
    ),
    "a text is another": Case(
        (("10% on your cart", "12% on your cart"),),
        SAME,
        changed=('touchpoint coupon_mail: subject: "10% on your cart" -> "12% on your cart"',),
    ),
    "a title is another": Case(
        (('"Ten percent for you"', '"Ten percent"'),), SAME, changed=('title: "Ten percent for you" -> "Ten percent"',)
    ),
    "a feeling is another": Case(
        (("feeling +2", "feeling +3"),), SAME, changed=("coupon_mail: lines of the map changed",)
    ),
    "an assumption is another": Case(
        (("order_placed 18% after", "order_placed 28% after"),), SAME, changed=("assumed answers changed",)
    ),
    "a step is taken out": Case(
        (("    wait for order_placed up to 3d\n", ""),),
        DIFFERS,
        changed=("`wait for order_placed, up to 3d` in stage `deciding` is gone",),
    ),
    "steps stand in another order": Case(
        (("          set customer.coupon = yes\n", ""), ("            do issue_coupon", "            do issue_coupon")),
        DIFFERS,
        changed=("`set customer.coupon = yes` in `split coupon_test (50% coupon, 50% control)`, `coupon`, is gone",),
    ),
    "an action has another argument": Case(
        (("discount = 10%", "discount = 12%"),), DIFFERS, changed=("coupon_mail: actions changed",)
    ),
    "another event is waited for": Case(
        (("wait for opened(reminder)", "wait for clicked(reminder)"),),
        DIFFERS,
        changed=("`wait for opened(reminder), up to 2d` is now `wait for clicked(reminder), up to 2d`",),
    ),
    "a goal counts fewer days": Case(
        (("on order_placed within 14d", "on order_placed within 10d"),),
        DIFFERS,
        changed=("goal won: window: 14d -> 10d",),
    ),
    "an event sets something else": Case(
        (("then set customer.cart_value = total", "then set customer.cart_value = total * 2"),),
        DIFFERS,
        changed=("event cart_updated: what it sets changed",),
    ),
    "layout and comments": Case((("\n  stage deciding", "\n\n\n  # here they decide\n  stage   deciding"),), None),
}


@pytest.mark.parametrize("name", CASES)
def test_an_edit_is_told(name: str) -> None:
    case = CASES[name]
    found = between(CART, *case.edits)
    for words, changes in (
        (case.weakened, found.weakened),
        (case.strengthened, found.strengthened),
        (case.changed, found.others),
    ):
        told = [one.message for one in changes]
        missing = [one for one in words if not any(one in message for message in told)]
        assert not missing, (missing, told)
        assert bool(words) == bool(told), told
        assert len(told) <= len(words) + (1 if len(words) > 1 else 0), told
    assert tuple(one.name for one in found.lost) == case.lost
    assert [one.notice for one in found.experiences] == ([] if case.notice is None else [case.notice])
    check_shown(*versions(CART, *case.edits), found)


def test_personas_in_another_order_and_the_other_spelling_say_the_same() -> None:
    hunter = VOCABULARY[
        VOCABULARY.index("persona hunter") : VOCABULARY.index("}", VOCABULARY.index("persona hunter")) + 1
    ]
    moved = VOCABULARY.replace(hunter, "").replace("persona planner", f"{hunter}\n\npersona planner", 1)
    other = convert_text(text_of(CART), "a.journey", "yaml").text
    for new in (project(text_of(CART), moved), project(other, path="a.journey.yaml")):
        assert not diff([project(text_of(CART))], [new])
