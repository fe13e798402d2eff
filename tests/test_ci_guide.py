"""The build files in docs/ci.md: every `safar` line in them works, and no text of others is put into a command."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from safar import cli
from safar.renderers.findings import forms

GUIDE = Path(__file__).parent.parent / "docs" / "ci.md"
pytestmark = pytest.mark.skipif(not GUIDE.exists(), reason="the documents are in the checkout only")


def lines(part: Any) -> Iterator[str]:
    """The commands of a build file: what stands behind `run` and in `script`."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "run":
                yield value
            elif key == "script":
                yield from value
            else:
                yield from lines(value)
    elif isinstance(part, list):
        for one in part:
            yield from lines(one)


def commands() -> list[str]:
    blocks = GUIDE.read_text(encoding="utf-8").split("```yaml\n")[1:]
    return [line for block in blocks for line in lines(yaml.safe_load(block.split("```")[0]))]


def test_the_commands_of_the_guide_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "."]) == 0
    ours = [line for line in commands() if line.startswith("safar ")]
    assert len(ours) == 8
    for line in ours:
        words = shlex.split(line.split(">")[0])[1:]
        words = words[: words.index("--since")] if "--since" in words else words
        assert cli.main(words) == 0, line
    assert capsys.readouterr().out


def test_no_expression_stands_in_a_command() -> None:
    assert all("${{" not in line for line in commands())


def test_every_form_is_told() -> None:
    table = GUIDE.read_text(encoding="utf-8").split("\n\n")[2]
    assert all(f"`{form}`" in table for form in forms())
