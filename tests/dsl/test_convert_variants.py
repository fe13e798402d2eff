"""Journeys with noise in them, converted there and back: the same is said, no comment is lost, and it is stable."""

from __future__ import annotations

import importlib.util
import os
import random
from pathlib import Path
from types import ModuleType

import pytest

from safar.dsl.convert import comparable, convert_text
from safar.dsl.files import parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.read import read_text
from safar.dsl.twins import twin
from safar.engine.source import Source


def _noise() -> ModuleType:
    spec = importlib.util.spec_from_file_location("noise", Path(__file__).with_name("test_fmt_variants.py"))
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


NOISE = _noise()
VARIANTS = int(30 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))


def said(text: str, path: str) -> object:
    loaded = parse(Source(path, text), DEFAULT_LIMITS)
    assert not loaded.findings
    return comparable(loaded.tree)


def there_and_back(text: str, path: str) -> None:
    is_yaml = path.endswith("yaml")
    spellings = ("dsl", "yaml") if is_yaml else ("yaml", "dsl")
    names = ("x.journey", "x.journey.yaml") if is_yaml else ("x.journey.yaml", "x.journey")
    there = convert_text(text, path, spellings[0])
    assert there.findings == ()
    back = convert_text(there.text, names[0], spellings[1])
    assert said(back.text, names[1]) == said(text, path)
    assert sorted(comments(back.text, names[1])) == sorted(comments(text, path))
    again = convert_text(back.text, names[1], spellings[0])
    assert again.text == there.text


@pytest.mark.parametrize("paths", [NOISE.TEXTS, NOISE.YAMLS], ids=["dsl", "yaml"])
def test_the_models_are_equal(paths: list[Path]) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in paths}
    to = "yaml" if paths is NOISE.TEXTS else "dsl"
    others = {twin(name): convert_text(text, name, to, called=twin).text for name, text in files.items()}
    for name, text in files.items():
        there = read_text(others[twin(name)], twin(name), files=others)
        assert there.project == read_text(text, name, files=files).project
        assert there.findings == ()


@pytest.mark.parametrize("path", [*NOISE.TEXTS, *NOISE.YAMLS], ids=lambda path: path.name)
def test_examples(path: Path) -> None:
    there_and_back(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("path", NOISE.TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(VARIANTS))
def test_text(path: Path, seed: int) -> None:
    noisy, _ = NOISE.noisy_text(path.read_text(encoding="utf-8"), random.Random(f"{path.name}{seed}"))  # noqa: S311
    there_and_back(noisy, path.name)


@pytest.mark.parametrize("path", NOISE.YAMLS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(VARIANTS))
def test_yaml(path: Path, seed: int) -> None:
    noisy, _ = NOISE.noisy_yaml(path.read_text(encoding="utf-8"), random.Random(f"{path.name}{seed}"))  # noqa: S311
    there_and_back(noisy, path.name)


QUOTED = """rules:
  a: 'never email unless customer.n == "it''s"'  # why
"""


def test_a_rule_in_quotation_marks_keeps_its_words() -> None:
    there_and_back(QUOTED, "a.journey.yaml")
    made = convert_text(QUOTED, "a.journey.yaml", "dsl").text
    assert made == '# why\nrule a { never email unless customer.n == "it\'s" }\n'


def test_comments_in_a_rule_go_with_its_statement() -> None:
    text = "rule a {\n  # before\n  never email  # beside\n  # behind\n}\n"
    there_and_back(text, "a.journey")
    made = convert_text(text, "a.journey", "yaml").text
    assert made == "rules:\n  a:\n    # before\n    # beside\n    never: email\n    # behind\n"


def test_a_path_that_begins_with_any_stops() -> None:
    text = 'scenario "S" for j { expect path ..., a, ... }\n'
    assert format_text(text, "a.journey").after == text
    assert convert_text(text, "a.journey", "yaml").text.endswith("- path: ..., a, ...\n")
    there_and_back(text, "a.journey")
