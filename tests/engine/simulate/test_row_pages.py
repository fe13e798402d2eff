"""The examples on the pages of the rules about rows are their test."""

from __future__ import annotations

from pathlib import Path

import pytest

from safar import pages
from safar.dsl.read import read_text
from safar.engine.simulate.customers import Reader
from safar.pages import MARK, Example
from safar.tables.read import read_rows

CASES = [
    pytest.param(vocabulary, rows, id=f"{page.name}-{heading}")
    for page in pages.rules()
    if "SF650" <= page.code <= "SF659"
    for heading, blocks in (("bad", page.bad), ("good", page.good), ("near", page.near))
    for vocabulary, rows in zip(blocks[::2], blocks[1::2], strict=True)
]


@pytest.mark.parametrize(("vocabulary", "rows"), CASES)
def test_examples_give_exactly_their_marks(vocabulary: Example, rows: Example, tmp_path: Path) -> None:
    path = tmp_path / rows.file
    path.write_text("".join(line.partition(" " + MARK)[0] + "\n" for line in rows.text.splitlines()), encoding="utf-8")
    reader = Reader(read_text(vocabulary.text).project)
    if "events" in rows.file:
        reader.occurrences(read_rows(path))
    else:
        list(reader.customers(read_rows(path)))
    found = {(f.rule, f.span.source.position(f.span.start)[0]) for f in reader.findings}
    assert found == rows.marks()
