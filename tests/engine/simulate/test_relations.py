"""What a change of a journey changes in its figures, and what not: relations that need no expected numbers.

Each holds for both engines.  `SAME` are changes after which all figures are equal, but for names and new steps.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any, Literal

import pytest

from safar.dsl.convert import convert_text
from safar.dsl.fmt import format_text
from safar.dsl.read import read_text
from safar.engine.simulate.population import default_start, simulate, simulate_all
from safar.engine.simulate.results import Result, as_json

Engine = Literal["plain", "fast", "together"]
"""`together`: in columns, with another journey on the same timeline."""
Edit = tuple[str, str]
CUSTOMERS = 300

BASE = """
customer { email_ok: yes_no = yes; points: integer = 3; spent: money = 20 EUR; tier: one of bronze, gold = bronze }
event came
event order { total: money? }
event opened
event clicked
channel email { outbound; cost 0.50 EUR per message; only if customer.email_ok; at most 2 per 7d then skip }
channel sms { outbound; cost 0.07 EUR per message; at most 1 per 3d then wait up to 2d }
channel site { inbound }
action coupon { cost 1.50 EUR }
condition is_rich = customer.spent >= 30 EUR
team crm
persona planner { share 60%; set customer.points = 1 to 6; set customer.spent = 5 EUR to 60 EUR
  set customer.email_ok = one of yes 80%, no 20% }
