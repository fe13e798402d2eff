"""Everything the language allows, once in each spelling: read without findings, equal, and run alike."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from safar.checking import check_text
from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.simulate.population import simulate
from safar.engine.simulate.results import as_json

HERE = Path(__file__).parent
FILES = ("everything.journey", "everything.journey.yaml")


def text_of(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def project(name: str) -> Project:
    return read_text(text_of(name), name).project


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_found(name: str) -> None:
    assert [
        finding for finding in check_text(text_of(name), name).findings if finding.rule != "unused-declaration"
    ] == []


def test_both_spellings_give_one_model() -> None:
    one, other = map(project, FILES)
    assert one == other


def test_both_spellings_run_alike() -> None:
    runs = [
        simulate(project(name), "abandoned_cart", customers=None, n=30, seed=3, start=None, progress=None)
        for name in FILES
    ]
    one, other = (msgspec.json.encode(as_json(run)) for run in runs)
    assert one == other
    assert b'"delivered"' in one
