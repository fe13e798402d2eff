"""Mistakes of everyday work, one at a time, in both spellings: each is named at its words, and mending those ends it.

`mistakes.yaml` has, for each, what is right in the files beside it and what was written instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from safar.checking import check_text

HERE = Path(__file__).parent
ENDINGS = {"journey": ".journey", "yaml": ".journey.yaml"}
RIGHT = {spelling: (HERE / f"refill{end}").read_text(encoding="utf-8") for spelling, end in ENDINGS.items()}


class Planted(NamedTuple):
    mistake: str
    spelling: str
    right: str
    wrong: str
    rule: str
    words: str


PLANTED = [
    Planted(one["mistake"], spelling, **(one.get(spelling) or one["journey"]))
    for one in yaml.safe_load((HERE / "mistakes.yaml").read_text(encoding="utf-8"))
    for spelling in ENDINGS
]


def found(text: str, spelling: str) -> list[tuple[str, str]]:
    return [(one.rule, one.span.text) for one in check_text(text, f"refill{ENDINGS[spelling]}").findings]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one.spelling}: {one.mistake}")
def test_a_mistake_is_named_at_its_words(planted: Planted) -> None:
    text = RIGHT[planted.spelling]
    assert text.count(planted.right) == 1
    seen = found(text.replace(planted.right, planted.wrong), planted.spelling)
    assert seen[0] == (planted.rule, planted.words)
    assert {rule for rule, _ in seen} == {planted.rule}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one.spelling}: {one.mistake}")
def test_its_finding_tells_what_to_do(planted: Planted) -> None:
    text = RIGHT[planted.spelling].replace(planted.right, planted.wrong)
    finding = check_text(text, f"refill{ENDINGS[planted.spelling]}").findings[0]
    assert finding.help or "is called" in finding.message


@pytest.mark.parametrize("spelling", ENDINGS)
def test_mended_nothing_is_found(spelling: str) -> None:
    assert found(RIGHT[spelling], spelling) == []


def test_there_are_thirty() -> None:
    assert len({one.mistake for one in PLANTED}) >= 30
