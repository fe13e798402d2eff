"""Generated journeys say the same in both spellings: equal models, equal findings, equal lives of customers."""

from __future__ import annotations

import os
import random
import re

import pytest

from safar.dsl.convert import convert_text
from safar.dsl.files import parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.read import Reading, read_text
from safar.engine.check import check
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.happening import Story
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import default_start, generate
from safar.engine.simulate.world import World
from safar.engine.source import Source
from tests.generated.journeys import journey

COUNT = int(2_000 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
CUSTOMERS = 3
DSL, YAML = "a.journey", "a.journey.yaml"


def _findings(reading: Reading) -> list[tuple[str, str, str]]:
    """What is found, wherever it stands."""
    found = [*reading.findings, *check(reading.project, reading.findings, every=True)]
    return sorted((one.rule, one.severity.value, one.message) for one in found)


def _stories(project: Project) -> list[Story]:
    world = World(programs=(lower(project, project.journeys["j"]),), start=default_start(project), customers=CUSTOMERS)
    return [live(world, one) for one in generate(project, CUSTOMERS, 1, world.start)]


def _with_comments(text: str, chance: random.Random) -> str:
    """Comments on lines of their own and behind statements, a fifth of the lines each."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        draw = chance.random()
        lines += [f"# دلیل {number}"] if draw < 0.2 else []
        lines.append(f"{line}  # why {number}" if draw > 0.8 and '"' not in line and line else line)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(COUNT))
def test_models_findings_and_lives_are_equal(seed: int) -> None:
    text = journey(seed)
    dsl, yaml = read_text(text, DSL), read_text(convert_text(text, DSL, "yaml").text, YAML)
    assert dsl.project == yaml.project
    assert _findings(dsl) == _findings(yaml)
    assert _stories(dsl.project) == _stories(yaml.project)


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_word_gone_wrong_is_found_alike(seed: int) -> None:
    """One name anywhere is replaced by one that nothing declares, as long as the text can still be read."""
    text, chance = journey(seed), random.Random(seed)  # noqa: S311 - no secret
    name = chance.choice(list(re.finditer(r"[a-z_]{3,}", text)))
    broken = text[: name.start()] + "nirvana" + text[name.end() :]
    if parse(Source(DSL, broken), DEFAULT_LIMITS).findings:
        return
    converted = convert_text(broken, DSL, "yaml").text
    assert _findings(read_text(broken, DSL)) == _findings(read_text(converted, YAML))


@pytest.mark.parametrize("seed", range(0, COUNT, 5))
def test_layout_and_conversion_keep_everything(seed: int) -> None:
    text = _with_comments(journey(seed), random.Random(seed))  # noqa: S311 - no secret
    project = read_text(text, DSL).project
    laid_out = format_text(text, DSL).after
    assert format_text(laid_out, DSL).after == laid_out
    assert comments(laid_out, DSL) == comments(text, DSL)
    assert read_text(laid_out, DSL).project == project
    yaml = convert_text(text, DSL, "yaml").text
    back = convert_text(yaml, YAML, "dsl").text
    assert convert_text(back, DSL, "yaml").text == yaml
    assert format_text(yaml, YAML).after == yaml
    assert sorted(comments(back, DSL)) == sorted(comments(text, DSL))
    assert read_text(back, DSL).project == project
