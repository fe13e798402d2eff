"""Every rule has a page, and the page is its test: bad examples give exactly their marks, good ones nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

import safar
from safar import pages
from safar.checking import AS_CONFIGURED, DEFAULT, Choice, check_home, check_text
from safar.dsl.project import find_home
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate import holidays
from safar.pages import Example, Page

PACKAGE = Path(safar.__file__).parent
ENDINGS = {"journey": ".journey", "yaml": ".journey.yaml"}
LAID = ("folder", "link", "bytes")
"""What is no text: a folder, a symbolic link to what the block says, and bytes, written as `\\xNN` where needed."""
UNASKED = "unused-declaration"
"""An example shows one thing; what it declares need not be used."""

PAGES = pages.rules()


def declared() -> Iterator[tuple[str, str, str, bool]]:
    """Name, code, severity and being on of each `Rule(...)` that is a constant of a module."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Rule":
                name, code, *severity = call.args
                assert isinstance(name, ast.Constant)
                assert isinstance(code, ast.Constant)
                level = severity[0].attr.lower() if severity and isinstance(severity[0], ast.Attribute) else "error"
                on = not any(one.arg == "default" for one in call.keywords)
                yield str(name.value), str(code.value), level, on


def test_rules_and_pages_are_the_same() -> None:
    assert sorted(declared()) == sorted((page.name, page.code, page.severity.value, page.default) for page in PAGES)


def test_there_are_thirty_with_a_code_and_a_name_of_their_own() -> None:
    assert len(PAGES) >= 30
    assert len({page.code for page in PAGES}) == len(PAGES)
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert [
        file.stem for file in pages.files() if pages.parse(file.read_text(encoding="utf-8")).name != file.stem
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_what_and_why(page: Page) -> None:
    assert page.summary.endswith(".")
    assert page.summary[0].isupper() or page.summary.startswith("`")
    explanation = page.text.split("\n## ")[0].split("\n", 4)[-1]
    assert explanation.strip()
    assert page.code.startswith("SF")


def test_each_rule_has_a_bad_and_a_good_example_and_a_near_miss() -> None:
    assert [page.name for page in PAGES if not (page.bad and page.good and page.near)] == []


def test_a_near_miss_is_no_good_example() -> None:
    """It looks like the mistake more than what mends it, so it says something of its own."""
    assert [
        page.name for page in PAGES if page.near == page.good or set(alone(page.near)) & set(alone(page.good))
    ] == []


def alone(examples: tuple[Example, ...]) -> Iterator[str]:
    """The texts that use no other."""
    return (one.text for one in examples if not (one.file or one.text.startswith("use")))


def cases(part: str) -> list[object]:
    return [
        pytest.param(page, number, id=f"{page.name}-{number}")
        for page in PAGES
        for number, example in enumerate(getattr(page, part))
        if not example.file
    ]


def asked(page: Page) -> Choice:
    """The default rules, and this one."""
    return AS_CONFIGURED if page.default else Choice(select=(DEFAULT, page.name))


def found(
    examples: tuple[Example, ...], number: int, folder: Path, choice: Choice
) -> tuple[set[tuple[str, str, int]], set[tuple[str, str, int]]]:
    """Rule, path and line of the findings of an example and of its marks, with the files that it uses.

    `choice` selects the rules.
    """
    example = examples[number]
    others = tuple(_before(examples, number))
    files = {one.file: one for one in others}
    path = "safar.toml" if example.language == "toml" else "text" + ENDINGS[example.language]
    if example.language == "toml" or any(one.language in LAID for one in others):
        findings = on_disk((*others, msgspec.structs.replace(example, file=path)), folder, choice)
    else:
        findings = check_text(example.text, path, {name: one.text for name, one in files.items()}, choice).findings
    marks = {(rule, path, line) for rule, line in example.marks()}
    marks |= {(rule, name, line) for name, one in files.items() for rule, line in one.marks()}
    seen = {(f.rule, f.span.source.path, f.span.source.position(f.span.start)[0]) for f in findings}
    return {one for one in seen if one[0] != UNASKED or UNASKED in {rule for rule, _, _ in marks}}, marks


def on_disk(files: Sequence[Example], folder: Path, choice: Choice) -> tuple[Diagnostic, ...]:
    """The findings of the last of these files, or of the settings, when all of them are laid into a folder."""
    for one in files:
        path = folder / one.file
        path.parent.mkdir(exist_ok=True)
        match one.language:
            case "folder":
                path.mkdir()
            case "link":
                path.symlink_to(one.text.strip())
            case "bytes":
                path.write_bytes(one.text.encode().decode("unicode_escape").encode("latin-1"))
            case _:
                path.write_text(one.text, encoding="utf-8")
    home = find_home(folder)
    return home.findings if path.name == "safar.toml" else check_home(home, [path], choice).findings


def _before(examples: tuple[Example, ...], number: int) -> Iterator[Example]:
    """The files that stand directly before an example."""
    while number > 0 and examples[number - 1].file:
        number -= 1
        yield examples[number]


@pytest.mark.parametrize(("page", "number"), cases("bad"))
def test_a_bad_example_gives_exactly_its_marks(
    page: Page, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page.name == "country-holidays":
        monkeypatch.setattr(holidays, "is_installed", lambda: False)
    seen, marks = found(page.bad, number, tmp_path, asked(page))
    assert seen == marks
    assert {rule for rule, _, _ in marks} == {page.name}


@pytest.mark.parametrize(("page", "number"), cases("good"))
def test_a_good_example_gives_nothing(page: Page, number: int, tmp_path: Path) -> None:
    seen, marks = found(page.good, number, tmp_path, asked(page))
    assert not marks
    assert seen == set()


@pytest.mark.parametrize(("page", "number"), cases("near"))
def test_a_near_miss_gives_nothing(page: Page, number: int, tmp_path: Path) -> None:
    seen, marks = found(page.near, number, tmp_path, asked(page))
    assert not marks
    assert seen == set()
