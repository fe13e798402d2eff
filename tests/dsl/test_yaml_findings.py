"""Mistakes in what a YAML file says: one finding each, at the smallest place, with what to do."""

from __future__ import annotations

import pytest

from safar.dsl.yaml_file import read_yaml
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source

STEPS = "journeys:\n  j:\n    stages:\n      - stage: s\n        steps:\n"


def findings(text: str) -> tuple[Diagnostic, ...]:
    return read_yaml(Source("a.journey.yaml", text))[1]


def found(text: str) -> list[tuple[str, str]]:
    return [(f.rule, f.span.text) for f in findings(text)]


def in_steps(*lines: str) -> str:
    return STEPS + "".join(f"          {line}\n" for line in lines)


MISTAKES = {
    "duplicate key": ("teams: {a: A, b: B, a: C}", "duplicate-key", "a"),
    "duplicate at the top": ("teams: {a: A}\nteams: {b: B}", "duplicate-key", "teams"),
    "misspelled at the top": ("teems: {a: A}", "unknown-key", "teems"),
    "singular": ("team: {a: A}", "unknown-key", "team"),
    "misspelled line": ("channels: {c: {outbund: yes}}", "unknown-key", "outbund"),
    "line of elsewhere": ("channels: {c: {inbound: , subject: x}}", "unknown-key", "subject"),
    "list for a map": ("teams: [a, b]", "wrong-shape", "[a, b]"),
    "text for a map": ("teams: a", "wrong-shape", "a"),
    "list for a title": ("teams: {a: {title: [x]}}", "wrong-shape", "[x]"),
    "braces for a title": ("teams: {a: {title: {x}}}", "wrong-shape", "{x}"),
    "nothing for a title": ("teams: {a: {title: }}", "empty-value", ""),
    "nothing for a map": ("teams:", "empty-value", ""),
    "flag that is not so": ("channels: {c: {outbound: no}}", "wrong-shape", "no"),
    "wrong word": ("touchpoints: {t: {priority: hihg}}", "impossible-value", "hihg"),
    "type missing": ("customer: {age: }", "empty-value", ""),
    "condition missing": ("conditions: {c: {title: C}}", "missing-clause", "c"),
    "refusal missing": ("channels: {c: {at most: {cap: 3 per 7d}}}", "missing-clause", "cap"),
    "comma in braces": ("touchpoints: {t: {do: f(a = 1, b = 2)}}", "text-cut", "f(a = 1, b = 2)"),
    "comma in brackets": ("touchpoints: {t: {do: [f(a = 1, b = 2), g]}}", "text-cut", "f(a = 1, b = 2)"),
    "comma in quotes in braces": ('touchpoints: {t: {feeling: +1 "a, b"}}', "text-cut", '+1 "a, b"'),
    "title with a number sign": ("teams: {a: A}\ntags:\n  t: Order #12\n", "text-cut", "#12"),
    "condition before a number sign": ("conditions:\n  c: customer.x == #3\n", "text-cut", "#3"),
    "parenthesis before a comment": ("conditions:\n  c: (customer.x # is it)\n", "text-cut", "# is it)"),
    "unknown step": (in_steps("- wiat: 1d"), "unknown-key", "wiat"),
    "step in place of a line": (STEPS.replace("        steps:\n", "        wait: 1d\n"), "unknown-key", "wait"),
    "text for a step": (in_steps("- wait 1d"), "wrong-shape", "wait 1d"),
    "time missing": (in_steps("- wait for: clicked"), "missing-clause", "wait for"),
    "steps missing": (in_steps("- if: customer.vip"), "missing-clause", "if"),
    "steps as text": (in_steps("- if: customer.vip", "  then: exit"), "wrong-shape", "exit"),
    "unknown clause": (in_steps("- wait: 1d", "  az: x"), "unknown-key", "az"),
    "a name again": ("teams: {a: {name: b}}", "unknown-key", "name"),
    "list of one": ("journeys: {j: {horizon: [60d], stages: []}}", "wrong-shape", "[60d]"),
    "interrupt without an end": ("journeys: {j: {on: [{event: e}], stages: []}}", "missing-clause", "event"),
    "interrupt that waits": ("journeys: {j: {on: [{event: e, wait: 1d}], stages: []}}", "unknown-key", "wait"),
    "entry of no kind": ("journeys: {j: {enter: cart_updated, stages: []}}", "wrong-shape", "cart_updated"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_finding(name: str) -> None:
    text, rule, marked = MISTAKES[name]
    assert found(text) == [(rule, marked)]


def test_mistakes_are_counted_statement_by_statement() -> None:
    text = in_steps(
        "- wiat: 1d",
        "- wait: 1d",
        "- wait for: clicked",
        "- {exit: a, wy: x}",
        "- if: customer.vip",
        "  then: [{exot: b}]",
        "- touchpoint: t",
        "  prioritty: high",
        "  transactional: maybe",
    )
    assert [f.rule for f in findings(text)] == [
        "unknown-key",
        "missing-clause",
        "unknown-key",
        "unknown-key",
        "unknown-key",
        "wrong-shape",
    ]


def test_a_mistake_in_the_language_is_found_at_its_place() -> None:
    text = in_steps("- wait: 1d", "- if: customer.x > > 3", "  then: [{exit: a}]")
    (finding,) = findings(text)
    assert finding.span.start == text.index("> 3")


@pytest.mark.parametrize("quoted", ["'{}'", '"{}"', "{}"])
def test_places_inside_persian_texts(quoted: str) -> None:
    line = "- if: " + quoted.format("customer.شهر == تهران و x")
    text = in_steps("- wait: 1d", line, "  then: [{exit: برنده}]")
    (finding,) = findings(text)
    assert text.index("customer.شهر") < finding.span.start <= text.index("تهران و x") + len("تهران و x")
    assert finding.span.source.position(finding.span.start)[0] == 7


def test_a_placeholder_is_placed_in_a_folded_text() -> None:
    text = in_steps(
        "- touchpoint: t",
        "  send:",
        "    channel: email",
        "    text: >",
        "      one",
        "      two {customer.a > > 3} three",
    )
    (finding,) = findings(text)
    assert finding.span.start == text.index("> 3} three")


def test_help_names_the_nearest_key_and_the_right_place() -> None:
    (first,) = findings("channels: {c: {outbund: yes}}")
    assert first.help == "did you mean `outbound`?"
    (second,) = findings("channels: {c: {inbound: , subject: x}}")
    assert second.label == "it stands in `send`"


def test_a_duplicate_key_shows_both_places() -> None:
    (finding,) = findings("teams:\n  a: A\n  a: B\n")
    assert finding.span.source.position(finding.span.start) == (3, 3)
    assert [r.span.start for r in finding.related] == [9]


def test_a_comment_behind_a_whole_condition_is_a_comment() -> None:
    assert findings("conditions:\n  c: customer.x > 3 # vip\n") == ()


def test_a_broken_value_has_no_further_findings() -> None:
    text = in_steps("- wait for: @x", "  up to: 2d", "- if: %", "  then: [{exit: a}]", "- wait: 'x")
    assert [f.rule for f in findings(text)] == ["yaml-syntax"] * 3


LARGE = {
    "negations": "not " * 15_000 + "x",
    "parentheses": "(" * 16_000 + "x" + ")" * 16_000,
    "conjunctions": "x and " * 10_000 + "x",
    "signs": "-" * 30_000 + "1",
    "digits": "9" * 5_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_expressions_that_are_too_large_are_one_finding(name: str) -> None:
    assert [f.rule for f in findings(f"conditions:\n  c: {LARGE[name]}\n")] == ["limit-exceeded"]


def test_words_of_the_language_are_no_names() -> None:
    assert found("teams: {customer: X}") == [("reserved-name", "customer")]
    assert found(in_steps("- wait: 1d", "  as: if")) == [("reserved-name", "if")]


def test_marks_that_change_the_direction_stand_only_in_texts() -> None:
    assert found("teams: {crm: 'a\u202eb'}") == []
    assert [rule for rule, _ in found("conditions: {c: customer.ab > 3} # \u2066")] == ["direction-control"]
    assert [rule for rule, _ in found("teams: {crm: A} # \u202e\n")] == ["direction-control"]


def test_a_list_of_one_and_a_comparison_say_what_to_write() -> None:
    (one,) = findings("journeys: {j: {owner: [crm]}}\n")
    assert one.help == "write `owner: crm`"
    (two,) = findings("journeys:\n  j:\n    goals:\n      won:\n        target: >= 20%\n")
    assert (two.span.text, two.help) == (">=", "write `at least 20%`")
