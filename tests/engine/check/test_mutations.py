"""Journeys with a statement dropped, doubled or moved: no rule crashes, and one mistake is not told many times."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from safar.dsl.project import find_home
from safar.dsl.read import read_text
from safar.engine.check import OFF, check

ROOT = Path(__file__).parents[3] / "journeys" / "dsl"
FILES = sorted(file.name for file in ROOT.glob("*.journey") if file.name != "vocabulary.journey")
CASES = int(float(os.environ.get("SAFAR_TEST_SCALE", "0.1")) * 200)
MOST = 8
"""Findings of one mutation, those of reading included."""

pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="the example journeys are in the checkout only")


def mutated(text: str, chance: random.Random) -> str:
    """The text with one line or one whole block dropped, doubled, or exchanged with the line after it."""
    lines = text.split("\n")
    spots = [
        number
        for number, line in enumerate(lines)
        if line.strip() and line.strip()[0] not in "#}" and not line.startswith("use")
    ]
    spot = chance.choice(spots)
    depth, end = 0, spot
    while True:
        depth += lines[end].count("{") - lines[end].count("}")
        end += 1
        if depth <= 0 or end == len(lines):
            break
    block = lines[spot:end]
    match chance.randrange(3):
        case 0:
            lines[spot:end] = []
        case 1:
            lines[spot:end] = block + block
        case _:
            lines[spot : end + 1] = [*lines[end : end + 1], *block]
    return "\n".join(lines)


@pytest.mark.parametrize("name", FILES)
def test_one_mutation_gives_few_findings(name: str) -> None:
    files = {"vocabulary.journey": (ROOT / "vocabulary.journey").read_text(encoding="utf-8")}
    text = (ROOT / name).read_text(encoding="utf-8")
    settings = find_home(ROOT).settings
    chance = random.Random(name)  # noqa: S311 - not a secret
    for _ in range(CASES):
        changed = mutated(text, chance)
        reading = read_text(changed, name, files=files, settings=settings)
        found = [one for one in check(reading.project, reading.findings, every=True) if one.rule not in OFF]
        told = {(one.rule, one.span.key) for one in (*reading.findings, *found)}
        assert len(told) <= MOST, sorted(rule for rule, _ in told)
