"""What YAML would make of a text and what is made of it here; files that mean harm."""

from __future__ import annotations

import sys
import time

import pytest
import yaml

from safar.dsl import tree
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.yaml_events import read_events
from safar.dsl.yaml_file import read_yaml
from safar.dsl.yaml_nodes import Entry, Mapping, Scalar, Sequence, YamlNode
from safar.dsl.yaml_recovery import read_nodes
from safar.engine.source import Source


def found(text: str) -> list[tuple[str, str]]:
    """The rules and marked texts of all findings."""
    return [(f.rule, f.span.text) for f in read_yaml(Source("a.journey.yaml", text))[1]]


def plain(node: YamlNode | None) -> object:
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if node is not None else None


UNTOUCHED = [
    "no",
    "on",
    "yes",
    "off",
    "NO",
    "12:30",
    "1:30:00",
    "1.10",
    "0912",
    "017",
    "0o17",
    "0b1010",
    "1_000",
    "0x1F",
    "2024-01-05",
    "2024-13-45",
    "+99:99",
    "0x_",
    "0b_",
    ".nan",
    ".inf",
    "null",
    "~",
    "=",
    "1e400",
]


@pytest.mark.parametrize("text", [*UNTOUCHED, "9" * 1_000])
def test_scalars_stay_what_was_written(text: str) -> None:
    nodes = read_nodes(Source("a", f"{text}: {text}"), DEFAULT_LIMITS)
    assert plain(nodes.root) == {text: text}
    assert nodes.findings == ()


def test_a_title_may_be_a_word_that_yaml_takes_for_something_else() -> None:
    file, findings = read_yaml(Source("a.journey.yaml", "teams: {on: no, off: 12:30}"))
    assert findings == ()
    assert [tuple(s.values) for s in file.statements] == [("name", "title")] * 2
    assert [t.parts for s in file.statements if isinstance(t := s.values["title"], tree.Text)] == [("no",), ("12:30",)]


