"""What README, CONTRIBUTING and the guides show is what happens."""

from __future__ import annotations

import doctest
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from safar import cli
from safar.checking import check_text

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    file for file in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("journeys/*.md")) if file.is_file()
)
pytestmark = pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="the documents are in the checkout only")


def blocks(file: Path) -> Iterator[tuple[str, str]]:
    """Information string and text of each fenced block."""
    info: str | None = None
    lines: list[str] = []
    for line in file.read_text(encoding="utf-8").split("\n"):
        if info is not None and line.strip() == "```":
            yield info, "\n".join(lines) + "\n"
            info, lines = None, []
        elif info is not None:
            lines.append(line)
        elif line.startswith("```"):
            info = line[3:].strip()


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_python_examples_run(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testfile(str(file), module_relative=False, encoding="utf-8").failed == 0


@pytest.mark.parametrize("file", sorted(ROOT.glob("*.md")), ids=lambda file: file.name)
def test_whole_journeys_are_green(file: Path) -> None:
    """Of blocks marked `journey` or `yaml` those with a journey and without `use` are whole files."""
    for info, text in blocks(file):
        language, _, name = info.partition(" ")
        whole = (f"\n{text}".find("\njourney ") if language == "journey" else text.find("journeys:")) >= 0
        if language in ("journey", "yaml") and whole and "use" not in text.split() and not name:
            path = "text.journey" if language == "journey" else "text.journey.yaml"
            errors = [
                f"{f.rule}: {f.message}" for f in check_text(text, path).findings if f.rule != "unused-declaration"
            ]
            assert errors == [], f"{file.name}: {text[:60]}"


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_links_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    targets = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
    for target in targets:
        if target and "://" not in target:
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_the_readme_has_two_commands() -> None:
    commands = [text for info, text in blocks(ROOT / "README.md") if info == "sh"]
    assert len(commands) == 2
    assert all(len(text.strip().split("\n")) == 1 for text in commands)


CART = """journey cart {
  on ordr_placed exit won
  enter on order_placed
  stage waiting { wait 1d }
}
event order_placed
"""


def test_the_finding_of_the_readme_is_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys" / "cart.journey").write_text(CART, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "journeys"]) == 1
    shown = next(text for info, text in blocks(ROOT / "README.md") if info == "text" and text.startswith("error["))
    assert capsys.readouterr().out.startswith(shown)


def commands(file: Path) -> list[str]:
    return [line for _, text in blocks(file) for line in text.split("\n") if line.startswith("safar ")]


def test_the_commands_of_the_examples_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "journeys", tmp_path / "journeys")
    monkeypatch.chdir(tmp_path)
    lines = commands(ROOT / "journeys" / "README.md")
    assert len(lines) == 6
    for line in lines:
        assert cli.main([word.replace("2000", "200") for word in shlex.split(line)[1:]]) == 0, line


def test_every_page_is_in_an_index() -> None:
    """From the README every document is reached by links."""
    found: set[Path] = set()
    left = [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page not in found and page.suffix == ".md":
            found.add(page)
            targets = [part.split(")")[0].split("#")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]]
            left += [(page.parent / one).resolve() for one in targets if one and "://" not in one]
    assert {page for page in DOCUMENTS if "docs" in page.parts} - found == set()
