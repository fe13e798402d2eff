"""What went wrong with other tools is found here, by a rule before it runs, or by a run that says what happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safar import api
from safar.checking import Choice, check_text
from safar.engine.simulate.clock import zone
from safar.engine.simulate.happening import Happening, What
from safar.pages import Example

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.journey"))
EXPECT = "# expect "
OFF = "# off: "
ALWAYS = {"unknown-name", "shares-not-100", "missing-clause"}
TOLD = {
    What.ENTERED,
    What.INSIDE,
    What.TOO_SOON,
    What.DELIVERED,
    What.HELD,
    What.SUPPRESSED,
    What.EXIT,
}


def said(one: Happening) -> str:
    """A happening as the files write it: local time, what, where, and why not."""
    clock = zone("Europe/Berlin")
    assert clock is not None
    time = clock.time(one.at)
    parts = [f"{clock.date(one.at)}T{time // 3600:02}:{time // 60 % 60:02}", one.what.value]
    if one.what in (What.DELIVERED, What.HELD, What.SUPPRESSED):
        parts.append(one.touchpoint if one.what is What.DELIVERED else f"{one.touchpoint}: {one.detail}")
    elif one.what is What.EXIT:
        parts.append(one.detail)
    return " ".join(parts)


def told(file: Path, events: Path) -> list[str]:
    story = api.trace(file, "c1", customers=HERE / "customers.csv", events=events).story
    return [said(one) for one in story.happenings if one.what in TOLD]


def expected(text: str) -> Iterator[str]:
    return (line.removeprefix(EXPECT) for line in text.split("\n") if line.startswith(EXPECT))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_incident_is_caught(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    marks = Example("journey", "", text).marks()
    found = check_text(text).findings
    seen = {(one.rule, one.span.source.position(one.span.start)[0]) for one in found}
    assert {one for one in seen if one[0] != "unused-declaration"} == marks
    lines = list(expected(text))
    assert marks or lines, "nothing catches it"
    if lines:
        events = file.with_name(f"{file.stem}.events.csv")
        assert told(file, events) == lines


@pytest.mark.parametrize(
    "file", [file for file in FILES if OFF in file.read_text(encoding="utf-8")], ids=lambda f: f.stem
)
def test_a_run_tells_otherwise_where_the_check_is_off(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    before, _, after = (
        next(line for line in text.split("\n") if line.startswith(OFF)).removeprefix(OFF).partition(" =>")
    )
    body = text[text.index("customer {") :]
    assert before in body
    changed = tmp_path / "changed.journey"
    changed.write_text(body.replace(before, after.strip()), encoding="utf-8")
    assert told(changed, file.with_name(f"{file.stem}.events.csv")) != list(expected(text))


def test_each_run_has_a_check_to_switch_off() -> None:
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    assert all((OFF in text) == (EXPECT in text) for text in texts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_else_finds_it_where_the_rule_is_off(file: Path) -> None:
    """Errors of reading and of names cannot be switched off; every other rule can, and is what catches its incident."""
    text = file.read_text(encoding="utf-8")
    rules = {rule for rule, _ in Example("journey", "", text).marks()}
    off = Choice(ignore=(*rules - ALWAYS, "unused-declaration"))
    left = {one.rule for one in check_text(text, choice=off).findings}
    assert left == {rule for rule in rules if rule in ALWAYS}


def test_the_table_names_every_incident() -> None:
    table = (HERE / "README.md").read_text(encoding="utf-8")
    assert len(FILES) >= 12
    assert [file.name for file in FILES if f"]({file.name})" not in table] == []
