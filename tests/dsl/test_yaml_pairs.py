"""Every pair of examples in `docs/language/yaml.md` gives the same tree in both spellings."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from safar.dsl import tree
from safar.dsl.forms import forms
from safar.dsl.text import read_text
from safar.dsl.yaml_file import read_yaml
from safar.engine.source import Source

PAGE = Path(__file__).parents[2] / "docs" / "language" / "yaml.md"
FENCES = re.compile(r"```journey( \w+)?\n(.*?)```\n```yaml(?: \w+)?\n(.*?)```", re.DOTALL)


def wrapped_text(text: str, where: str) -> str:
    return f"journey j {{ stage s {{\n{text}\n}} }}" if where == "steps" else text


def wrapped_yaml(text: str, where: str) -> str:
    return (
        f"journeys:\n  j:\n    stages:\n      - stage: s\n        steps:\n{indent(text, ' ' * 10)}" if where else text
    )


PAIRS = [(m[1].strip() if m[1] else "", m[2], m[3]) for m in FENCES.finditer(PAGE.read_text(encoding="utf-8"))]


def trees(where: str, text: str, yaml: str) -> tuple[tree.File, tree.File]:
    left, wrong = read_text(Source("a.journey", wrapped_text(text, where)))
    right, also = read_yaml(Source("a.journey.yaml", wrapped_yaml(yaml, where)))
    assert [(f.message, f.span.text) for f in (*wrong, *also)] == []
    return left, right


def test_the_page_has_its_pairs() -> None:
    assert len(PAIRS) >= 15


@pytest.mark.parametrize(("where", "text", "yaml"), PAIRS, ids=[p[1].split("{")[0].strip()[:30] for p in PAIRS])
def test_pair(where: str, text: str, yaml: str) -> None:
    left, right = trees(where, text, yaml)
    assert left == right


def test_different_meanings_give_different_trees() -> None:
    left, right = trees("steps", "wait 1d", "- wait: 2d")
    assert left != right


def ids(node: object) -> set[str]:
    """The forms of all statements in a tree."""
    if isinstance(node, tree.Statement):
        return {node.form} | {id for value in node.values.values() for id in ids(value)}
    if isinstance(node, tree.File | tree.Block):
        return {id for statement in node.statements for id in ids(statement)}
    return set()


def test_every_form_has_its_pair() -> None:
    shown = {id for where, text, yaml in PAIRS for id in ids(trees(where, text, yaml)[0])}
    assert set(forms()) - shown == {"otherwise_way"}


SAME = [
    ('touchpoint t { feeling +1 "Calm" for planner }', "feeling: {score: +1, text: Calm, for: planner}"),
    ('touchpoint t { shows "Total" = entry.total }', "shows: '\"Total\" = entry.total'"),
    ("touchpoint t { measure m = a per b }", "measures: {m: a per b}"),
    ("touchpoint t { at web }", "at: web"),
    ("touchpoint t { send email }", "send: email"),
    ("touchpoint t { cost 3 EUR per message }", "cost: [3 EUR per message]"),
    ('touchpoint t { send email { text "a\\{b\\} \\\\ c" } }', "send: {channel: email, text: 'a\\{b\\} \\ c'}"),
    (
        'touchpoint t { send email { text "one\\ntwo" } }',
        "send:\n      channel: email\n      text: |-\n        one\n        two",
    ),
    ('touchpoint t { doing "0912" ; thinking "no" }', "doing: 0912\n    thinking: no"),
]


@pytest.mark.parametrize(("text", "yaml"), SAME)
def test_other_ways_to_write_it(text: str, yaml: str) -> None:
    left, right = trees("", text, f"touchpoints:\n  t:\n    {yaml}\n")
    assert left == right


def test_a_wait_with_nothing_but_its_otherwise() -> None:
    text = "wait up to 3d { otherwise { exit lost } }"
    left, right = trees("steps", text, "- wait up to: 3d\n  for: []\n  otherwise: [{exit: lost}]\n")
    assert left == right
