"""How soon so many of what a rule counts can follow: never too long, and of use."""

from __future__ import annotations

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.engine.promises import AtMost
from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.network import Network
from safar.engine.prove.prove import prove_claim
from safar.engine.prove.soonest import Soonest
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome
from tests.engine.prove.small_journeys import question

BUDGET = 20_000


def program_of(body: str, rule: str, head: str = "") -> tuple[Program, AtMost]:
    text = f"""
customer {{ vip: yes_no = no }}
event came
event left
channel letter {{ outbound }}
action coupon {{ code: text }}
journey it {{
  enter on came
  {head}
  rule asked {{ {rule} }}
  stage all {{
    {body}
  }}
}}
"""
    project = read_text(text).project
    claim = project.journeys["it"].rules[0].claim
    assert isinstance(claim, AtMost)
    return lower(project, project.journeys["it"]), claim


def letter(number: int) -> str:
    return f'touchpoint t{number} {{ send letter {{ text "a" }} }}'


def soonest(program: Program, claim: AtMost) -> Soonest:
    system = System(program, (claim,))
    watch = AtMostWatch(system, claim)
    return Soonest(Network(system, watch, BUDGET), claim.count + 1, watch.stretch)


MANY = "\n".join(f"{letter(number)}\nwait 1d" for number in range(60))
ROUNDS = f"repeat up to 40 times every 2d {{ {letter(1)}; wait for left up to 1d {{ exit gone }} }}"


@pytest.mark.parametrize(
    ("body", "rule", "head", "possible"),
    [
        (MANY, "at most 30 messages per 30d", "", False),
        (MANY, "at most 29 messages per 30d", "", True),
        (MANY, "at most 60 messages per run", "", False),
        (MANY, "at most 59 messages per customer", "", True),
        (MANY, "at most 1 messages per calendar day", "", False),
        (MANY, "at most 8 messages per calendar week", "", False),
        (ROUNDS, "at most 24 messages per run", "", True),
        (f"{ROUNDS}\nwait 2d\n{MANY.replace('t1 ', 't99 ')}", "at most 3 t1 per 6d", "", False),
        (f"{letter(1)}\nwait 1d\n{letter(2)}", "at most 2 messages per 40d", "reenter after 40d", False),
        (f"{letter(1)}\nwait 1d\n{letter(2)}", "at most 2 messages per 41d", "reenter after 40d", True),
        (f"{letter(1)}\nwait 1d\n{letter(2)}", "at most 3 messages per 2d", "reenter always", True),
        ("wait 9d", "at most 7 coupon per run", 'on left do coupon(code = "A")', True),
        (f"if customer.vip {{ if not customer.vip {{ {letter(1)} }} }}", "at most 0 messages per run", "", False),
    ],
)
def test_times_at_their_boundary(body: str, rule: str, head: str, possible: bool) -> None:
    program, claim = program_of(body, rule, head)
    assert soonest(program, claim).is_possible == possible
    answer = prove_claim(program, claim)
    assert answer.outcome is (Outcome.REFUTED if possible else Outcome.PROVED)


def test_a_rhythm_that_rounds_outlast_is_none() -> None:
    late = f"repeat up to 9 times every 1d {{ {letter(1)}; wait for left up to 5d }}"
    program, claim = program_of(late, "at most 1 messages per 20h")
    assert soonest(program, claim).is_possible
    assert prove_claim(program, claim).outcome is Outcome.REFUTED


def test_large_counts_need_no_counting() -> None:
    answer = prove_claim(*program_of(MANY, "at most 30 messages per 30d"), budget=4_000)
    assert (answer.outcome, answer.method) == (Outcome.PROVED, Method.JOINED)


def is_broken(system: System, watch: AtMostWatch) -> bool:
    return not Explorer(system, watch, budget=BUDGET).run(lambda broken: True)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_out_breaks_nothing(seed: int) -> None:
    asked = question(seed)
    program = lower(asked.project, asked.project.journeys["j"])
    counted = [claim for claim in asked.claims.values() if isinstance(claim, AtMost)]
    for claim in counted:
        for count in range(3):
            one = msgspec.structs.replace(claim, count=count)
            system = System(program, (one,))
            whole = is_broken(system, AtMostWatch(system, one))
            found = soonest(program, one)
            assert found.is_possible or not whole, f"{one.count} {claim.span.text}\n{asked.text}"
            assert is_broken(system, AtMostWatch(system, one, found)) == whole, f"{claim.span.text}\n{asked.text}"
