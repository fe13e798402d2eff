"""The language reference names what the language has, no more and no less, and its examples run in both spellings.

`SAFAR_WRITE_PAGES=1` writes layout and YAML of the examples into the pages instead of comparing them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from safar.checking import check_text
from safar.dsl import tree
from safar.dsl.build.expressions import _FUNCTIONS
from safar.dsl.build.names import PREDECLARED, WEEKDAYS
from safar.dsl.convert import convert_text
from safar.dsl.fmt import format_text
from safar.dsl.forms import forms
from safar.dsl.read import read_text
from safar.dsl.text import read_text as read_tree
from safar.engine.expression import Base
from safar.engine.form import Clause, Form, Kind
from safar.engine.simulate.population import simulate
from safar.engine.source import Source

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "language"
PAGES = ("vocabulary", "journeys", "touchpoints", "steps", "values")
ALSO = ("rules", "tests", "plans")
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the documents are in the checkout only")


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


# --- what is named

SAID = {
    Kind.DURATION: "DURATION",
    Kind.PERCENT: "PERCENT",
    Kind.INTEGER: "COUNT",
    Kind.DATE: "DATE",
    Kind.TIME: "TIME",
    Kind.SIGNED: "SCORE",
    Kind.PATTERN: "PATTERN",
    Kind.TARGET: "customer.ATTRIBUTE",
    Kind.ASSIGNMENT: "customer.ATTRIBUTE = EXPRESSION",
    Kind.OFFSET: "+DURATION",
    Kind.REFERENCE: "EVENT",
    Kind.BODY: "{ }",
    Kind.FLAG: "",
}
OWN = {
    ("enter_event", "per"): "FIELD",
    ("take", "arm"): "SPLIT.ARM",
    ("forecast", "against"): "JOURNEY",
    ("plan", "start"): "JOURNEY",
    ("plan", "goal"): "JOURNEY",
}


def placeholder(form: Form, clause: Clause) -> str:
    """What stands for the value of a clause."""
    field = clause.field.upper()
    match clause.kind:
        case Kind.TITLE | Kind.TEXT:
            return f'"{field}"'
        case Kind.NAMES:
            return f"{field}, ..."
        case Kind.EXPRESSION:
            return "CONDITION" if clause.field in ("condition", "unless") else "EXPRESSION"
        case Kind.NAME | Kind.WORD:
            return OWN.get((form.id, clause.field), field)
    return OWN.get((form.id, clause.field)) or SAID.get(clause.kind, clause.kind.name.replace("_", " "))


def signature(form: Form) -> str:
    """A statement as the reference writes it: `wait DURATION [as NAME]`."""
    said = form.words
    for clause in form.clauses:
        part = " ".join(filter(None, (clause.word, placeholder(form, clause))))
        glue = "" if clause.word[:1] in (":", ",") else " "
        said += f"{glue}{part}" if clause.needed else f"{glue}[{part}]"
    return said.strip()


BULLET = re.compile(r"^- ((?:`[^`]+`(?:, )?)+)", re.MULTILINE)


def bullets(name: str) -> list[str]:
    return [said for bullet in BULLET.findall(page(name)) for said in re.findall(r"`([^`]+)`", bullet)]


def test_every_statement_and_clause_is_named_and_no_other() -> None:
    shown = {said for name in PAGES[:-1] for said in bullets(name)}
    shown |= {said for name in ALSO for said in bullets_below(name)}
    assert shown == {signature(form) for form in forms().values()}


def bullets_below(name: str) -> list[str]:
    """Of the pages that tell a story: what is listed at their end."""
    end = page(name).split("## Every statement")[1]
    return [said for bullet in BULLET.findall(end) for said in re.findall(r"`([^`]+)`", bullet)[:1]]


def test_every_value_is_explained() -> None:
    used = {word for form in forms().values() for word in re.findall(r"[A-Z][A-Z ]*[A-Z]", signature(form))}
    kinds = {SAID.get(kind, kind.name.replace("_", " ")) for kind in Kind} - {"{ }", ""}
    values = {one for one in used if one in kinds}
    assert values <= {word for said in bullets("values") for word in said.split(", ")} | {"NAME"}


def test_words_to_choose_from_are_named() -> None:
    pages = "".join(map(page, PAGES))
    for form in forms().values():
        for clause in form.clauses:
            assert all(f"`{choice}`" in pages for choice in clause.choices), form.id


def quoted(text: str) -> set[str]:
    """All words and marks that stand between backticks."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return set(re.findall(r"\w+|[=!<>]=|[^\w\s]", " ".join(spans)))


