"""`safar cover` and `safar test --create`: sample customers in words and as scenarios that pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import safar
from safar import cli

JOURNEYS = Path(__file__).parents[1] / "journeys" / "dsl"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("safar.toml", "vocabulary.journey", "abandoned_cart.journey"):
        shutil.copy(JOURNEYS / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_customers_are_told_and_what_nobody_passes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cover", "abandoned_cart"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("abandoned_cart: ")
    assert "opened(reminder)" in said
    assert "sms_ok = yes" in said
    assert "nobody can pass:" in said
    assert "something else always ends" in " ".join(said.split())


@pytest.mark.parametrize("name", ["cover.journey", "cover.journey.yaml"])
def test_the_scenarios_pass_and_cover_all(shop: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cover", "abandoned_cart", "-o", name, "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    tests = safar.test(name)
    assert all(one.verdict.value == "passed" for one in tests.tested)
    missed = [part for part in tests.coverage[0].parts if not part.covered]
    assert [(part.kind, part.way) for part in missed] == [("wait", "order_placed")]


def test_test_creates_them_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["test", "abandoned_cart", "--create", "all.journey"]) == 0
    text = (shop / "all.journey").read_text(encoding="utf-8")
    assert capsys.readouterr().out == text
    assert text.count("scenario ") >= 3


def test_no_file_is_overwritten(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "mine.journey").write_text("# mine", encoding="utf-8")
    assert cli.main(["cover", "abandoned_cart", "-o", "mine.journey"]) == 2
    assert "not overwritten" in capsys.readouterr().err
    assert (shop / "mine.journey").read_text(encoding="utf-8") == "# mine"


def test_whom_without_a_customer_is_wrong_use(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["test", "abandoned_cart", "--create", "all.journey", "--seed", "3"]) == 2
    assert "--customer" in capsys.readouterr().err


def test_a_journey_that_is_not_there(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cover", "abandoned_cert"]) == 2
    assert "did you mean `abandoned_cart`" in capsys.readouterr().err


def test_of_the_api(shop: Path) -> None:
    found = safar.cover("abandoned_cart")
    assert found.text == ""
    assert all(sample.story.runs for sample in found.cover.samples)
    assert {part for sample in found.cover.samples for part in map(id, sample.parts)} == {
        id(part) for part in found.cover.parts if part.covered
    }