persona hunter { share 40%; set customer.tier = one of bronze 50%, gold 50% }
journey j {
  enter on came
  on order where total > 90 EUR exit rich
  goal bought { on order within 9d; value order.total }
  goal stays
  measure pressure = messages per customer
  horizon 40d
  stage first_days {
    touchpoint hello {
      send email { text "Hello" }
      responds {
        opened 60% if persona == planner, 30% otherwise after about 18h { clicked 40% after about 5m }
        order 10% after 1h to 3d with (total = 20 EUR to 99 EUR)
      }
    }
    wait 3d
    if is_rich and customer.points > 2 { do coupon() }
    otherwise if customer.tier == gold { wait 1h } otherwise { wait 2h }
    split offer {
      50% treated { touchpoint more { send sms { text "More" }; responds { order 20% after about 1d } } }
      50% control { }
    }
    wait for order up to 2d { exit stays } otherwise { wait 1h }
  }
  stage later {
    repeat up to 3 times every 2d until order {
      touchpoint again { send email { text "Again" }; responds { order 15% after about 6h, 90% within 2d } }
      wait 1d
    }
    exit lost
  }
}
"""

BESIDE = """
event looked
channel post { outbound; cost 0.90 EUR per message; at most 1 per 30d then skip }
journey beside {
  enter on looked
  horizon 20d
  stage only { touchpoint letter { send post { text "Hello" } }; wait 77h; touchpoint card { send post { text "Hi" } } }
}
"""
"""A journey that shares nothing with the other one."""

SAME: dict[str, list[Edit]] = {
    "a stage has another name": [("first_days", "days_one")],
    "an outcome has another name": [("exit lost", "exit gone_for_good")],
    "a goal has another name": [("goal bought", "goal sale")],
    "a persona has another name": [("planner", "thinker")],
    "a channel has another name": [("sms", "text_message")],
    "an action has another name": [("coupon", "voucher")],
    "a condition has another name": [("is_rich", "has_money")],
    "an arm has another name": [("treated", "with_offer")],
    "a measure has another name": [("measure pressure", "measure load")],
    "a team is renamed, which draws nothing": [("team crm", "team care")],
    "declarations stand in another order": [("event opened\nevent clicked\n", "event clicked\nevent opened\n")],
    "channels stand in another order": [
        ("channel site { inbound }\n", ""),
        ("event came\n", "event came\nchannel site { inbound }\n"),
    ],
    "goals stand in another order": [("  goal stays\n", ""), ("  goal bought", "  goal stays\n  goal bought")],
    "lines of a persona that do not ask for each other stand in another order": [
        (
            "set customer.points = 1 to 6; set customer.spent = 5 EUR to 60 EUR",
            "set customer.spent = 5 EUR to 60 EUR; set customer.points = 1 to 6",
        )
    ],
    "something is declared that nobody uses": [
        (
            "team crm",
            "team crm\nevent unused\naction unused_too { cost 9 EUR }\nchannel pigeon { outbound; cost 9 EUR }",
        )
    ],
    "an attribute is declared that nobody reads": [("points: integer = 3", "points: integer = 3; unread: text?")],
    "a set that changes nothing": [("    wait 3d\n", "    set customer.points = customer.points\n    wait 3d\n")],
    "a free action that nobody hears": [
        ("action coupon", "action note\naction coupon"),
        ("    wait 3d\n", "    do note() as noted\n    wait 3d\n"),
    ],
    "a task": [("    wait 3d\n", '    task crm "Look"\n    wait 3d\n')],
    "a question whose answer changes nothing": [
        ("    wait 3d\n", "    if customer.points > 4 as asked { }\n    wait 3d\n")
    ],
    "a split whose arms are empty": [
        ("    wait 3d\n", "    split idle { 50% one_way { }; 50% other_way { } }\n    wait 3d\n")
    ],
    "a contact that costs nothing and is not answered": [
        ("    wait 3d\n", "    touchpoint seen { at site }\n    wait 3d\n")
    ],
    "a wait in two": [("    wait 3d\n", "    wait 1d as part_one\n    wait 2d as part_two\n")],
    "a wait in other words": [("    wait 3d\n", "    wait 72h\n")],
    "a wait that has a name": [("    wait 3d\n", "    wait 3d as cooling_off\n")],
    "a branch that nobody takes": [
        (
            "    wait 3d\n",
            '    if customer.points > 900 as rare { touchpoint none { send sms { text "x" } } }\n    wait 3d\n',
        )
    ],
    "a jump to where the run goes anyway": [
        ("otherwise { wait 1h }\n  }", "otherwise { wait 1h }\n    go to later\n  }")
    ],
    "an alternative nested in another": [
        (
            "otherwise if customer.tier == gold { wait 1h } otherwise { wait 2h }",
            "otherwise { if customer.tier == gold as inner { wait 1h } otherwise { wait 2h } }",
        )
    ],
    "a condition written out": [("if is_rich and", "if customer.spent >= 30 EUR and")],
    "a condition by De Morgan": [
        ("if is_rich and customer.points > 2", "if not (not is_rich or not (customer.points > 2))")
    ],
    "the sides of an `and` changed": [("if is_rich and customer.points > 2", "if customer.points > 2 and is_rich")],
    "money in other digits": [("0.50 EUR per", "0.5 EUR per"), ("90 EUR exit", "90.00 EUR exit")],
    "a window in other words": [("within 9d", "within 216h"), ("per 7d", "per 1w")],
    "a wait for one of several, of which there is one": [
        (
            "wait for order up to 2d { exit stays } otherwise { wait 1h }",
            "wait up to 2d { for order { exit stays } otherwise { wait 1h } }",
        )
    ],
    "an answer that is a payload's richer": [("20% after about 1d }", "20% after about 1d with (total = 5 EUR) }")],
    "a persona in two halves": [
        (
            "persona hunter { share 40%;",
            "persona h2 { share 20%; set customer.tier = one of bronze 50%, gold 50% }\npersona hunter { share 20%;",
        )
    ],
    "an interrupt on what never comes": [
        ("  goal stays\n", "  goal stays\n  on order where total > 900 EUR exit rich\n")
    ],
}
"""Edits of `BASE`.  What is new in the figures is not compared."""


@functools.cache
def figures(text: str, engine: Engine, **options: Any) -> Any:
    reading = read_text(text)
    errors = [f"{one.message}: {one.span.text}" for one in reading.findings if one.severity.value == "error"]
    assert not errors, errors
    found = as_json(_simulated(text, engine, **options))
    found = found["journeys"]["j"] if engine == "together" else found
    return {
        name: value for name, value in found.items() if name not in ("engine", "stepped", "edges", "format_version")
    }


def _simulated(text: str, engine: Engine, **options: Any) -> Result:
    if engine == "together":
        result = simulate_all(read_text(text + BESIDE).project, n=CUSTOMERS, engine="fast", **options)
        assert as_json(result)["stepped"]["customers"] == 0
        return result
    return simulate(read_text(text).project, "j", n=CUSTOMERS, engine=engine, **options)


def edited(edits: list[Edit]) -> str:
    text = BASE
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    return text


def renamed(told: Any, edits: list[Edit]) -> Any:
    """The figures with the names that the edits give."""
    text = json.dumps(told)
    for before, after in edits:
        if len(before.split()) == len(after.split()) <= 2 and "\n" not in before:
            text = re.sub(rf"\b{before.split()[-1]}\b", after.split()[-1], text)
    return json.loads(text)


def held(before: Any, after: Any, path: str = "") -> list[str]:
    """What figures after an edit lack or have otherwise than before.  Steps without names of their own may be counted
    anew, and what is new is not looked at."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [one for one in before if not (path == ".steps" and "/" in one)]
        return [
            bad
            for one in names
            for bad in (held(before[one], after[one], f"{path}.{one}") if one in after else [f"{path}.{one}"])
        ]
    return [] if before == after else [f"{path}: {before} is now {after}"]


