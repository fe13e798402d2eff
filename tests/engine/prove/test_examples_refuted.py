"""The rules of the example journeys have teeth: broken in a small way, each journey's rule is refuted, with a customer.

No selling too early (D4), thanks for every order (D6), a welcome of its own (D8), no flood (D11), and consent.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from safar.dsl.convert import convert_text
from safar.dsl.read import read_text
from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.program import Program, lower
from safar.engine.promises import Claim
from safar.engine.prove.prove import prove_claim
from safar.engine.prove.verdict import Outcome

FOLDER = Path(__file__).parents[3] / "journeys" / "dsl"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a journey, or one of the project asked of one journey; and how the journey is broken."""

    row: str
    journey: str
    rule: str
    old: str
    new: str
    also: tuple[tuple[str, str], ...] = ()
    """What else is written otherwise."""


VARIANTS = [
    Variant(
        row="D4 an offer on the guide",
        journey="five_stages",
        rule="no_early_offers",
        old='doing "Reads what to look for"',
        new='doing "Reads what to look for"\n  tag offer',
    ),
    Variant(
        row="D4 a coupon for who comes back",
        journey="five_stages",
        rule="no_early_coupons",
        old="    touchpoint guide\n",
        new='    on visited do issue_coupon(code = "HI", discount = 5%)\n    touchpoint guide\n',
    ),
    Variant(
        row="D6 the thank-you asks for consent",
        journey="first_purchase",
        rule="fast_thanks",
        old="      transactional\n      priority high",
        new="      priority high",
    ),
    Variant(
        row="D6 the thank-you comes late",
        journey="first_purchase",
        rule="fast_thanks",
        old='    touchpoint thanks "Thank you" {',
        new='    wait 2h\n    touchpoint thanks "Thank you" {',
    ),
    Variant(
        row="D8 the welcome comes sooner",
        journey="first_purchase",
        rule="apart",
        old='    wait 1d\n    touchpoint welcome "Welcome"',
        new='    wait 9h\n    touchpoint welcome "Welcome"',
    ),
    Variant(
        row="consent asked before a wait, and by the channel no more",
        journey="abandoned_cart",
        rule="mail_consent",
        old="  only if customer.email_ok\n",
        new="",
    ),
    Variant(
        row="consent of the SMS",
        journey="abandoned_cart",
        rule="sms_consent",
        old="  only if customer.sms_ok\n",
        new="",
    ),
    Variant(
        row="D11 no limits, and a mail every twelve hours",
        journey="first_purchase",
        rule="not_a_flood",
        old='    touchpoint help_video "How to use it" {',
        new="""    repeat up to 14 times every 12h {
      touchpoint teaser "Soon" { send email { subject "Soon"; text "Something comes." } }
    }
    touchpoint help_video "How to use it" {""",
        also=(
            ("  at most 3 per 7d then skip\n  quiet", "  quiet"),
            ("at most 4 per 7d then skip }", "at most 40 per 7d then skip }"),
        ),
    ),
]


SPELLINGS = ["dsl", "yaml"]


def texts_of(variant: Variant, *, broken_so: bool = False) -> dict[str, str]:
    """The journey and what it uses, by name."""
    names = (f"{variant.journey}.journey", "vocabulary.journey")
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}
    for old, new in ((variant.old, variant.new), *variant.also) if broken_so else ():
        assert any(old in text for text in texts.values())
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    return texts


def in_yaml(name: str) -> str:
    return f"{name}.yaml"


def program_of(variant: Variant, spelling: str, *, broken_so: bool = False) -> Program:
    """The journey in one of the two spellings."""
    texts, name = texts_of(variant, broken_so=broken_so), f"{variant.journey}.journey"
    if spelling == "yaml":
        converted = {one: convert_text(text, one, "yaml", called=in_yaml).text for one, text in texts.items()}
        texts, name = {in_yaml(one): text for one, text in converted.items()}, in_yaml(name)
    reading = read_text(texts[name], name, files=texts)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return lower(reading.project, reading.project.journeys[variant.journey])


def claim_of(program: Program, variant: Variant) -> Claim:
    own = {rule.name: rule for rule in program.journey.rules}
    claim = (own | program.project.vocabulary.rules)[variant.rule].claim
    assert claim is not None
    return claim


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.row)
def test_a_broken_example_is_refuted(variant: Variant, spelling: str) -> None:
    program = program_of(variant, spelling, broken_so=True)
    claim = claim_of(program, variant)
    answer = prove_claim(program, claim)
    assert answer.outcome is Outcome.REFUTED, answer.reason
    assert answer.counterexample is not None
    telling = Teller(program).tell(answer.counterexample.scenario)
    assert broken(claim, telling.told) is not None


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.row)
def test_as_it_is_the_rule_is_proved(variant: Variant, spelling: str) -> None:
    program = program_of(variant, spelling)
    answer = prove_claim(program, claim_of(program, variant))
    assert answer.outcome is Outcome.PROVED, answer.reason
