"""What people write in place of the language: one finding, at the right words, whose help says what to write."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from safar.checking import check_text
from safar.engine.diagnostic import Diagnostic

HERE = Path(__file__).parent / "said"
SHOPS = {file.name: file.read_text(encoding="utf-8") for file in HERE.iterdir() if ".journey" in file.name}
MISTAKES = tomllib.loads((HERE / "said.toml").read_text(encoding="utf-8"))["mistake"]


def found(name: str, text: str) -> list[Diagnostic]:
    return [one for one in check_text(text, name).findings if one.rule != "unused-declaration"]


@pytest.mark.parametrize("name", sorted(SHOPS))
def test_without_a_mistake_there_is_no_finding(name: str) -> None:
    assert found(name, SHOPS[name]) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one['name']}-{one['file']}")
def test_a_mistake_is_one_finding_at_its_words(mistake: dict[str, str]) -> None:
    shop = SHOPS[mistake["file"]]
    assert mistake["instead_of"] in shop
    findings = found(mistake["file"], shop.replace(mistake["instead_of"], mistake["is"], 1))
    assert [(one.rule, one.span.text, one.help) for one in findings] == [
        (mistake["rule"], mistake["at"], mistake["help"])
    ]


def test_there_are_many_in_both_spellings() -> None:
    assert len(MISTAKES) > 300
    assert len({one["rule"] for one in MISTAKES}) > 15
    names = [{one["name"] for one in MISTAKES if one["file"] == file} for file in SHOPS]
    assert len(names[0] & names[1]) > 120


def test_most_say_what_to_write() -> None:
    silent = [one["name"] for one in MISTAKES if not one["help"]]
    assert len(silent) < len(MISTAKES) / 20, silent
