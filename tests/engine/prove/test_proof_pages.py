"""The pages on rules: each shows a journey that keeps its rule and one that breaks it, with the real answers.

`SAFAR_WRITE_PAGES=1` writes layout and real answers into the pages instead; `git diff` shows what became of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.test_howto import lived

FOLDER = Path(__file__).parents[3] / "docs" / "proofs"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.name != "README.md")
TIME = re.compile(r"\b\d+(?:\.\d+)? m?s\b")
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the documents are in the checkout only")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_one_is_proved_and_one_refuted_as_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown, now = page.read_text(encoding="utf-8"), lived(page)
    answers = dict(re.findall(r"^\$ safar prove (\w+)\.journey$.*?^  (\w+) ", now, re.MULTILINE | re.DOTALL))
    assert answers == {"proved": "proved", "refuted": "refuted"}
    if os.environ.get("SAFAR_WRITE_PAGES"):
        page.write_text(now, encoding="utf-8")
    else:
        assert TIME.sub("", now) == TIME.sub("", shown)


def test_every_form_has_its_page() -> None:
    table = re.findall(r"^\| \[`(.+?)`\]\((\S+)\)", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(name for _, name in table) == [page.name for page in PAGES]
    for form, name in table:
        assert (FOLDER / name).read_text(encoding="utf-8").startswith(f"# `{form}`\n")