def test_every_word_and_mark_of_the_grammar_is_named() -> None:
    grammar = (ROOT / "safar" / "dsl" / "grammar.lark").read_text(encoding="utf-8")
    rules = "\n".join(line for line in grammar.split("\n") if not line.startswith(("//", "%")))
    written = quoted("".join(page(name) for name in (*PAGES, *ALSO)))
    marks = set(re.findall(r'"([^"]+)"', rules)) - {"or_else"}
    assert marks - written == set()


def test_every_function_name_and_type_is_named() -> None:
    written = quoted(page("values"))
    types = {word for base in Base if base is not Base.UNKNOWN for word in base.value.split()}
    for known in (_FUNCTIONS, types, set(WEEKDAYS[:1])):
        assert set(known) - written == set()
    everywhere = quoted("".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")))
    assert set(PREDECLARED) - everywhere == set()


def test_no_function_is_named_that_there_is_not() -> None:
    table = page("values").split("## Functions")[1].split("##")[0]
    named = {re.match(r"\w+", said) for said in re.findall(r"`(\w+(?: down)?\([^`]*)`", table)}
    assert {found[0] for found in named if found} == {*_FUNCTIONS, "average"}


# --- what is shown

EXAMPLE = re.compile(r"```journey(?: (\S+))?\n(.*?)```\n\n```yaml\n(.*?)```", re.DOTALL)


def examples(name: str) -> list[tuple[str, str, str]]:
    return EXAMPLE.findall(page(name))


def shop() -> str:
    return next(text for name, text, _ in examples("vocabulary") if name == "shop.journey")


@pytest.mark.parametrize("name", PAGES)
def test_examples_are_the_same_in_yaml(name: str) -> None:
    def block(found: re.Match[str]) -> str:
        path, text, _ = found.groups()
        laid = format_text(text).after
        yaml = convert_text(laid, "text.journey", "yaml").text
        return f"```journey{f' {path}' if path else ''}\n{laid}```\n\n```yaml\n{yaml}```"

    now = EXAMPLE.sub(block, page(name))
    if os.environ.get("SAFAR_WRITE_PAGES"):
        (FOLDER / f"{name}.md").write_text(now, encoding="utf-8")
    else:
        assert now == page(name)


@pytest.mark.parametrize("name", PAGES)
def test_examples_give_no_finding_and_run(name: str) -> None:
    files = {"shop.journey": shop()}
    for path, text, yaml in examples(name):
        for one, at in ((text, path or "text.journey"), (yaml, "text.journey.yaml")):
            found = check_text(one, at, files).findings
            assert [f.message for f in found if f.rule != "unused-declaration"] == []
        project = read_text(text, path or "text.journey", files=files).project
        for journey in project.journeys:
            result = simulate(project, journey, customers=None, n=20, seed=1, start=1_800_000_000, progress=None)
            assert result.customers == 20


def clauses(node: object) -> set[tuple[str, str]]:
    """Form and field of every clause that is said."""
    if isinstance(node, tree.Statement):
        own = {(node.form, field) for field in node.values}
        return own.union(*(clauses(value) for value in node.values.values()))
    if isinstance(node, tree.File | tree.Block):
        return set[tuple[str, str]]().union(*(clauses(one) for one in node.statements))
    return set()


def test_every_clause_has_an_example() -> None:
    shown: set[tuple[str, str]] = set()
    for name in (*PAGES, *ALSO):
        for text in re.findall(r"```journey[^\n]*\n(.*?)```", page(name), re.DOTALL):
            shown |= clauses(read_tree(Source("a.journey", text))[0])
    every = {(form.id, clause.field) for form in forms().values() for clause in form.clauses}
    missing = {(form, field) for form, field in every - shown if not form.startswith("expect_")}
    assert missing == {("otherwise_way", "then")}
