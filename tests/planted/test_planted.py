"""The example journeys with mistakes planted in them: each is found once, on its line, and nothing else is.

`# <- rule-name` at the end of a line says what must be found there; what these files use are the examples' own files.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar.checking import check_text

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "journeys"
FILES = sorted(file for file in HERE.iterdir() if ".journey" in file.name)
_MARK = re.compile(r"# <- ([a-z0-9-]+)$")


def used(file: Path) -> dict[str, str]:
    """The example files that a file may use, by their paths."""
    folder = EXAMPLES / ("yaml" if file.suffix == ".yaml" else "dsl")
    return {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir() if ".journey" in one.name}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_planted_mistake_is_found_once_and_nothing_else(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    marks = [(at, mark[1]) for at, line in enumerate(text.split("\n"), 1) if (mark := _MARK.search(line))]
    files = used(file)
    files.pop(file.name, None)
    found = [
        (finding.span.source.position(finding.span.start)[0], finding.rule)
        for finding in check_text(text, file.name, files).findings
        if finding.rule != "unused-declaration"
    ]
    assert sorted(found) == marks


def test_there_are_many_of_many_kinds() -> None:
    marks = [
        mark[1]
        for file in FILES
        for line in file.read_text(encoding="utf-8").split("\n")
        if (mark := _MARK.search(line))
    ]
    assert len(marks) > 300
    assert len(set(marks)) > 35
