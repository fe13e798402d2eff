"""The examples of the language's reference are whole files, with no finding, and say the same in both spellings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar.checking import check_text
from safar.dsl.read import read_text

FOLDER = Path(__file__).parents[1] / "docs" / "language"
PAGES = ("rules.md", "tests.md", "plans.md")
FENCES = re.compile(r"```(journey|yaml)(?: (\S+))?\n(.*?)```", re.DOTALL)
ENDINGS = {"journey": "text.journey", "yaml": "text.journey.yaml"}


def examples(page: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The files that others use, and the others: language and text."""
    found = FENCES.findall((FOLDER / page).read_text(encoding="utf-8"))
    return {name: text for _, name, text in found if name}, [(kind, text) for kind, name, text in found if not name]


@pytest.mark.parametrize("page", PAGES)
def test_examples_give_no_finding(page: str) -> None:
    files, texts = examples(page)
    assert texts
    for name, text in files.items():
        assert {f.rule for f in check_text(text, name).findings} <= {"unused-declaration"}
    for kind, text in texts:
        found = [f.message for f in check_text(text, ENDINGS[kind], files).findings if f.rule != "unused-declaration"]
        assert found == []


@pytest.mark.parametrize("page", ["tests.md", "plans.md"])
def test_both_spellings_say_the_same(page: str) -> None:
    files, texts = examples(page)
    kinds = dict(reversed(texts))
    text = next(text for kind, text in texts if kind == "journey")
    left, right = (
        read_text(one, ENDINGS[kind], files=files) for kind, one in (("journey", text), ("yaml", kinds["yaml"]))
    )
    assert left.project == right.project