SYNTAX = {
    "second colon": ("teams:\n  a: b: c\n  d: e\n", ":"),
    "open quote": ('teams:\n  a: "x\n  b: "y"\n', '"x'),
    "open quote to the end": ("teams:\n  a: 'x\n", "'x"),
    "open bracket": ("use: [a.journey, b.journey\nteams: {a: b}\n", "["),
    "open brace": ("teams: {a: b\n", "{"),
    "too far in": ("teams:\n  a: x\n    b: c\n", "b"),
    "no colon": ("teams:\n  a: b\n  c d\n  e: f\n", "c d"),
    "a tab": ("teams:\n\ta: b\n", "\t"),
    "at sign": ("teams:\n  a: @x\n", "@"),
    "backtick": ("teams:\n  a: `x\n", "`"),
    "percent": ("teams:\n  a: %x\n", "%"),
    "behind a brace": ("teams:\n  a: {x} hello\n", "hello"),
    "behind a quote": ('teams:\n  a: "x" y\n', "y"),
    "bracket in braces": ("conditions: {b: x in [c, d]}\n", "["),
    "star": ("teams:\n  a: *\n", "*"),
    "ampersand": ("teams:\n  a: & b\n", "&"),
    "escape": ('teams:\n  a: "\\q"\n', "\\q"),
    "list on the line of its key": ("use: - a.journey\n", "-"),
    "out of line": ("use:\n  - a.journey\n - b.journey\n", "- b.journey"),
    "lone brace": ("teams:\n  a: }\n", "}"),
    "surrogate": ('teams:\n  a: "\\ud800"\n', "\\u"),
    "beyond Unicode": ('teams:\n  a: "\\U00110000"\n', "\\U"),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_a_broken_line_is_one_finding(name: str) -> None:
    text, marked = SYNTAX[name]
    assert found(text) == [("yaml-syntax", marked)]


@pytest.mark.parametrize("name", SYNTAX)
def test_what_follows_a_broken_line_is_read(name: str) -> None:
    file, _ = read_yaml(Source("a.journey.yaml", SYNTAX[name][0] + "tags: {last: Last}\n"))
    assert file.statements[-1].form == "tag"


def test_each_broken_line_is_found() -> None:
    text = "teams:\n" + "".join(f"  t{n}: a: b\n" for n in range(12)) + "tags: {x: X}\n"
    assert found(text) == [("yaml-syntax", ":")] * 12


FEATURES = {
    "code": "teams: !!python/object/apply:os.system ['id']\n",
    "binary": "teams: {a: !!binary aGk=}\n",
    "own tag": "conditions:\n  a: !vip x\n",
    "anchor": "teams: {a: &x hello}\n",
    "undefined alias": "teams: {a: *x}\n",
    "alias of itself": "use: &a [*a]\n",
    "merge key": "teams: {<<: {a: b}}\n",
    "two documents": "teams: {a: b}\n---\nteams: {c: d}\n",
    "key in braces": "teams: {a: {{x}}}\n",
    "complex key": "? {a: b}\n: c\n",
}


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_that_is_not_read_is_one_finding(name: str) -> None:
    assert [rule for rule, _ in found(FEATURES[name])] == ["yaml-feature"]


BOMBS = {
    "merge": "a: &a {x: 1}\n"
    + "".join(f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}' if n else '*a'] * 9)}]}}\n" for n in range(7)),
    "laughs": "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_of_aliases_are_one_finding_beside_their_keys(name: str) -> None:
    rules = [rule for rule, _ in found(BOMBS[name])]
    assert rules.count("yaml-feature") == 1
    assert set(rules) == {"yaml-feature", "unknown-key"}


DEEP = {
    "brackets": "[" * 100_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "indented": "".join(" " * n + "a:\n" for n in range(3_000)),
    "long text": "teams: {a: " + "x" * (1 << 20) + "}",
    "long quoted": 'teams: {a: "' + "x" * (1 << 20) + '"}',
    "many items": "[" + "a, " * 300_000,
    "quotes": "a: '" * 100_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_too_much_is_one_finding_and_soon(name: str) -> None:
    begin = time.process_time()
    assert [rule for rule, _ in found(DEEP[name])] == ["limit-exceeded"]
    assert time.process_time() - begin < 2


def test_many_keys_are_read_in_time() -> None:
    begin = time.process_time()
    text = "teams:\n" + "".join(f"  team_{n}: Team\n" for n in range(20_000))
    file, findings = read_yaml(Source("a.journey.yaml", text))
    assert len(file.statements) == 20_000
    assert findings == ()
    file, findings = read_yaml(Source("a.journey.yaml", text + "  one: more\n  and: another\n"))
    assert file.statements == ()
    assert [finding.rule for finding in findings] == ["limit-exceeded"]
    assert time.process_time() - begin < 8


def test_many_mistakes_in_a_large_file_end_in_time() -> None:
    begin = time.process_time()
    assert len(found("a: b: c\n" * 60_000)) >= 5
    assert time.process_time() - begin < 4


def test_findings_end_somewhere() -> None:
    most = DEFAULT_LIMITS.mistakes
    assert len(found("".join(f"key_{n}: x\n" for n in range(most)))) == most
    rules = [rule for rule, _ in found("".join(f"key_{n}: x\n" for n in range(3_000)))]
    assert rules == ["limit-exceeded"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n", "---\n", "{}"])
def test_empty_files_say_nothing(text: str) -> None:
    file, findings = read_yaml(Source("a.journey.yaml", text))
    assert (file.statements, findings) == ((), ())


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello\n", "[a]", '"x"'])
def test_a_file_is_a_mapping(text: str) -> None:
    assert [rule for rule, _ in found(text)] == ["wrong-shape"]


@pytest.mark.parametrize("letter", ["\x00", "\ud800", "\x1b", "\ufffe", "\x7f", "\x86"])
def test_letters_that_no_text_has_are_found_and_read_past(letter: str) -> None:
    text = f"teams:\n  a: x{letter}y\ntags: {{b: c}}\n"
    assert found(text) == [("unreadable-character", letter)]
    assert len(read_yaml(Source("a.journey.yaml", text))[0].statements) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(end: str) -> None:
    text = f"teams:{end}  a: b{end}  c: d{end}"
    file, findings = read_yaml(Source("a.journey.yaml", text))
    assert [s.span.text.strip() for s in file.statements] == ["a: b", "c: d"]
    assert findings == ()


def test_both_parsers_of_pyyaml_give_the_same_nodes() -> None:
    text = "a: {b: [c, 'd''e', \"f\\tg\"]}\nh: |\n  one\n  two\ni:\n- j\n- k: >-\n    l\n    m\nسلام: دنیا\n"
    source = Source("a", text)
    assert read_events(source, text, DEFAULT_LIMITS, yaml.SafeLoader) == read_events(source, text, DEFAULT_LIMITS)


@pytest.mark.parametrize("name", [*SYNTAX])
def test_the_pure_parser_finds_the_same_mistakes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, marked = SYNTAX[name]
    if name in ("surrogate",):
        pytest.skip("the parsers disagree: the pure one takes a lone surrogate")
    recovery = sys.modules["safar.dsl.yaml_recovery"]
    monkeypatch.setattr(
        recovery, "read_events", lambda source, text, limits: read_events(source, text, limits, yaml.SafeLoader)
    )
    assert found(text) == [("yaml-syntax", marked)]


def test_limits_can_be_tighter() -> None:
    nodes = read_nodes(Source("a", "a: [[[b]]]"), Limits(depth=3))
    assert [f.rule for f in nodes.findings] == ["limit-exceeded"]


def test_a_key_keeps_its_place_in_persian() -> None:
    source = Source("a", "رویدادها:\n  سبد\u200cخرید: {عنوان: «سبد»}\n")
    root = read_nodes(source, DEFAULT_LIMITS).root
    assert isinstance(root, Mapping)
    inner = root.entries[0].value
    assert isinstance(inner, Mapping)
    entry: Entry = inner.entries[0]
    assert isinstance(entry.key, Scalar)
    assert source.position(entry.key.start) == (2, 3)
    assert source.text[entry.key.start : entry.key.end] == "سبد\u200cخرید"
