"""The how-to pages: their files are put into a project of `safar init`, each command is run, and answers as shown.

`SAFAR_WRITE_PAGES=1` writes layout and real answers into the pages instead; `git diff` shows what became of them.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from safar import cli
from safar.checking import check_text
from safar.dsl.fmt import format_text
from safar.engine.diagnostic import Severity

FOLDER = Path(__file__).parents[1] / "docs" / "howto"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.name != "README.md")
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = ("journey", "yaml", "csv", "toml")
RUN = [*PAGES, *(FOLDER.parent / f"{name}.md" for name in ("testing", "site", "diff", "pressure"))]
PINNED = re.compile(r"zones \w+| in \d+\.\d s")
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the documents are in the checkout only")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `safar init shop` makes."""
    folder = tmp_path_factory.mktemp("howto") / "shop"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert cli.main(["init", str(folder)]) == 0
    return folder


def answer(line: str) -> str:
    """What a command prints, standard output and error together."""
    words = shlex.split(line)
    assert words[0] == "safar", line
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        assert cli.main(words[1:]) in (0, 1), line
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def session(text: str) -> str:
    """A console block with the answers that its commands give now."""
    commands = [line[2:] for line in text.split("\n") if line.startswith("$ ")]
    assert commands
    return "".join(f"$ {line}\n{answer(line)}" for line in commands)


def lived(page: Path) -> str:
    """The page with its journeys laid out and the answers that its commands give now, in the working folder."""

    def block(fence: re.Match[str]) -> str:
        kind, name, text = fence.groups()
        if kind == "console":
            return f"```console\n{session(text)}```"
        if kind in FILES and name:
            text = format_text(text, name).after if kind == "journey" else text
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
            return f"```{kind} {name}\n{text}```"
        return fence[0]

    return FENCE.sub(block, page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_commands_answer_as_shown(page: Path, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shop, tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    shown, now = page.read_text(encoding="utf-8"), lived(page)
    if os.environ.get("SAFAR_WRITE_PAGES"):
        page.write_text(now, encoding="utf-8")
    else:
        assert PINNED.sub("zones", now) == PINNED.sub("zones", shown)


ROW = re.compile(r"^\| D(\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_every_row_has_its_page_or_waits_for_its_command() -> None:
    rows = {int(number): place for number, _, place in ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))}
    assert list(rows) == list(range(1, 33))
    named = {name: number for number, place in rows.items() for name in re.findall(r"\]\((\S+\.md)\)", place)}
    assert sorted(named) == [page.name for page in PAGES]
    for name, number in named.items():
        assert f"(row D{number})" in (FOLDER / name).read_text(encoding="utf-8").split("\n", 1)[0]
    for place in (place for place in rows.values() if "](" not in place):
        command = re.fullmatch(r"comes with `safar (\w+)`", place)
        assert command is not None
        assert command[1] not in cli.COMMANDS


def test_each_page_is_checked_and_shows_both_spellings() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        commands = re.findall(r"^\$ safar (\w+)", text, re.MULTILINE)
        assert {"check", "convert"} <= set(commands), page.name


def test_what_is_shown_has_no_errors(shop: Path) -> None:
    """A page may show a mistake in a file whose name begins with `wrong`."""
    files = {file.name: file.read_text(encoding="utf-8") for file in (shop / "journeys").glob("*.journey")}
    for page in PAGES:
        for kind, name, text in FENCE.findall(page.read_text(encoding="utf-8")):
            if kind == "journey" and not Path(name).name.startswith("wrong"):
                found = check_text(text, Path(name).name, files).findings
                assert [one.message for one in found if one.severity is Severity.ERROR] == [], page.name