@pytest.mark.parametrize("engine", ["plain", "fast", "together"])
@pytest.mark.parametrize("name", SAME)
def test_the_same_figures(name: str, engine: Engine) -> None:
    edits = SAME[name]
    before, after = renamed(figures(BASE, engine), edits), figures(edited(edits), engine)
    if name == "a persona in two halves":
        before = {key: value for key, value in before.items() if key != "personas"}
    if name == "an answer that is a payload's richer":
        before = {
            key: value for key, value in before.items() if key not in ("goals", "revenue", "measures", "per_customer")
        }
    assert held(before, after) == []


def goal(told: Any) -> int:
    return int(told["goals"]["bought"]["reached"])


def delivered(told: Any, channel: str) -> int:
    return int(told["channels"][channel]["delivered"])


def suppressed(told: Any, channel: str, reason: str) -> int:
    return int(told["channels"][channel]["suppressed"][reason])


def answers(told: Any, event: str) -> int:
    return int(told["touchpoints"]["hello"]["answers"][event])


Relation = tuple[list[Edit], Callable[[Any, Any], bool]]
CHANGED: dict[str, Relation] = {
    "a higher chance keeps all who answered": (
        [("opened 60% if", "opened 75% if")],
        lambda a, b: answers(b, "opened") > answers(a, "opened") and answers(b, "order") == answers(a, "order"),
    ),
    "an answer of certainty comes after each delivery": (
        [("opened 60% if persona == planner, 30% otherwise", "opened 100%")],
        lambda a, b: answers(b, "opened") == b["touchpoints"]["hello"]["delivered"],
    ),
    "double prices are double costs": (
        [
            ("0.50 EUR per message", "1.00 EUR per message"),
            ("0.07 EUR per", "0.14 EUR per"),
            ("cost 1.50", "cost 3.00"),
        ],
        lambda a, b: (
            b["cost"] == {key: pytest.approx(2 * value) for key, value in a["cost"].items()} and goal(a) == goal(b)
        ),
    ),
    "without consent to ask for, what it suppressed is delivered or refused by another check": (
        [("only if customer.email_ok; ", "")],
        lambda a, b: (
            suppressed(b, "email", "consent") == 0 < suppressed(a, "email", "consent")
            and delivered(b, "email") > delivered(a, "email")
        ),
    ),
    "a wider limit suppresses no more": (
        [("at most 2 per 7d", "at most 3 per 7d")],
        lambda a, b: (
            suppressed(b, "email", "limit") <= suppressed(a, "email", "limit")
            and delivered(b, "email") >= delivered(a, "email")
        ),
    ),
    "a service message passes all checks": (
        [('send email { text "Again" }', 'send email { text "Again" }; transactional')],
        lambda a, b: sum(b["touchpoints"]["again"]["suppressed"].values()) == 0,
    ),
    "a longer window counts no fewer": ([("within 9d", "within 20d")], lambda a, b: goal(b) >= goal(a)),
    "a control group is taken out of those who enter": (
        [("  horizon 40d", "  hold out 20%\n  horizon 40d")],
        lambda a, b: b["entered"] + b["attempts"]["held_out"] == a["entered"] and b["attempts"]["held_out"] > 0,
    ),
    "arms of other shares hold the same customers between them": (
        [("50% treated", "80% treated"), ("50% control", "20% control")],
        lambda a, b: b["splits"]["offer"]["treated"]["entered"] >= a["splits"]["offer"]["treated"]["entered"],
    ),
    "a first condition on the entry lets in those who meet it": (
        [("enter on came", "enter on came if customer.points > 2")],
        lambda a, b: b["entered"] + b["attempts"]["not_eligible"] == a["entered"],
    ),
    "fewer rounds are not more messages": (
        [("up to 3 times", "up to 2 times")],
        lambda a, b: b["touchpoints"]["again"]["delivered"] <= a["touchpoints"]["again"]["delivered"],
    ),
    "an edit behind a step leaves what was before it": (
        [("repeat up to 3 times", "wait 5d\n    repeat up to 3 times")],
        lambda a, b: (
            a["touchpoints"]["hello"]["delivered"] == b["touchpoints"]["hello"]["delivered"]
            and a["splits"]["offer"]["treated"]["entered"] == b["splits"]["offer"]["treated"]["entered"]
        ),
    ),
}


