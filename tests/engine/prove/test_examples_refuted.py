"""The rules of the example journeys have teeth: broken in a small way, each journey's rule is refuted, with a customer.

No selling too early (D4), thanks for every order (D6), a welcome of its own (D8), no flood (D11), and consent.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
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
        row="D11 no limit on mail",
        journey="first_purchase",
        rule="flood",
        old="rule not_a_flood",
        new='rule flood "At most one" { at most 1 messages per 7d }\nrule not_a_flood',
    ),
]


def texts_of(variant: Variant) -> dict[str, str]:
    """The journey and what it uses, by name."""
    names = (f"{variant.journey}.journey", "vocabulary.journey")
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}


def project_of(texts: dict[str, str], journey: str) -> Project:
    name = f"{journey}.journey"
    reading = read_text(texts[name], name, files=texts)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return reading.project


def claim_of(project: Project, variant: Variant) -> Claim:
    own = {rule.name: rule for rule in project.journeys[variant.journey].rules}
    claim = (own | project.vocabulary.rules)[variant.rule].claim
    assert claim is not None
    return claim


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.row)
def test_a_broken_example_is_refuted(variant: Variant) -> None:
    texts = texts_of(variant)
    changed = {name: text.replace(variant.old, variant.new) for name, text in texts.items()}
    assert changed != texts
    project = project_of(changed, variant.journey)
    program, claim = lower(project, project.journeys[variant.journey]), claim_of(project, variant)
    answer = prove_claim(program, claim)
    assert answer.outcome is Outcome.REFUTED, answer.reason
    assert answer.counterexample is not None
    telling = Teller(program).tell(answer.counterexample.scenario)
    assert broken(claim, telling.told) is not None


@pytest.mark.parametrize("variant", VARIANTS[:-1], ids=lambda variant: variant.row)
def test_as_it_is_the_rule_is_proved(variant: Variant) -> None:
    project = project_of(texts_of(variant), variant.journey)
    program = lower(project, project.journeys[variant.journey])
    answer = prove_claim(program, claim_of(project, variant))
    assert answer.outcome is Outcome.PROVED, answer.reason
