"""The formats for machines against their own definitions."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from safar import pages
from safar.checking import check_text
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Related, Rule, Severity
from safar.engine.source import NOWHERE, Source, Span
from safar.renderers import findings, findings_sarif
from safar.renderers.findings import Frame, Group

SCHEMA = Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json"
"""https://github.com/oasis-tcs/sarif-spec, sarif-2.1/schema: the schema of the standard with errata 01."""
CART = Source("journeys/سبد.journey", 'journey cart {\n  on 𝟙 ordr_placed exit won\n  goal won "Order"\n}\n')
UNKNOWN, ZERO = Rule("unknown-name", "SF201"), Rule("zero-wait", "SF108", Severity.WARNING)
FRAME = Frame(files=2, suppressed=1, about=pages.find)


def place(text: str) -> Span:
    start = CART.text.index(text)
    return Span(CART, start, start + len(text))


def items() -> tuple[Diagnostic, ...]:
    way = (Related("`a`", place("on")), Related("`b`", place("exit")))
    fix = Fix((Edit(place("ordr_placed"), "order_placed"),), safe=False)
    return (
        UNKNOWN.at(place("ordr_placed"), "no event", label="here", help="did you mean `order_placed`?", fix=fix),
        ZERO.at(place("exit"), "no time", notes=("a fact",), way=way, related=(Related("first", place("won")),)),
        Rule("a-rule", "SF999", Severity.INFO).at(NOWHERE, "no place"),
        UNKNOWN.at(place("cart {\n  on"), "over two lines"),
    )


def written(form: str, *more: Diagnostic) -> str:
    clean = "journeys/clean.journey"
    return findings.form(form).findings([Group((*items(), *more), files=(CART.path, clean))], FRAME)


@functools.cache
def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def sarif(*more: Diagnostic) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written("sarif", *more))
    sarif_schema().validate(document)
    return document["runs"][0]  # type: ignore[no-any-return]


def test_sarif_is_valid_and_an_invalid_one_would_be_found() -> None:
    run = sarif()
    assert run["columnKind"] == "unicodeCodePoints"
    assert not sarif_schema().is_valid({"version": "2.1.0", "runs": [{**run, "columnKind": "letters"}]})
    empty = json.loads(findings_sarif.findings([], Frame(files=0)))
    sarif_schema().validate(empty)
    assert empty["runs"][0]["results"] == []


def test_sarif_names_rules_places_ways_and_fixes() -> None:
    first, second, third, _ = sarif()["results"]
    rules = sarif()["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in (first, second, third)] == ["unknown-name", "zero-wait", "a-rule"]
    assert "Mostly it is a slip of the pen" in rules[1]["help"]["markdown"]
    spot = first["locations"][0]["physicalLocation"]
    assert spot["artifactLocation"] == {"uri": "journeys/%D8%B3%D8%A8%D8%AF.journey", "uriBaseId": "SRCROOT"}
    assert spot["region"] == {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 19}
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "order_placed"}
    flow = second["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in flow] == ["`a`", "`b`", "no time"]
    assert second["relatedLocations"][0]["message"] == {"text": "first"}
    assert [one["level"] for one in (first, second, third)] == ["error", "warning", "note"]
    assert "locations" not in third


def fingerprints(text: str) -> list[list[str]]:
    """Those of a text in GitLab's report and in SARIF."""
    groups = [Group(check_text(text).findings)]
    gitlab = json.loads(findings.form("gitlab").findings(groups, FRAME))
    results = json.loads(findings.form("sarif").findings(groups, FRAME))["runs"][0]["results"]
    return [
        [one["fingerprint"] for one in gitlab],
        [one["partialFingerprints"]["lineContent/v1"] for one in results],
    ]


BAD = "event a\njourney j {\n  enter on b\n  stage s {\n    wait 0s\n    wait 0s\n    exit done\n  }\n}\n"


def test_fingerprints_stay_when_lines_move_and_differ_from_one_another() -> None:
    before = fingerprints(BAD)
    assert len(before[0]) == len(set(before[0])) >= 3
    assert before == fingerprints(f"# a line more\n\n{BAD.replace('    wait', '      wait')}")
    assert before != fingerprints(BAD.replace("on b", "on c"))


def test_gitlab_has_what_gitlab_asks_for() -> None:
    for entry in json.loads(written("gitlab")):
        assert isinstance(entry["description"], str) and entry["description"]
        assert isinstance(entry["check_name"], str)
        assert len(entry["fingerprint"]) == 32
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] >= 1
        assert "path" in entry["location"]


def test_jsonl_is_json_line_by_line() -> None:
    *lines, last = map(json.loads, written("jsonl").splitlines())
    whole = json.loads(written("json"))
    assert [line["finding"] for line in lines] == whole["findings"]
    assert last == {"format_version": 1, "summary": whole["summary"]}
    assert whole["findings"][1]["way"][1]["message"] == "`b`"


@pytest.mark.parametrize("form", ["github", "junit", "markdown"])
def test_as_the_golden_file_says(form: str) -> None:
    golden = Path(__file__).parent / "formats" / f"{form}.txt"
    assert written(form) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", findings.forms())
def test_no_findings_at_all(form: str) -> None:
    said = findings.form(form).findings([Group((), files=("a.journey",))], Frame(files=1))
    assert "error" not in said.replace("errors", "")
