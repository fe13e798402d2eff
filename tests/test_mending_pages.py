"""Every example of every rule's page: mending it never makes it worse, comes to an end, and leaves the good ones alone;
its findings are well-formed in every output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from safar import checking, mending, pages
from safar.checking import Checked, Choice
from safar.dsl import read
from safar.engine.diagnostic import Diagnostic, Severity
from safar.pages import Example, Page
from safar.renderers import findings
from safar.renderers.findings import Frame, Group

SCHEMA = Path(__file__).parent / "renderers" / "schemas" / "sarif-schema-2.1.0.json"
ENDINGS = {"journey": ".journey", "yaml": ".journey.yaml"}


def put(folder: Path, examples: tuple[Example, ...]) -> Iterator[Path]:
    """Write each example where it is read with the files it uses; gives those that are asked."""
    for number, example in enumerate(examples):
        if example.language in ENDINGS:
            name = example.file or f"text{number}{ENDINGS[example.language]}"
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(example.text, encoding="utf-8")
            if not example.file:
                yield file


def mended(file: Path, *, unsafe: bool) -> tuple[Checked, mending.Mended]:
    home = read.find_home(file)
    before = checking.check_home(home, [file], Choice())
    return before, mending.mend(home, [file], Choice(), unsafe=unsafe)


def errors(checked: Checked) -> int:
    return sum(one.severity is Severity.ERROR for one in checked.findings)


@pytest.mark.parametrize("page", pages.rules(), ids=lambda page: page.name)
def test_mending_the_examples_of_a_rule(page: Page, tmp_path: Path) -> None:
    (tmp_path / "safar.toml").write_text('[project]\nname = "examples"\n', encoding="utf-8")
    (tmp_path / "journeys").mkdir()
    for file in put(tmp_path / "journeys", page.bad):
        for unsafe in (False, True):
            before, done = mended(file, unsafe=unsafe)
            assert errors(done.checked) <= errors(before)
            assert len(done.checked.findings) <= len(before.findings) or errors(done.checked) < errors(before)
            mending.write(done.changes)
            again = mended(file, unsafe=unsafe)[1]
            assert again.changes == ()
    for file in put(tmp_path / "journeys", page.good):
        before, done = mended(file, unsafe=False)
        assert before.findings == () or done.changes == ()


def test_findings_of_all_pages_in_all_outputs(tmp_path: Path) -> None:
    items: list[Diagnostic] = []
    for page in pages.rules():
        for file in put(tmp_path / page.name, page.bad):
            home = read.find_home(file)
            items += checking.check_home(home, [file], Choice()).findings
    assert len({item.rule for item in items}) > 80
    groups = [Group(tuple(items))]
    frame = Frame(files=1, about=pages.find)
    written = {form: findings.form(form).findings(groups, frame) for form in findings.forms()}
    Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(json.loads(written["sarif"]))
    assert len(json.loads(written["gitlab"])) == len(items)
    assert any("codeFlows" in one for one in json.loads(written["sarif"])["runs"][0]["results"])
    assert len(written["concise"].splitlines()) == len(items)
