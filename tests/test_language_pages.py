"""The examples of the language's reference are whole files, with no finding, and say the same in both spellings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar.checking import check_text
from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity

FOLDER = Path(__file__).parents[1] / "docs" / "language"
PAGES = ("rules.md", "tests.md", "plans.md")
FENCES = re.compile(r"```(journey|yaml)(?: (\S+))?\n(.*?)```", re.DOTALL)
ENDINGS = {"journey": "text.journey", "yaml": "text.journey.yaml"}


def examples(page: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The files that others use, and the others: language and text."""
    found = FENCES.findall((FOLDER / page).read_text(encoding="utf-8"))
    return {name: text for _, name, text in found if name}, [(kind, text) for kind, name, text in found if not name]


@pytest.mark.parametrize("page", PAGES)
def test_examples_give_no_finding(page: str) -> None:
    files, texts = examples(page)
    assert texts
    for name, text in files.items():
        assert {f.rule for f in check_text(text, name).findings} <= {"unused-declaration"}
    for kind, text in texts:
        found = [f.message for f in check_text(text, ENDINGS[kind], files).findings if f.rule != "unused-declaration"]
        assert found == []


@pytest.mark.parametrize("page", ["tests.md", "plans.md"])
def test_both_spellings_say_the_same(page: str) -> None:
    files, texts = examples(page)
    kinds = dict(reversed(texts))
    text = next(text for kind, text in texts if kind == "journey")
    left, right = (
        read_text(one, ENDINGS[kind], files=files) for kind, one in (("journey", text), ("yaml", kinds["yaml"]))
    )
    assert left.project == right.project


SHOP = """
customer {
  email_ok: yes_no = no; renewal: date? ; tier: one of bronze, gold = bronze; preferred: one of email, sms = email
  flag: yes_no = no; language: one of en, fa = en
}
event E { order_id: text }
event order_placed
event opened
event replied
team support
occasion NAME { 2027-03-21 }
action issue_coupon
tag offer
channel email { outbound; only if customer.email_ok; at most 3 per 7d then skip }
"""
HEADS = (
    "enter on E if today >= 2027-03-01 and today < 2027-04-01",
    "enter on 2027-03-21 at 09:00 if C",
    "enter each day at 09:00 if C",
    "enter each NAME",
    "enter each year on customer.birthday [at T]",
    "enter each day if customer.renewal - 14d == today",
    "hold out 90%",
    "enter on E if not order_placed within 30d",
    "enter on E if count(E) <= 3",
    "enter on E per order_id",
    "hold out 10% of project",
    "rule r { at most 2 offer per 7d }",
)
STEPS = (
    "if customer.preferred == email { } otherwise { }",
    "set customer.flag = yes",
    "wait until 2027-03-21 at 09:00",
    "wait until 3d before customer.renewal at 09:00",
    "wait until monday at 09:00",
    "if weekday in [monday, tuesday] { wait until thursday } otherwise { wait until monday }",
    "wait for not customer.email_ok up to 2d { exit left }",
    "wait for customer.tier == gold up to 30d",
    "wait for replied(survey) up to 7d",
)


@pytest.mark.parametrize("said", HEADS)
def test_headers_that_cover_what_others_say(said: str) -> None:
    page = (FOLDER / "coverage.md").read_text(encoding="utf-8")
    assert said.removeprefix("rule r { ").removesuffix(" }") in page.replace("`, `each monday`", "")
    line = said.replace("if C", "if customer.email_ok").replace("birthday [at T]", "renewal at 09:00")
    assert errors(f"{line}\nstage s {{ touchpoint survey {{ }} }}") == []


@pytest.mark.parametrize("said", STEPS)
def test_steps_that_cover_what_others_say(said: str) -> None:
    assert said in (FOLDER / "coverage.md").read_text(encoding="utf-8")
    assert errors(f"stage s {{ touchpoint survey {{ }}\n{said} }}") == []


def errors(body: str) -> list[str]:
    found = check_text(f"{SHOP}\njourney j {{ {body} }}", "text.journey").findings
    return [finding.message for finding in found if finding.severity is Severity.ERROR]
