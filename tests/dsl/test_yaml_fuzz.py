"""Whatever the text: a tree, findings inside the text, and no exception."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safar.dsl.yaml_file import read_yaml
from safar.engine.source import Source

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
PAGE = Path(__file__).parents[2] / "docs" / "language" / "yaml.md"
GOOD = [part.split("```")[0] for part in PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]]
SIGNS = [
    "\n",
    "  ",
    "- ",
    ": ",
    ":",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    '"',
    "#",
    " #",
    "&a",
    "*a",
    "!t",
    "<<",
    "|",
    ">",
    "\t",
]
WORDS = [
    "teams",
    "journeys",
    "stages",
    "steps",
    "wait",
    "up to",
    "then",
    "customer.x > 3",
    "\u200c",
    "سبد",
    "\x00",
    "\\",
]

alike = st.lists(st.sampled_from(SIGNS + WORDS), max_size=60).map("".join)
anything = st.text(max_size=200)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A good file with a few places overwritten."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(SIGNS + WORDS)) + text[at + draw(st.integers(0, 3)) :]
    return text


@settings(max_examples=int(4_000 * SCALE), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(alike, anything, damaged()))
def test_any_text(text: str) -> None:
    file, findings = read_yaml(Source("a.journey.yaml", text))
    size = len(text)
    for finding in findings:
        assert 0 <= finding.span.start <= finding.span.end <= size
        assert finding.message
    for statement in file.statements:
        assert 0 <= statement.span.start <= statement.span.end <= size


@settings(max_examples=int(1_000 * SCALE), deadline=None)
@given(st.sampled_from(GOOD))
def test_the_examples_have_no_findings(text: str) -> None:
    assert read_yaml(Source("a.journey.yaml", text))[1] == ()
