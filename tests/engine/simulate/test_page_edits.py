"""Edits that may change nothing, on the six journeys: what happens to every customer stays as it was, to the second."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.program import lower
from safar.engine.simulate.draw import draw_attributes
from safar.engine.simulate.happening import What
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import default_start
from safar.engine.simulate.world import Customer, World

FOLDER = Path(__file__).parents[3] / "journeys" / "dsl"
NAMES = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")
N = 120
SEEN = {
    What.ENTERED, What.NOT_ELIGIBLE, What.INSIDE, What.TOO_SOON, What.HELD_OUT, What.EVENT, What.DELIVERED, What.HELD,
    What.SUPPRESSED, What.ARM, What.GOAL, What.EXIT, What.UNFINISHED, What.DONE,
}  # fmt: skip
"""Everything but the passing of steps, which an edit may add."""

Edit = Callable[[str], str]
Life = list[tuple[Any, ...]]


def lives(name: str, text: str, vocabulary: str, keys: range = range(1, N + 1)) -> dict[str, Life]:
    """What happens to each customer, step names left out."""
    reading = read_text(text, f"{name}.journey", files={"vocabulary.journey": vocabulary})
    assert not [d.message for d in reading.findings if d.severity is Severity.ERROR]
    project = reading.project
    start = default_start(project)
    world = World(programs=(lower(project, project.journeys[name]),), seed=3, start=start, customers=N, words=False)
    found = {}
    for key in map(str, keys):
        persona, attributes = draw_attributes(project, 3, key, start)
        story = live(world, Customer(key=key, persona=persona, attributes=attributes))
        found[key] = [
            (one.at, one.what, one.event, one.payload, one.detail, one.touchpoint, one.value)
            for one in story.happenings
            if one.what in SEEN
        ]
    return found


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.journey").read_text(encoding="utf-8")


@functools.cache
def before(name: str) -> dict[str, Life]:
    return lives(name, text_of(name), text_of("vocabulary"))


STEP = re.compile(r"^( +)(wait |touchpoint |task |if |repeat |split )", re.MULTILINE)
"""Where a step begins in the examples, which have one a line."""


def _before_each_step(line: str) -> Edit:
    return lambda text: STEP.sub(rf"\1{line}\n\1\2", text)


def _split_wait(found: re.Match[str]) -> str:
    space, days = found[1], int(found[2])
    return f"{space}wait 7h\n{space}wait {days * 24 - 8}h\n{space}wait 60m"


def _shuffled(text: str) -> str:
    """Statements of the file in the opposite order; `use` before them, personas (whose shares lie in order) behind."""
    parts = re.split(r"^(?=\S)(?![#}])", text, flags=re.MULTILINE)
    personas = [part for part in parts if part.startswith("persona")]
    return "".join([parts[0], *(part for part in reversed(parts[1:]) if part not in personas), *personas])


GHOST = 'touchpoint ghost { send sms { text "x" }; priority high; responds { order_placed 100%; clicked 100% } }'

EDITS: dict[str, Edit] = {
    "a step that does nothing before each step": _before_each_step("set customer.city = customer.city"),
    "a branch that nobody takes before each first step of a stage": lambda text: re.sub(
        r"^(  stage [^\n]*\n(?:(?!  \}).*\n)*?)( +)(wait |touchpoint |task |if )",
        rf"\1\2if customer.orders < 0 {{ {GHOST.replace('ghost', 'GHOST')} }}\n\2\3",
        text,
        flags=re.MULTILINE,
    ),
    "a wait cut in three": lambda text: re.sub(r"^( +)wait (\d+)d$", _split_wait, text, flags=re.MULTILINE),
    "other names for steps that draw nothing": lambda text: re.sub(
        r" as (\w+)(?= \{| otherwise|$)", r" as \1_too", text
    ),
    "comments and empty lines": lambda text: text.replace("\n", "\n\n# x\n"),
}


def _numbered(text: str) -> str:
    """Each ghost with a name of its own."""
    parts = text.split("GHOST")
    return parts[0] + "".join(f"ghost{number}{part}" for number, part in enumerate(parts[1:]))


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", NAMES)
def test_edits_of_a_journey(name: str, edit: str) -> None:
    text = _numbered(EDITS[edit](text_of(name)))
    assert lives(name, text, text_of("vocabulary")) == before(name)


VOCABULARY_EDITS: dict[str, Edit] = {
    "declarations in the opposite order": _shuffled,
    "a cap that nobody reaches": lambda text: text.replace(
        "  outbound\n", "  outbound\n  at most 90 per 365d then skip\n"
    ),
    "a limit over all channels that nobody reaches": lambda text: (
        text + "\nlimit far { at most 90 per 30d then wait up to 9d }\n"
    ),
    "another attribute, event, channel, persona attribute": lambda text: (
        text.replace("  share 40%\n", "  share 40%\n  set customer.aaa = 1 to 100\n").replace(
            "customer {\n", "customer {\n  aaa: integer = 0\n", 1
        )
        + "\nevent aaa_event\nchannel aaa_channel { outbound }\n"
    ),
}


@pytest.mark.parametrize("edit", VOCABULARY_EDITS)
@pytest.mark.parametrize("name", NAMES)
def test_edits_of_the_vocabulary(name: str, edit: str) -> None:
    vocabulary = text_of("vocabulary")
    edited = VOCABULARY_EDITS[edit](vocabulary)
    assert edited != vocabulary
    assert lives(name, text_of(name), edited) == before(name)


@pytest.mark.parametrize("name", NAMES)
def test_other_customers_change_nothing(name: str) -> None:
    every_third = lives(name, text_of(name), text_of("vocabulary"), range(3, N + 1, 3))
    assert every_third == {key: before(name)[key] for key in every_third}


def test_the_edits_are_made_and_there_are_lives_to_compare() -> None:
    for name in NAMES:
        made = sum(edit(text_of(name)) != text_of(name) for edit in EDITS.values())
        assert made >= len(EDITS) - 1, "only a wait of days is not in every journey"
        assert sum(len(life) for life in before(name).values()) > 3 * N
