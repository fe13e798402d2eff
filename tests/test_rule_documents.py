"""The index of the rules, the comparison with other tools, and the pages in other languages agree with the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar import pages
from safar.pages import Page

ROOT = Path(__file__).parent.parent / "docs" / "rules"
PACKAGE = Path(pages.__file__).parent
PERSIAN = sorted(file for file in PACKAGE.rglob("*.fa.md"))
in_checkout = pytest.mark.skipif(not ROOT.is_dir(), reason="the documents are in the checkout only")


@in_checkout
def test_the_index_is_made_from_the_pages() -> None:
    """`safar rules --format markdown > docs/rules/README.md` writes it."""
    assert (ROOT / "README.md").read_text(encoding="utf-8") == pages.index()


@in_checkout
def test_the_comparison_names_rules_that_there_are() -> None:
    text = (ROOT / "coverage.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`( \(off\))?", text)
    known = {page.name: page.default for page in pages.rules()}
    assert {name for name, _ in named} <= known.keys() | {"fail-level"}
    assert [name for name, off in named if name in known and bool(off) == known[name]] == []
    assert {row.count("|") for row in text.split("\n") if row.startswith("|")} == {3}


def test_thirty_pages_are_in_persian() -> None:
    assert len(PERSIAN) >= 30


@pytest.mark.parametrize("file", PERSIAN, ids=lambda file: file.name)
def test_a_persian_page_is_that_of_the_rule(file: Path) -> None:
    other = pages.parse(file.read_text(encoding="utf-8"))
    page = pages.find(other.name)
    assert page is not None
    assert file.name == f"{page.name}.fa.md"
    assert (other.code, other.severity, other.default) == (page.code, page.severity, page.default)
    assert len(other.text.split("\n\n")) > 2
    assert not other.bad and not other.good
    assert not set("يكى٠١٢٣٤٥٦٧٨٩") & set(other.text)


def test_a_translated_page_has_the_examples_of_the_english_one() -> None:
    page = pages.find("zero-wait")
    assert isinstance(page, Page)
    other = pages.translated(page, "fa")
    assert other is not None
    assert other.text.split("\n## ", 1)[1] == page.text.split("\n## ", 1)[1]
    assert other.summary != page.summary
