"""Comments, blank lines and line ends put between arbitrary tokens: nothing is lost, nothing changes, twice is once."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from safar.dsl.files import parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.tokens import Token, tokens_of
from safar.dsl.yaml_events import marks
from safar.engine.source import Source

ROOT = Path(__file__).parents[2]
TEXTS = sorted((ROOT / "journeys" / "dsl").glob("*.journey"))
YAMLS = sorted((ROOT / "journeys" / "yaml").glob("*.journey.yaml"))
VARIANTS = int(80 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
SAID = ("#", "#چرا؟", "## - a: b", "# why", "# {a; b", '# "quoted', "#\tx  ", "# safar: ignore[no-wait] so")


def tree_of(text: str, path: str) -> object:
    loaded = parse(Source(path, text), DEFAULT_LIMITS)
    assert not loaded.findings, (loaded.findings[0].message, loaded.findings[0].span.text)
    return loaded.tree


def noisy_text(text: str, chance: random.Random) -> tuple[str, int]:
    """The text with noise where it may stand, and how many comments were put in."""
    out, at, count, depth = "", 0, 0, 0
    before = ("{", 0, 0, "")
    for token in tokens_of(text):
        kind, start, end, said = token
        gap = text[at:start]
        draw = chance.random() if "#" not in gap else 1
        if not (depth or kind in ("}", "$END", "END") or _goes_on(before, said)):
            draw = max(draw, 0.3)
        if draw < 0.15:
            out += f"{chance.choice(('', ' ', '   '))}{chance.choice(SAID)}" + "\n" * chance.randint(1, 4)
            count += 1
        elif draw < 0.3:
            out += chance.choice(("\n", "\r\n", " \n\n\n\t", "\n \n"))
        elif draw < 0.5 and gap:
            gap = chance.choice((" ", "   ", "\t", "\u00a0")) if not gap.strip(" ") else gap
        out += gap + text[start:end]
        depth += (kind in ("(", "[")) - (kind in (")", "]"))
        at, before = end, token
    return out, count


def _goes_on(before: Token, said: str) -> bool:
    """Whether a line end means nothing between two tokens."""
    return before[0] in ("{", ",", "END") or before[3] in ("and", "or") or said in ("and", "or", "otherwise")


def noisy_yaml(text: str, chance: random.Random) -> tuple[str, int]:
    """Comments behind lines and between them, blank lines, spaces inside brackets, other indentation."""
    inside = {
        line
        for mark in marks(text)
        if mark.kind == "Scalar"
        for line in range(text.count("\n", 0, mark.start), text.count("\n", 0, mark.end))
    }
    step = chance.randint(1, 3)
    out: list[str] = []
    count = 0
    for number, line in enumerate(text.split("\n")):
        new = re.sub(
            "^( *)(- )?", lambda found: (found[1] * step) + ("-" + " " * (2 * step - 1) if found[2] else ""), line
        )
        new = re.sub(r"^( *(?:- +)?(?:[\w ]+: )?)\{(.*)\}$", r"\1{   \2 }", new)
        if number not in inside and chance.random() < 0.15 and line.strip() and "#" not in line:
            new += f"  {chance.choice(SAID[3:])}"
            count += 1
        out.append(new)
        if number not in inside and chance.random() < 0.15:
            out.append(" " * chance.randint(0, 12) + chance.choice(SAID))
            count += 1
        if number not in inside and chance.random() < 0.15:
            out += ["   "] * chance.randint(1, 3)
    return "\n".join(out), count


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(VARIANTS))
def test_text(path: Path, seed: int) -> None:
    text = path.read_text(encoding="utf-8")
    noisy, count = noisy_text(text, random.Random(f"{path.name}{seed}"))  # noqa: S311
    check(noisy, text, path.name, count)


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(VARIANTS))
def test_yaml(path: Path, seed: int) -> None:
    text = path.read_text(encoding="utf-8")
    noisy, count = noisy_yaml(text, random.Random(f"{path.name}{seed}"))  # noqa: S311
    check(noisy, text, path.name, count)


def check(noisy: str, text: str, path: str, count: int) -> None:
    made = format_text(noisy, path)
    assert [finding.message for finding in made.findings] == []
    assert count == 0 or made.changed
    assert tree_of(made.after, path) == tree_of(text, path)
    assert len(comments(made.after, path)) == len(comments(text, path)) + count
    assert format_text(made.after, path).after == made.after
    lines = made.after.split("\n")
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n" not in made.after
    assert made.after.endswith("\n")
