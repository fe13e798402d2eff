"""Rules that follow who comes where: what they say names both places, and a hostile file ends them within a budget."""

from __future__ import annotations

import random

import pytest

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Diagnostic
from safar.engine.program import lower
from safar.engine.prove.facts import Facts, facts

HEAD = """customer {
  orders: integer = 0 growing
  tier: one of bronze, silver, gold = bronze fixed
  cart: money = 0 EUR
  stars: integer?
}
event came
event called
event opened
channel site { inbound }
journey j {
  enter on came if customer.tier != bronze
"""


def found(steps: str, rule: str) -> list[Diagnostic]:
    """The findings of one rule in a journey of these steps."""
    reading = read_text(f"{HEAD}  stage s {{\n{steps}\n  }}\n}}\n")
    return [one for one in check(reading.project, reading.findings) if one.rule == rule]


def known(text: str) -> Facts:
    project = read_text(text).project
    return facts(lower(project, project.journeys["j"]))


# --- what is said


@pytest.mark.parametrize(
    ("steps", "words", "settled"),
    [
        ("if customer.tier == bronze { exit a }", "`customer.tier` is not `bronze`", "customer.tier != bronze"),
        ("if called { exit a }", "`called` has not come since the run began", ""),
        ("if customer.orders < 3 { exit a }\nwait 1d\nif customer.orders < 2 { exit b }", "at least 3", "< 3"),
        ("set customer.cart = 5 EUR\nif customer.cart > 9 EUR { exit b }", "is 5.00 EUR", "set customer.cart = 5 EUR"),
        (
            "if customer.stars is unknown { exit a }\nif customer.stars is unknown { exit b }",
            "known",
            "stars is unknown",
        ),
        (
            "wait for customer.tier == gold up to 1d { exit a }\nif customer.tier == gold { exit b }",
            "`customer.tier` is `silver`",
            "wait for customer.tier == gold up to 1d",
        ),
    ],
)
def test_a_settled_condition_says_what_customers_are_like_and_where_that_was_settled(
    steps: str, words: str, settled: str
) -> None:
    (finding,) = found(steps, "settled-condition")
    assert words in finding.message
    assert not settled or any(settled in one.span.text for one in finding.related)


@pytest.mark.parametrize(
    "steps",
    [
        "if customer.cart > 5 EUR { exit a }\nwait 1d\nif customer.cart > 5 EUR { exit b }",
        "wait 1d\nif called { exit a }",
        "if customer.orders >= 3 { exit a }\nwait 1d\nif customer.orders >= 3 { exit b }",
        "repeat up to 3 times { if customer.orders > 1 { exit a }\nwait 1d }\nif customer.orders > 1 { exit b }",
        "if customer.tier == gold { wait 1h } otherwise if customer.tier == silver { wait 2h }",
    ],
)
def test_what_may_have_changed_is_not_settled(steps: str) -> None:
    assert found(steps, "settled-condition") == []


@pytest.mark.parametrize(
    ("heard", "where", "settled"),
    [
        ("on called exit helped", "journey", True),
        ("on called exit helped", "stage", True),
        ("on called exit helped", "another stage", False),
        ("on called if customer.orders > 1 exit helped", "journey", False),
        ("on called where minutes > 5 exit helped", "journey", False),
        ('on called task crm "Call back"', "journey", False),
        ("on called go to later", "journey", False),
        ("on opened exit helped", "journey", False),
    ],
)
def test_an_event_has_not_come_where_it_always_leads_away(heard: str, where: str, settled: bool) -> None:
    inside = {place: heard if place == where else "" for place in ("journey", "stage", "another stage")}
    text = f"""customer {{ orders: integer = 0 }}
team crm
event came
event called {{ minutes: integer }}
event opened
journey j {{
  enter on came
  {inside["journey"]}
  stage early {{
    {inside["stage"]}
    wait 2d
  }}
  stage late {{
    {inside["another stage"]}
    if called as later {{ wait 1h }}
    wait 1d
  }}
}}
"""
    reading = read_text(text)
    assert not reading.findings
    known = {one.rule for one in check(reading.project)}
    assert ("settled-condition" in known) == settled


def test_what_is_behind_a_dead_branch_is_not_told_again() -> None:
    steps = "if customer.tier == bronze { if customer.tier == bronze { exit a } otherwise { exit b } }"
    assert len(found(steps, "settled-condition")) == 1


def test_a_journey_with_an_error_is_not_followed() -> None:
    assert found("if customer.tier == bronze { exit a }\nif customer.ghost { exit b }", "settled-condition") == []


# --- how long it takes


def puzzle(variables: int, clauses: int) -> str:
    """A 3-SAT formula as a journey."""
    chance = random.Random(1)  # noqa: S311 - no secret
    lines = ["customer {", *(f"  v{n}: yes_no = no fixed" for n in range(variables)), "}", "event came"]
    lines += ["journey j {", "  enter on came", "  stage s {"]
    for _ in range(clauses):
        said = (f"{chance.choice(('', 'not '))}customer.v{n}" for n in chance.sample(range(variables), 3))
        lines.append(f"    if {' and '.join(said)} {{ exit lost }}")
    return "\n".join([*lines, "    wait 1d", "  }", "}"])


def test_a_small_puzzle_is_followed_box_by_box_and_a_large_one_joined() -> None:
    small, large = known(puzzle(8, 30)), known(puzzle(40, 160))
    assert (small.told, small.exact) == (True, True)
    assert (large.told, large.exact) == (True, False)


def test_of_too_many_interrupts_nothing_is_told_and_nothing_follows() -> None:
    many = 300
    events = "\n".join(f"event e{n}" for n in range(many))
    inside = "\n".join(f"on e{n} exit x" for n in range(many))
    waits = "\n".join("wait 1d" for _ in range(many))
    text = f"event came\n{events}\njourney j {{\nenter on came\n{inside}\nstage s {{\n{waits}\n}}\n}}"
    of = known(text)
    assert not of.told
    assert "system" not in vars(of), "it is not even made"
    assert of.is_reached(5) and of.rests(5)
    assert not {one.rule for one in check(read_text(text).project)} & {"settled-condition", "closed-interrupt"}


def test_persian_names_and_options_are_followed() -> None:
    lines = [
        "customer { سطح: one of برنزی, نقره‌ای, طلایی = برنزی fixed }",
        "event آمد",
        "journey j { enter on آمد if customer.سطح == طلایی",
        "  stage s { wait 1d",
        "    if customer.سطح == برنزی { exit a } } }",
    ]
    (finding,) = (one for one in check(read_text("\n".join(lines)).project) if one.rule == "settled-condition")
    assert "`customer.سطح` is `طلایی`" in finding.message
