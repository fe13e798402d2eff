"""`safar check --watch` checks again when a file is saved."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from safar import cli

Begin = Callable[..., "subprocess.Popen[str]"]
GOOD = 'use "words.journey"\njourney j { enter on cart; stage s { wait 1h } }\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.journey").write_text(GOOD, encoding="utf-8")
    (tmp_path / "words.journey").write_text("event cart {}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def running(folder: Path, begin: Begin) -> subprocess.Popen[str]:
    return begin("check", "--watch", "--format", "concise", "-q", str(folder / "a.journey"))


def test_each_saving_is_checked(folder: Path, running: subprocess.Popen[str]) -> None:
    assert running.stderr is not None
    assert running.stdout is not None
    assert "Ctrl-C ends it" in running.stderr.readline()
    (folder / "a.journey").write_text(GOOD.replace("on cart", "on kart"), encoding="utf-8")
    assert "unknown-name" in running.stdout.readline()
    (folder / "words.journey").write_text("event kart {}\nevent kart {}\n", encoding="utf-8")  # used by it
    assert "words.journey" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=10)
    assert running.returncode == 1
    assert "Traceback" not in said


def test_a_file_that_goes_does_not_end_it(folder: Path, running: subprocess.Popen[str]) -> None:
    assert running.stderr is not None
    assert running.stdout is not None
    running.stderr.readline()
    (folder / "a.journey").unlink()
    assert "there is no file" in running.stderr.readline()
    (folder / "a.journey").write_text(GOOD.replace("on cart", "on kart"), encoding="utf-8")
    assert "unknown-name" in running.stdout.readline()


@pytest.mark.parametrize("options", [("--fix",), ("--diff",), ("--write-baseline", "--baseline", "b.json")])
def test_it_only_looks(folder: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--watch", *options, str(folder)]) == 2
    assert "only looks" in capsys.readouterr().err


def test_nothing_to_watch_ends_at_once(tmp_path: Path) -> None:
    assert cli.main(["check", "--watch", str(tmp_path / "none.journey")]) == 2
