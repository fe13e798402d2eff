"""Which places a run may come to again."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.engine.prove.order import ranks, recurring


def again(body: str) -> set[str]:
    head = "event came\nevent left\nchannel site { inbound }\n"
    project = read_text(f"{head}journey it {{ enter on came\n{body}\n}}").project
    program = lower(project, project.journeys["it"])
    return {program.places[one].node for one in recurring(program, ranks(program))}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("stage a { touchpoint t { at site }; wait 1d; exit done }", set()),
        ("stage a { wait 1d as one; go to b }\nstage b { wait 1d as two; exit done }", set()),
        ("stage a { wait 1d as one }\nstage b { wait 1d as two; go to b }", {"two"}),
        ("stage a { wait 1d as one; on left go to a }\nstage b { wait 1d as two }", {"one"}),
    ],
)
def test_places_on_a_way_round(body: str, expected: set[str]) -> None:
    assert again(body) == expected


def test_rounds_of_a_loop_come_again() -> None:
    loop = "repeat up to 3 times { touchpoint t { at site }; wait 1d as inner }"
    found = again(f"stage a {{ wait 1d as before; {loop}; wait 1d as behind }}")
    assert {"t", "inner"} <= found and not found & {"before", "behind"}


def test_what_leads_to_a_place_comes_before_it() -> None:
    either = "if came { wait 1d as x } otherwise { wait 2d as y }"
    project = read_text(f"event came\njourney it {{ enter on came\nstage a {{ {either}; wait 1d as z }} }}").project
    program = lower(project, project.journeys["it"])
    rank = {program.places[place].node: number for place, number in ranks(program).items()}
    assert rank["x"] < rank["z"] and rank["y"] < rank["z"]
