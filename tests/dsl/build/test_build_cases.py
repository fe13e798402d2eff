"""Files with planted mistakes, each marked on its line: these are found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower

CASES = sorted((Path(__file__).parent / "cases").glob("*.journey*"))


def planted(text: str) -> list[tuple[int, str]]:
    marks = []
    for number, line in enumerate(text.splitlines(), 1):
        if "# <- " in line:
            marks += [(number, rule.strip()) for rule in line.partition("# <- ")[2].split(",")]
    return sorted(marks)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_planted_mistakes_are_found_and_nothing_else(path: Path) -> None:
    text = path.read_text()
    reading = read_text(text, path.name)
    found = sorted((f.span.source.position(f.span.start)[0], f.rule) for f in reading.findings)
    assert found == planted(text)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_what_is_left_of_a_broken_file_can_be_lowered(path: Path) -> None:
    project = read_text(path.read_text(), path.name).project
    for journey in project.journeys.values():
        assert lower(project, journey).places
