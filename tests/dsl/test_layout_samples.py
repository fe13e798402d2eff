"""Everything that the documents show is laid out and converted without a loss; the examples are laid out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar.dsl import tree
from safar.dsl.convert import ConversionError, comparable, convert_text
from safar.dsl.files import parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.limits import DEFAULT_LIMITS
from safar.engine.source import Source

ROOT = Path(__file__).parents[2]
FENCES = re.compile(r"^```(journey|yaml)( [^\n]*)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [*sorted((ROOT / "safar").rglob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
JOURNEYS = sorted((ROOT / "journeys").rglob("*.journey*"))


def samples() -> list[tuple[str, str]]:
    """Path and text of each sample that can be read: files, and steps put into one."""
    found: list[tuple[str, str]] = []
    for page in PAGES:
        for match in FENCES.finditer(page.read_text(encoding="utf-8")):
            path = f"{page.stem}-{match.start()}.journey" + (".yaml" if match[1] == "yaml" else "")
            text = match[3]
            if (match[2] or "").strip() == "steps":
                lines = "\n          ".join(["", *text.rstrip("\n").split("\n")])
                text = (
                    f"journeys:\n  j:\n    stages:\n      - stage: s\n        steps:{lines}\n"
                    if match[1] == "yaml"
                    else f"journey j {{ stage s {{\n{text}\n}} }}"
                )
            if not parse(Source(path, text), DEFAULT_LIMITS).findings:
                found.append((path, text))
    return found


SAMPLES = samples()


def is_crowded(text: str, path: str) -> bool:
    """Whether a rule says more than one thing, which is a mistake and has no keys in YAML."""
    rules = [one for one in parse(Source(path, text), DEFAULT_LIMITS).tree.statements if one.form == "rule"]
    bodies = [one.values["then"] for one in rules]
    return any(isinstance(body, tree.Block) and len(body.statements) > 1 for body in bodies)


def test_there_are_samples() -> None:
    assert len(SAMPLES) > 100


@pytest.mark.parametrize(("path", "text"), SAMPLES, ids=[path for path, _ in SAMPLES])
def test_sample(path: str, text: str) -> None:
    made = format_text(text, path).after
    assert comments(made, path) == comments(text, path)
    assert format_text(made, path).after == made
    to, other = ("dsl", "x.journey") if path.endswith("yaml") else ("yaml", "x.journey.yaml")
    if to == "yaml" and is_crowded(text, path):
        with pytest.raises(ConversionError, match="says one thing"):
            convert_text(text, path, to)
        return
    there = convert_text(text, path, to).text
    back = convert_text(there, other, "yaml" if to == "dsl" else "dsl").text
    assert sorted(comments(back, path)) == sorted(comments(text, path))
    said = [parse(Source(path, one), DEFAULT_LIMITS).tree for one in (text, back)]
    assert comparable(said[0]) == comparable(said[1])
    assert convert_text(back, path, to).text == there


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.name)
def test_examples_are_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text, path.name).after == text
