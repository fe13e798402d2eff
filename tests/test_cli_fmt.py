"""`safar fmt` and `safar convert` on the command line."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.errors import JourneyError, SelectionError

LOOSE = 'team   crm "Care"# why\n'
TIDY = 'team crm "Care"  # why\n'
BROKEN = "team crm {\n"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys" / "a.journey").write_text(LOOSE, encoding="utf-8")
    (tmp_path / "journeys" / "b.journey.yaml").write_text("tags:\n    x: \n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def texts(shop: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted((shop / "journeys").iterdir())]


def test_fmt_writes_the_project(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "a.journey").chmod(0o600)
    assert cli.main(["fmt"]) == 0
    assert texts(shop) == [TIDY, "tags:\n  x:\n"]
    assert stat.S_IMODE((shop / "journeys" / "a.journey").stat().st_mode) == 0o600
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("2 files, 2 laid out\n")
    assert cli.main(["fmt", "--check"]) == 0


def test_a_file_that_is_laid_out_is_not_written(shop: Path) -> None:
    file = shop / "journeys" / "a.journey"
    file.write_text(TIDY, encoding="utf-8")
    os.utime(file, (1, 1))
    assert cli.main(["fmt", "-q"]) == 0
    assert file.stat().st_mtime == 1


def test_check_writes_nothing(shop: Path, capsys: Output) -> None:
    before = texts(shop)
    assert cli.main(["fmt", "--check", "journeys/a.journey"]) == 1
    assert texts(shop) == before
    assert "would lay out journeys/a.journey" in capsys.readouterr().err


def test_diff_is_one(shop: Path, capsys: Output) -> None:
    before = texts(shop)
    assert cli.main(["fmt", "--diff", "journeys/a.journey"]) == 1
    assert texts(shop) == before
    out = capsys.readouterr().out
    assert out.split("\n") == [
        "--- journeys/a.journey",
        "+++ journeys/a.journey",
        "@@ -1 +1 @@",
        f"-{LOOSE[:-1]}",
        f"+{TIDY[:-1]}",
        "",
    ]


def test_a_broken_file_stays_and_the_others_are_laid_out(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "c.journey").write_text(BROKEN, encoding="utf-8")
    assert cli.main(["fmt"]) == 1
    assert texts(shop) == [TIDY, "tags:\n  x:\n", BROKEN]
    assert "journeys/c.journey:1" in capsys.readouterr().err


def test_a_symbolic_link_is_not_followed(shop: Path) -> None:
    link = shop / "journeys" / "c.journey"
    link.symlink_to(shop / "journeys" / "a.journey")
    assert cli.main(["fmt", "-q", "journeys/c.journey"]) == 1
    assert link.is_symlink()
    assert texts(shop)[0] == LOOSE


@pytest.mark.parametrize(
    ("given", "options", "wanted"),
    [
        (LOOSE, [], TIDY),
        ("teams:\n    a: b\n", [], "teams:\n  a: b\n"),
        ("\ufeff" + LOOSE, ["--as", "dsl"], TIDY),
        ("{teams: {a:  b}}", ["--as", "yaml"], "{teams: {a: b}}\n"),
        ("", [], ""),
    ],
)
def test_standard_input(
    given: str, options: list[str], wanted: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    assert cli.main(["fmt", "-", *options]) == 0
    assert capsys.readouterr().out == wanted


def test_broken_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    assert cli.main(["fmt", "-"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "text.journey:1" in said.err


def test_wrong_use(shop: Path) -> None:
    assert cli.main(["fmt", "nothing.journey"]) == 2
    assert cli.main(["fmt", "-", "journeys"]) == 2


def test_a_fault_is_exit_code_3(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr("safar.dsl.fmt._layout", lambda text, *, is_yaml: "")
    monkeypatch.delenv("SAFAR_DEBUG", raising=False)
    assert cli.main(["fmt"]) == 3
    assert texts(shop)[0] == LOOSE
    assert "a fault in Safar" in capsys.readouterr().err


# --- convert


def test_convert_to_the_output_and_to_a_file(shop: Path, capsys: Output) -> None:
    assert cli.main(["convert", "journeys/a.journey", "--to", "yaml"]) == 0
    said = capsys.readouterr()
    assert said.out == "# why\nteams:\n  crm: Care\n"
    assert cli.main(["convert", "journeys/a.journey", "--to", "yaml", "-o", "a.journey.yaml"]) == 0
    assert (shop / "a.journey.yaml").read_text(encoding="utf-8") == said.out
    assert cli.main(["convert", "a.journey.yaml", "--to", "dsl"]) == 0
    assert capsys.readouterr().out == '# why\nteam crm "Care"\n'


def test_comments_are_dropped_when_told(shop: Path, capsys: Output) -> None:
    assert cli.main(["convert", "journeys/a.journey", "--to", "yaml", "--drop-comments"]) == 0
    assert capsys.readouterr().out == "teams:\n  crm: Care\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["journeys/a.journey", "--to", "dsl"],
        ["journeys/a.journey", "--to", "yaml", "-o", "a.journey"],
        ["journeys/a.journey", "--to", "yaml", "-o", "a.yaml"],
        ["journeys", "--to", "yaml"],
        ["nothing.journey", "--to", "yaml"],
        ["journeys/a.journey"],
    ],
)
def test_wrong_conversions(arguments: list[str], shop: Path) -> None:
    assert cli.main(["convert", *arguments]) == 2


def test_a_broken_file_is_not_converted(shop: Path, capsys: Output) -> None:
    (shop / "c.journey").write_text(BROKEN, encoding="utf-8")
    assert cli.main(["convert", "c.journey", "--to", "yaml", "-o", "c.journey.yaml"]) == 1
    assert not (shop / "c.journey.yaml").exists()
    assert "c.journey:1" in capsys.readouterr().err


def test_what_the_other_spelling_cannot_say(shop: Path, capsys: Output) -> None:
    text = 'touchpoint t { send email { text "\\\\{1 + 2}" } }\nchannel email { outbound }\n'
    (shop / "c.journey").write_text(text, encoding="utf-8")
    assert cli.main(["convert", "c.journey", "--to", "yaml", "-o", "c.journey.yaml"]) == 1
    assert not (shop / "c.journey.yaml").exists()
    assert "cannot be said" in capsys.readouterr().err


def test_used_files(shop: Path) -> None:
    (shop / "other").mkdir()
    (shop / "c.journey").write_text('use "journeys/a.journey"\n', encoding="utf-8")
    kept = safar.convert("c.journey", to="yaml")
    assert kept == "use: journeys/a.journey\n"
    moved = safar.convert("c.journey", to="yaml", output="other/c.journey.yaml")
    assert moved == "use: ../journeys/a.journey\n"
    (shop / "other" / "journeys").mkdir()
    (shop / "other" / "journeys" / "a.journey.yaml").write_text("teams: {crm: Care}\n", encoding="utf-8")
    assert safar.convert("c.journey", to="yaml", output="other/c.journey.yaml") == "use: journeys/a.journey.yaml\n"


def test_the_verbs_of_the_library(shop: Path) -> None:
    laid = safar.fmt("journeys", write=False)
    assert [one.text.changed for one in laid] == [True, True]
    assert texts(shop)[0] == LOOSE
    with pytest.raises(SelectionError):
        safar.convert("journeys", to="yaml")
    (shop / "c.journey").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(JourneyError):
        safar.convert("c.journey", to="yaml")
