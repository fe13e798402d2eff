"""Sample customers pass what they say, the interpreter agrees, and what is called impossible is never passed."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from safar.dsl.read import read_file, read_text
from safar.engine.claims.telling import Teller
from safar.engine.cover.cover import Cover, cover
from safar.engine.cover.missed import NOBODY_FOUND
from safar.engine.program import Program, lower
from safar.engine.test.coverage import Passed, coverage
from tests.engine.prove.small_journeys import question
from tests.engine.prove.small_world import explore

JOURNEYS = sorted(
    path
    for path in (Path(__file__).parents[3] / "journeys" / "dsl").glob("*.journey")
    if path.name != "vocabulary.journey"
)
SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
COUNT, MOST = max(15, int(200 * SCALE)), max(100, int(8_000 * SCALE**2))
"""Generated journeys, and stories that are lived through in each."""


def program_of(text: str, name: str = "j") -> Program:
    project = read_text(text).project
    return lower(project, project.journeys[name])


def missed(found: Cover) -> dict[str, str]:
    return {f"{one.part.kind} {one.part.name}: {one.part.way}": one.reason for one in found.missed}


def replayed(program: Program, found: Cover) -> Passed:
    """What the samples pass when they are told again."""
    passed = Passed(program.journey.name)
    for sample in found.samples:
        telling = Teller(program).tell(sample.scenario)
        assert telling.story == sample.story
        assert not (telling.untaken or telling.unanswered or telling.again)
        passed.add(telling.story)
    return passed


@pytest.mark.parametrize("file", JOURNEYS, ids=lambda file: file.stem)
def test_examples_are_covered(file: Path) -> None:
    """Of the example journeys all is passed, or known to be impossible; and by few."""
    project = read_file(file).project
    for journey in project.journeys.values():
        program = lower(project, journey)
        found = cover(program)
        assert all(one.known for one in found.missed), missed(found)
        assert len(found.samples) <= 12
        passed = replayed(program, found)
        lacking = {(part.kind, part.name, part.way) for part in coverage(program, passed).parts if not part.covered}
        assert lacking <= {(one.part.kind, one.part.name, one.part.way) for one in found.missed}


@pytest.mark.parametrize("seed", range(COUNT))
def test_nobody_passes_what_is_impossible(seed: int) -> None:
    """Whatever customers do in a small world, no story passes a part that nobody can pass."""
    asked = question(seed)
    program = lower(asked.project, asked.project.journeys["j"])
    found = cover(program)
    assert found.complete
    replayed(program, found)
    impossible = {id(one.part) for one in found.missed if one.known}
    passed = Passed("j")
    explore(asked, most=MOST, told=passed.add, decided=False)
    parts = zip(found.parts, coverage(program, passed).parts, strict=False)
    wrong = [f"{part.kind} {part.name}: {part.way}" for part, came in parts if came.covered and id(part) in impossible]
    assert wrong == [], asked.text


def test_most_is_found() -> None:
    """Of all parts of generated journeys nearly none is left without a customer or a reason."""
    parts = unknown = 0
    for seed in random.Random(7).sample(range(10_000), COUNT):  # noqa: S311 - no secret
        asked = question(seed)
        found = cover(lower(asked.project, asked.project.journeys["j"]))
        parts += len(found.parts)
        unknown += sum(one.reason == NOBODY_FOUND for one in found.missed)
    assert unknown <= 0.03 * parts


SHOP = """
customer { value: money = 0 EUR; tier: one of bronze, gold = bronze fixed; visits: integer = 0 growing }
event came
event order
event called
"""


def test_boundary_values_are_met() -> None:
    found = cover(
        program_of(
            SHOP + "journey j { enter on came; stage s { wait 1d\nif customer.value >= 60 EUR { touchpoint t { } } } }"
        )
    )
    ways = {part.way: part.covered for part in found.parts if part.kind == "value"}
    assert ways == {
        "customer.value = 59.9999 EUR": True,
        "customer.value = 60.00 EUR": True,
        "customer.value = 60.0001 EUR": True,
    }
    assert not found.missed


def test_a_loop_is_passed_to_its_bound() -> None:
    found = cover(
        program_of(
            SHOP
            + "journey j { enter on came; stage s { repeat up to 3 times until order { touchpoint t { }\nwait 1d } } }"
        )
    )
    assert not found.missed
    assert {part.way for part in found.parts if part.kind == "rounds"} == {"all 3 rounds"}


def test_a_reason_for_each_impossible_part() -> None:
    text = """journey j {
  enter on came if customer.tier == bronze
  on order exit won
  stage s {
    wait 1d
    if customer.tier == gold { touchpoint lounge { } }
    wait for order up to 2d { touchpoint never_there { } }
    repeat up to 2 times { touchpoint again { }
      exit left }
  }
}"""
    said = missed(cover(program_of(SHOP + text)))
    assert said["branch s/if: yes"] == "`customer.tier == gold` is never true for those who come to it"
    assert said["step lounge: "] == "nobody comes to `lounge`"
    assert said["wait s/wait_for: order"] == "something else always ends the wait before"
    assert said["step never_there: "] == "nobody comes to `never_there`"
    assert said["rounds s/repeat: all 2 rounds"] == "something always ends the loop before"


def test_too_large_is_told_as_such() -> None:
    found = cover(
        program_of(SHOP + "journey j { enter on came; stage s { if customer.value > 1 EUR { touchpoint t { } } } }"),
        budget=0,
    )
    assert not found.complete
    assert all(not one.known for one in found.missed)


def test_one_customer_where_there_is_one_way() -> None:
    found = cover(program_of(SHOP + "journey j { enter on came; stage s { touchpoint t { } } }"))
    assert len(found.samples) == 1
    assert not found.missed


def test_without_a_beginning_the_reason_is_told() -> None:
    found = cover(program_of(SHOP + "journey j { stage s { touchpoint t { } } }"))
    assert found.samples == ()
    assert set(missed(found).values()) == {"the journey has no `enter` line, and a scenario begins with one"}


def test_a_puzzle_ends_within_the_budget() -> None:
    """3-SAT as a journey: what was not looked at is told so."""
    chance = random.Random(3)  # noqa: S311 - no secret
    names = [f"a{n}" for n in range(20)]
    lines = [f"touchpoint t{n} {{ }}" for n in range(2)]
    for _ in range(84):
        three = (f"{chance.choice(('', 'not '))}customer.{one}" for one in chance.sample(names, 3))
        lines.insert(1, f"if not ({' or '.join(three)}) {{ exit lost }}")
    attributes = "\n".join(f"{name}: yes_no = no fixed" for name in names)
    text = (
        f"customer {{ {attributes} }}\nevent came\njourney j {{ enter on came; stage s {{ {chr(10).join(lines)} }} }}"
    )
    found = cover(program_of(text), budget=3_000)
    assert not found.complete
    assert found.samples
    assert not any(one.known for one in found.missed)


def test_names_in_persian() -> None:
    text = """
customer { نقره: yes_no = no }
event آمد
journey سفر { enter on آمد
  stage نخست { if customer.نقره { touchpoint سلام { } } otherwise { touchpoint خوش‌آمد { } } } }
"""
    found = cover(program_of(text, "سفر"))
    assert len(found.samples) == 2
    assert not found.missed


def test_who_can_only_come_on_one_weekday_is_found() -> None:
    text = "journey j { enter on came if weekday == sunday; stage s { if customer.tier == gold { touchpoint t { } } } }"
    assert not cover(program_of(SHOP + text)).missed


def test_where_nobody_was_found_a_branch_is_not_called_settled() -> None:
    """That no customer was found who comes to a branch says nothing of its condition."""
    text = (
        "journey j { enter on came if count(called) >= 90; stage s { wait 1d\nif customer.tier == gold { exit won } } }"
    )
    found = cover(program_of(SHOP + text))
    assert found.missed
    assert not any(one.known for one in found.missed)
