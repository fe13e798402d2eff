"""`--baseline` and `--since`: findings that were there before."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.errors import SelectionError

Output = pytest.CaptureFixture[str]

BAD = """event visited
journey cart "Cart" {
  enter on visited
  stage first_one {
    wait 0d
    exit lost
  }
}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one finding, committed; the project is a folder of the repository."""
    folder = tmp_path / "repository" / "shop"
    (folder / "journeys").mkdir(parents=True)
    (folder / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (folder / "journeys" / "cart.journey").write_text(BAD, encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git("init", "-q", "-b", "main", "..")
    git("add", "-A")
    git("commit", "-q", "-m", "before")
    return folder


def git(*arguments: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *names, *arguments], check=True, capture_output=True)


def write(shop: Path, text: str, name: str = "cart.journey") -> None:
    (shop / "journeys" / name).write_text(text, encoding="utf-8")


def found(capsys: Output, *arguments: str) -> tuple[int, list[str], int]:
    """Exit code, rule and line of each finding, and how many were known."""
    code = cli.main(["check", "--format", "json", *arguments])
    said = json.loads(capsys.readouterr().out)
    return code, [f"{one['rule']}:{one['start']['line']}" for one in said["findings"]], said["summary"]["known"]


# --- baseline


def test_a_baseline_leaves_out_what_it_has_wherever_it_moves(shop: Path, capsys: Output) -> None:
    assert found(capsys) == (1, ["zero-wait:5"], 0)
    assert cli.main(["check", "--baseline", "known.json", "--write-baseline"]) == 0
    assert capsys.readouterr().err == "wrote 1 finding to known.json\n"
    assert found(capsys, "--baseline", "known.json") == (0, [], 1)
    write(shop, "# moved\n\n" + BAD.replace("    wait", "      wait"))
    assert found(capsys, "--baseline", "known.json") == (0, [], 1)
    write(shop, BAD.replace("wait 0d", "wait 0d\n    wait 0d"))
    assert found(capsys, "--baseline", "known.json") == (1, ["zero-wait:6"], 1)
    write(shop, BAD.replace("wait 0d", "wait 0h"))
    assert found(capsys, "--baseline", "known.json") == (1, ["zero-wait:5"], 0)
    write(shop, BAD, "other.journey")
    assert "zero-wait:5" in found(capsys, "--baseline", "known.json")[1]


def test_a_baseline_is_to_be_read_and_holds_from_any_folder(
    shop: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.main(["check", "--baseline", "known.json", "--write-baseline"])
    assert json.loads((shop / "known.json").read_text(encoding="utf-8")) == {
        "format_version": 1,
        "findings": [{"rule": "zero-wait", "path": "journeys/cart.journey", "content": "wait 0d", "count": 1}],
    }
    monkeypatch.chdir(shop.parent)
    capsys.readouterr()
    assert found(capsys, "shop", "--baseline", "shop/known.json") == (0, [], 1)


def test_a_baseline_that_is_too_long_is_told(shop: Path, capsys: Output) -> None:
    cli.main(["check", "--baseline", "known.json", "--write-baseline"])
    write(shop, BAD.replace("wait 0d", "wait 1d"))
    capsys.readouterr()
    assert cli.main(["check", "--baseline", "known.json"]) == 0
    assert capsys.readouterr().err == "1 finding of known.json no longer there: --write-baseline again\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no baseline known.json; `--write-baseline` writes it"),
        ("", "is no baseline"),
        ("[]", "is no baseline"),
        ('{"format_version": 2, "findings": []}', "version 2, not 1"),
        ('{"format_version": 1, "findings": [{"rule": 1}]}', "is no baseline"),
        ("[" * 100_000, "is no baseline"),
    ],
)
def test_a_wrong_baseline_is_wrong_use(shop: Path, capsys: Output, text: str | None, said: str) -> None:
    if text is not None:
        (shop / "known.json").write_text(text, encoding="utf-8")
    assert cli.main(["check", "--baseline", "known.json"]) == 2
    assert said in capsys.readouterr().err


def test_wrong_settings_are_never_left_out(shop: Path, capsys: Output) -> None:
    (shop / "safar.toml").write_text("[chek]\n", encoding="utf-8")
    assert cli.main(["check", "--baseline", "known.json", "--write-baseline"]) == 2
    capsys.readouterr()
    assert found(capsys, "--baseline", "known.json")[:2] == (2, ["unknown-setting:1"])
    git("commit", "-qam", "wrong settings")
    assert found(capsys, "--since", "HEAD")[:2] == (2, ["unknown-setting:1"])


UNREADABLE = BAD.replace("exit lost", "exitt lost").replace("on visited", "on visitid")


def test_errors_of_reading_are_never_left_out(shop: Path, capsys: Output) -> None:
    """A journey that cannot be read is nowhere a green build, however long it has been so."""
    write(shop, UNREADABLE)
    cli.main(["check", "--baseline", "known.json", "--write-baseline"])
    assert [one["rule"] for one in json.loads((shop / "known.json").read_text(encoding="utf-8"))["findings"]] == [
        "zero-wait"
    ]
    capsys.readouterr()
    there = ["unknown-name:3", "unknown-statement:6"]
    assert found(capsys, "--baseline", "known.json") == (1, there, 1)
    git("commit", "-qam", "unreadable")
    assert found(capsys, "--since", "HEAD") == (1, there, 1)


# --- since


def test_only_what_is_new_since_a_revision(shop: Path, capsys: Output) -> None:
    assert found(capsys, "--since", "main") == (0, [], 1)
    write(shop, "# moved\n" + BAD.replace("exit lost", "wait 0m\n    exit lost"))
    assert found(capsys, "--since", "HEAD") == (1, ["zero-wait:7"], 1)
    write(shop, BAD.replace("cart", "new").replace("event visited", 'use "cart.journey"'), "new.journey")
    assert found(capsys, "journeys/new.journey", "--since", "main") == (1, ["zero-wait:5"], 0)


def test_what_a_later_rule_setting_finds_in_old_text_is_not_new(shop: Path, capsys: Output) -> None:
    (shop / "safar.toml").write_text('[project]\nname = "shop"\n[check]\nignore = ["zero-wait"]\n', encoding="utf-8")
    git("commit", "-qam", "quiet")
    (shop / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    assert found(capsys, "--since", "main") == (0, [], 1)


def test_fix_mends_only_what_is_new(shop: Path) -> None:
    write(shop, BAD.replace("on visited", "on Visited"))
    git("commit", "-qam", "an old mistake")
    write(shop, BAD.replace("on visited", "on Visited").replace("0d", "2 days"))
    done = safar.fix(since="main")
    assert [rule for change in done.changes for rule in change.rules] == ["foreign-spelling"]


@pytest.mark.parametrize(
    "revision", ["nowhere", "--upload-pack=touch planted", "-h", "", "a\0b", "main:shop", "$(touch planted)", "@{-1}"]
)
def test_an_unknown_revision_is_wrong_use(shop: Path, capsys: Output, revision: str) -> None:
    with pytest.raises(SelectionError, match="revision"):
        safar.check(since=revision)
    assert cli.main(["check", f"--since={revision}"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (shop / "planted").exists()


def test_without_a_repository_or_without_git(
    tmp_path: Path, shop: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    lonely = tmp_path / "lonely.journey"
    lonely.write_text(BAD, encoding="utf-8")
    assert cli.main(["check", str(lonely), "--since", "main"]) == 2
    assert "needs a git repository" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["check", "--since", "main"]) == 2
    assert "`--since` needs git, which is not installed here" in capsys.readouterr().err


def test_no_program_of_the_repository_runs(shop: Path, capsys: Output) -> None:
    planted = shop.parent / "planted.sh"
    planted.write_text(f"#!/bin/sh\ntouch '{shop}/ran'\ncat\n", encoding="utf-8")
    planted.chmod(0o755)
    (shop.parent / ".gitattributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    git("add", "-A", "..")
    git("commit", "-qm", "attributes")
    for name in ("core.fsmonitor", "core.pager", "core.editor", "filter.evil.smudge", "diff.evil.textconv"):
        git("config", name, str(planted))
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (shop.parent / ".git" / "hooks").mkdir(exist_ok=True)
        (shop.parent / ".git" / "hooks" / hook).symlink_to(planted)
    (shop / "ran").unlink(missing_ok=True)
    assert found(capsys, "--since", "main") == (0, [], 1)
    assert not (shop / "ran").exists()


def test_links_and_odd_paths_of_a_revision_are_passed_over(shop: Path, tmp_path: Path, capsys: Output) -> None:
    outside = tmp_path / "outside.journey"
    outside.write_text(BAD, encoding="utf-8")
    (shop / "journeys" / "link.journey").symlink_to(outside)
    (shop / "journeys" / "سفر و\nعجیب.journey").write_text(BAD.replace("cart", "odd"), encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "odd")
    (shop / "journeys" / "link.journey").unlink()
    code, rules, known = found(capsys, "--since", "main")
    assert (code, rules) == (0, [])
    assert known >= 2
