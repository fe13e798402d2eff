"""Ways round: which have time on them, where the finding stands, what it shows."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Diagnostic

HEAD = "event e\nevent f\nteam crm\ncustomer { renewal: date? }\n"


def circles(text: str) -> list[Diagnostic]:
    reading = read_text(text)
    assert not reading.findings
    return [one for one in check(reading.project, reading.findings) if one.rule == "timeless-cycle"]


def round_trip(steps: str) -> list[Diagnostic]:
    return circles(f"{HEAD}journey j {{\nenter on e\nstage s {{\n{steps}\nif f {{ exit done }}\ngo to s\n}}\n}}")


def line(finding: Diagnostic) -> int:
    return finding.span.source.position(finding.span.start)[0]


@pytest.mark.parametrize(
    "steps",
    [
        "wait 1s",
        "wait until 09:00",
        "wait until monday at 09:00",
        "wait for f up to 2d { exit won }",
        "wait up to 2d { for f { exit won }\n otherwise { } }",
        "if f { wait 1d } otherwise { wait 2d }",
    ],
)
def test_time_surely_passes(steps: str) -> None:
    assert round_trip(steps) == []


@pytest.mark.parametrize(
    "steps",
    [
        'task crm "x"',
        "wait until 3d before customer.renewal",
        "wait until 3d after e",
        "wait for f up to 2d",
        "if f { wait 1d }",
        "split t { 50% a { wait 1d }; 50% b { } }",
        "repeat up to 3 times { wait 1d }",
        "repeat up to 3 times every 7d { }",
    ],
)
def test_time_may_not_pass(steps: str) -> None:
    (finding,) = round_trip(steps)
    assert finding.span.text == "go to s"


def test_a_repeat_needs_no_wait_for_its_own_way_back() -> None:
    steps = 'repeat up to 9 times { repeat up to 9 times { task crm "x" } }'
    assert circles(f"{HEAD}journey j {{ enter on e\n stage s {{ {steps} }} }}") == []


def test_a_jump_out_of_a_repeat_and_back_before_it_is_a_circle() -> None:
    text = f'{HEAD}journey j {{ enter on e\n stage s {{ repeat up to 9 times {{ task crm "x"\n go to s }} }} }}'
    (finding,) = circles(text)
    assert finding.span.text == "go to s"


def test_a_jump_to_the_head_of_the_own_repeat_is_its_way_back() -> None:
    text = (
        f"{HEAD}journey j {{ enter on e\n stage s {{ repeat up to 9 times as r {{ if f {{ go to r }}\n wait 1d }} }} }}"
    )
    assert circles(text) == []


def test_an_interrupt_needs_another_event_for_every_turn() -> None:
    assert circles(f"{HEAD}journey j {{ enter on e\n on f go to s\n stage s {{ wait 1d }} }}") == []


def test_the_finding_stands_at_the_jump_back_and_shows_the_way() -> None:
    text = (
        f'{HEAD}journey j {{\nenter on e\nstage a {{\ntask crm "one"\nif f {{ exit x }}\n}}\n'
        'stage b {\ntask crm "two"\ngo to a\n}\n}'
    )
    (finding,) = circles(text)
    assert line(finding) == 13
    assert [line_of.span.text for line_of in finding.related] == ['task crm "one"', "if f", 'task crm "two"']


def test_each_jump_back_is_one_finding() -> None:
    text = f"{HEAD}journey j {{\nenter on e\nstage a {{\nif f {{ go to a }}\nif e {{ go to a }}\nexit x\n}}\n}}"
    assert [line(finding) for finding in circles(text)] == [8, 9]


def test_a_circle_with_two_jumps_back_is_one_finding() -> None:
    text = (
        f"{HEAD}journey j {{\nenter on e\nstage a {{\ngo to c\n}}\nstage b {{\nif f {{ exit x }}\ngo to a\n}}\n"
        "stage c {\ngo to b\n}\n}"
    )
    assert len(circles(text)) == 1


def test_journeys_that_start_each_other() -> None:
    circle = "journey a {{ enter on e\n stage s {{ {} start b }} }}\njourney b {{ stage s {{ {} start a }} }}"
    (finding,) = circles(HEAD + circle.format("", ""))
    assert finding.span.text == "start a"
    assert circles(HEAD + circle.format("wait 1d;", "")) == []
    assert circles(HEAD + circle.format("", "wait 1d;")) == []


def test_a_journey_that_starts_itself() -> None:
    (finding,) = circles(f"{HEAD}journey a {{ enter on e\n stage s {{ start a }} }}")
    assert finding.span.text == "start a"


def test_a_step_that_jumps_to_itself() -> None:
    assert len(circles(f"{HEAD}journey a {{ enter on e\n stage s {{ go to s }} }}")) == 1


def test_a_circle_that_nobody_comes_to_is_no_circle() -> None:
    text = f"{HEAD}journey a {{ enter on e\n stage s {{ wait 1d\n exit x }}\n stage t {{ go to t }} }}"
    assert circles(text) == []