@pytest.mark.parametrize("engine", ["plain", "fast", "together"])
@pytest.mark.parametrize("name", CHANGED)
def test_figures_that_change_as_they_should(name: str, engine: Engine) -> None:
    edits, holds = CHANGED[name]
    assert holds(figures(BASE, engine), figures(edited(edits), engine))


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_another_spelling_or_layout_is_the_same_journey(engine: Literal["plain", "fast"]) -> None:
    told = figures(BASE, engine)
    assert figures(format_text(BASE, "a.journey").after, engine) == told
    yaml = convert_text(BASE, "a.journey", "yaml").text
    project = read_text(yaml, "a.journey.yaml").project
    again = as_json(simulate(project, "j", n=CUSTOMERS, engine=engine))
    assert held(told, again) == []


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_without_a_calendar_the_date_plays_no_part(engine: Engine) -> None:
    start = default_start(read_text(BASE).project)
    assert figures(BASE, engine, start=start + 400 * 86_400 + 12_345) == figures(BASE, engine, start=start)


def test_both_engines_tell_the_same() -> None:
    for edits in (*SAME.values(), *(edits for edits, _ in CHANGED.values())):
        text = edited(edits)
        assert figures(text, "plain") == figures(text, "fast")


def test_a_journey_beside_one_that_shares_nothing_is_what_it_is_alone() -> None:
    together, alone = figures(BASE, "together"), figures(BASE, "plain")
    assert {name: together[name] for name in together if name in alone} == {n: alone[n] for n in alone if n in together}
    assert len(alone.keys() & together.keys()) > 8


@pytest.mark.parametrize("engine", ["plain", "fast", "together"])
def test_an_edit_of_one_branch_leaves_the_traces_of_others_byte_for_byte(engine: Engine) -> None:
    longer = edited([("50% treated { touch", "50% treated { wait 5h as extra; touch")])
    before, after = (_traces(text, engine) for text in (BASE, longer))
    came = {key for key, lines in after.items() if any(json.loads(line)["step"] == "more" for line in lines)}
    assert 100 < len(came) < 200
    assert before.keys() == after.keys()
    for key in before.keys() - came:
        assert before[key] == after[key]
    assert all(before[key] != after[key] for key in came)


def _traces(text: str, engine: Engine) -> dict[str, list[str]]:
    """The lines of each customer's trace."""
    lines: list[str] = []
    told = _simulated(text, engine, traces=lines.append)
    assert as_json(told)["engine"] == engine.replace("together", "fast")
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(json.loads(line)["customer"], []).append(line)
    return found
