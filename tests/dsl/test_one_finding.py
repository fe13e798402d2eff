"""One mistake is one finding: what follows from it, and what says it again, is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

import safar
from safar import cli
from safar.checking import check_text
from safar.dsl.limits import DEFAULT_LIMITS
from safar.engine.diagnostic import Diagnostic

JOURNEY = "event bought\njourney j { enter on bought; stage s { %s\nwait 1d; exit x } }\n"


def found(text: str, path: str = "a.journey") -> list[tuple[str, int]]:
    return [(one.rule, one.span.source.position(one.span.start)[0]) for one in told(text, path)]


def told(text: str, path: str = "a.journey") -> list[Diagnostic]:
    return [one for one in check_text(text, path).findings if one.rule != "unused-declaration"]


def test_a_name_that_nobody_declares_is_told_once() -> None:
    text = JOURNEY % "".join(f"\nif customer.age > {n} {{ exit gone }}" for n in range(5))
    (one,) = told(text)
    assert (one.rule, one.span.source.position(one.span.start)[0]) == ("unknown-name", 3)
    assert [other.span.source.position(other.span.start)[0] for other in one.related] == [4, 5, 6]
    assert one.notes == ("it stands at 1 more places",)


def test_two_names_that_nobody_declares_are_two() -> None:
    text = JOURNEY % "\nif customer.age > 1 { exit gone }\nif customer.size > 1 { exit gone }"
    assert found(text) == [("unknown-name", 3), ("unknown-name", 4)]


def test_the_fix_of_a_misspelt_name_mends_all_places(tmp_path: Path) -> None:
    file = tmp_path / "a.journey"
    body = "\nif customer.agee > 30 { exit old }\nif customer.agee > 20 { exit grown }\n"
    file.write_text("customer { age: integer = 0 }\n" + JOURNEY % body, encoding="utf-8")
    done = safar.fix(file, unsafe=True)
    assert "agee" not in file.read_text(encoding="utf-8")
    assert [rule for change in done.changes for rule in change.rules] == ["unknown-name"]


@pytest.mark.parametrize("path", ["a.journey", "a.journey.yaml"])
def test_more_mistakes_than_are_told_are_one(path: str) -> None:
    most = DEFAULT_LIMITS.mistakes
    is_yaml = path.endswith("yaml")
    line = "team_{0}: x\n" if is_yaml else "team t{0}\nteem u{0}\n"
    assert len(told("".join(map(line.format, range(most))), path)) == most
    (one,) = told("".join(map(line.format, range(most + 1))), path)
    assert one.rule == "limit-exceeded"
    assert "more than 200 mistakes; the first: " in one.message
    assert one.span.source.position(one.span.start)[0] == (1 if is_yaml else 2)


def test_they_can_be_mended_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.journey"
    file.write_text(JOURNEY % ("\nwait 2 days" * 300 + "\n"), encoding="utf-8")
    safar.fix(file)
    assert file.read_text(encoding="utf-8").count("wait 2d") == 300


def test_what_cannot_be_read_at_all_is_one() -> None:
    assert found("<?php one(); two(); ?>\n<b>three</b>\n") == [("misplaced-word", 1)]
    assert len(found("team a\n<?php one(); two(); ?>\n")) == 3


def test_what_has_an_anchor_is_told_when_that_is_gone() -> None:
    text = "teams:\n  a: &a {k0: v}\n  b: *a\n"
    assert found(text, "a.journey.yaml") == [("yaml-feature", 2)]
    assert found(text + "  c: {k1: v}\n", "a.journey.yaml") == [("yaml-feature", 2), ("unknown-key", 4)]


def test_arms_that_are_alike_are_told_once() -> None:
    arms = "".join(f" 25% a{n} {{ exit x }};" for n in range(4))
    (one,) = [one for one in told(JOURNEY % f"split p {{{arms} }};") if one.rule == "equal-arms"]
    assert one.message == "the arms `a0`, `a1` and 2 more do the same"


def test_a_message_is_not_taken_over_a_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file need not be there, and is not opened; a link, also of a folder, is refused."""
    file = tmp_path / "a.journey"
    (tmp_path / "linked.md").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    for path, rules in (("hello.md", 0), ("linked.md", 1), ("folder/passwd", 1), ("nowhere/a.md", 0)):
        send = f'send c {{ subject "a"; body   file "{path}" }}'
        file.write_text(f"channel c {{ outbound }}\ntouchpoint t {{ {send} }}\n", encoding="utf-8")
        assert cli.main(["check", str(file), "--no-cache"]) == rules
        assert capsys.readouterr().out.count("symbolic-link-used") == 2 * rules


def test_a_brace_that_is_open_at_the_end_is_told_where_it_stands() -> None:
    assert found("teams: [\n\n\n", "a.journey.yaml") == [("yaml-syntax", 1)]
    assert found("teams: {a: x, b: {title: y\n", "a.journey.yaml") == [("yaml-syntax", 1)]
