"""The worked examples of CONTRIBUTING, put into a copy of the package: each is one file, and then it is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import safar

DOCUMENT = Path(__file__).parent.parent / "CONTRIBUTING.md"
JOURNEY = """event visited
channel site "Site" { inbound }
journey calm {
  enter on visited
  stage early {
    cool down 2w as rest
    touchpoint visit "The customer comes to the site again after having seen it once before" { at site }
  }
}
"""


def written() -> Iterator[tuple[str, str]]:
    """Path and text of each block that names a file."""
    fence, path, lines = "", "", list[str]()
    for line in DOCUMENT.read_text(encoding="utf-8").split("\n"):
        if fence and line == fence:
            if path:
                yield path, "\n".join(lines) + "\n"
            fence, lines = "", []
        elif fence:
            lines.append(line)
        elif line.startswith("```"):
            fence = "`" * (len(line) - len(line.lstrip("`")))
            path = line.removeprefix(fence).partition(" ")[2]


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the document is in the checkout only")
def test_each_example_is_one_file_that_works(tmp_path: Path) -> None:
    package = Path(safar.__file__).parent
    shutil.copytree(package, tmp_path / "safar", ignore=shutil.ignore_patterns("__pycache__"))
    files = dict(written())
    assert len(files) == 4
    for path, text in files.items():
        assert not (tmp_path / path).exists()
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "calm.journey").write_text(JOURNEY, encoding="utf-8")

    def run(*arguments: str) -> str:
        line = [sys.executable, "-m", "safar", *arguments]
        done = subprocess.run(
            line, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, check=False
        )
        assert done.stderr == b"", done.stderr.decode()
        return done.stdout.decode()

    assert run("check", "calm.journey", "--format", "rules") == '{"long-title": 1}\n'
    assert run("explain", "SF516").startswith("# long-title\n")
    assert "rest" in run("trace", "calm.journey", "--customer", "1") + run("draw", "calm.journey", "-o", "-")
