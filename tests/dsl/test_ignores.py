"""Comments that silence findings, through the whole check of a text."""

from __future__ import annotations

import pytest

from safar.checking import check_text
from safar.dsl.ignores import ignores, silenceable
from safar.engine.diagnostic import Rule, Severity
from safar.engine.source import NOWHERE, Source

JOURNEY = """event order_placed
journey thanks {{
  enter on order_placed
  stage opening {{
    {before}
    wait 0s {behind}
  }}
}}
"""


def check(before: str = "", behind: str = "") -> tuple[list[str], int]:
    checked = check_text(JOURNEY.format(before=before, behind=behind))
    return [finding.rule for finding in checked.findings], checked.suppressed


def test_without_a_comment_the_finding_is_there() -> None:
    assert check() == (["zero-wait"], 0)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", "# safar: ignore[zero-wait] for the demonstration"),
        ("", "#safar:ignore[ zero-wait ] for the demonstration"),
        ("", "# safar: ignore[SF108] for the demonstration"),
        ("# safar: ignore[zero-wait] for the demonstration", ""),
        ("# safar: ignore[zero-wait] first line\n    # and a second one", ""),
        ("# safar: ignore[zero-wait] برای نمایش", ""),
    ],
)
def test_a_comment_silences_its_line_or_the_next(before: str, behind: str) -> None:
    assert check(before, behind) == ([], 1)


@pytest.mark.parametrize(
    ("before", "behind", "rules", "suppressed"),
    [
        ("", "# safar: ignore[zero-wait]", ["unexplained-ignore"], 1),
        ("", "# safar: ignore[zero-wait, idle-limit] why", ["unused-ignore"], 1),
        ("", "# safar: ignore[zero-wiat] why", ["zero-wait", "unknown-ignore"], 0),
        ("", "# safar: ignore why", ["zero-wait", "unnamed-ignore"], 0),
        ("", "# safar: ignore[] why", ["zero-wait", "unnamed-ignore"], 0),
        ("", "# safar: disable[zero-wait] why", ["zero-wait", "unnamed-ignore"], 0),
        ("# safar: ignore[zero-wait] too far away\n\n", "", ["unused-ignore", "zero-wait"], 0),
        ("# safar: ignore[idle-limit] not this one", "", ["unused-ignore", "zero-wait"], 0),
    ],
)
def test_a_wrong_comment_is_a_finding(before: str, behind: str, rules: list[str], suppressed: int) -> None:
    assert check(before, behind) == (rules, suppressed)


def test_errors_of_reading_cannot_be_silenced() -> None:
    found, suppressed = check(behind="; exit # safar: ignore[missing-clause] please")
    assert suppressed == 0
    assert any(rule not in ("unused-ignore", "zero-wait") for rule in found)
    assert not silenceable(Rule("unknown-name", "SF201").at(NOWHERE, "m"))
    assert silenceable(Rule("look-alike-name", "SF203", Severity.WARNING).at(NOWHERE, "m"))


def test_a_text_is_no_comment() -> None:
    assert ignores(Source("a.journey", 'team a "x # safar: ignore[zero-wait] y"')) == ()
    assert ignores(Source("a.journey", "team a#safar: ignore[zero-wait]")) == ()


def test_the_nearest_rule_is_named() -> None:
    checked = check_text(JOURNEY.format(before="", behind="# safar: ignore[zero-wiat] why"))
    assert [f.help for f in checked.findings if f.rule == "unknown-ignore"] == ["did you mean `zero-wait`?"]


def test_many_comments_take_no_time() -> None:
    text = "# safar: ignore[zero-wait] x\n" * 20_000
    assert check_text(text).suppressed == 0
