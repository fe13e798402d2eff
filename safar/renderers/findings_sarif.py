"""Findings as SARIF 2.1.0 (OASIS), for code scanning and editors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from safar import __version__
from safar.engine.diagnostic import Diagnostic, Fix, Related, Severity
from safar.engine.fingerprint import Identity, identities
from safar.engine.source import Span
from safar.renderers.escape import json_text, uri
from safar.renderers.findings import Frame, Group, Where
from safar.renderers.terminal import visible

FOR_PEOPLE = False
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "SRCROOT"

Json = dict[str, Any]


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """One log with one run.  Paths are relative to the working folder, columns count code points."""
    return json_text(document(groups, frame), indent=1) + "\n"


def document(groups: Sequence[Group], frame: Frame) -> Json:
    """The log as data."""
    items = [item for group in groups for item in group.items]
    rules = {item.rule: item for item in reversed(items)}
    order = {name: number for number, name in enumerate(sorted(rules))}
    results = [
        _result(item, identity, order[item.rule], group.shown)
        for group in groups
        for item, identity in identities(group.items, group.shown)
    ]
    driver = {
        "name": "Safar",
        "semanticVersion": __version__,
        "rules": [_rule(rules[name], frame) for name in order],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which Safar was called."}}},
                "results": results,
            }
        ],
    }


def _rule(item: Diagnostic, frame: Frame) -> Json:
    rule: Json = {
        "id": item.rule,
        "name": "".join(word.capitalize() for word in item.rule.split("-")),
        "properties": {"tags": [item.code]},
    }
    about = frame.about(item.rule)
    if about is None:
        return rule
    said = {"text": about.summary}
    return {**rule, "shortDescription": said, "help": {"text": about.text, "markdown": about.text}}


def _result(item: Diagnostic, identity: Identity, rule: int, shown: Where) -> Json:
    result: Json = {
        "ruleId": item.rule,
        "ruleIndex": rule,
        "level": _LEVELS[item.severity],
        "message": {"text": _message(item)},
        "partialFingerprints": {"lineContent/v1": identity.digest},
    }
    if item.span.source.path:
        result["locations"] = [_location(item.span, shown, item.label)]
    related = [_location(one.span, shown, one.message) for one in item.related if one.span.source.path]
    if related:
        result["relatedLocations"] = [{"id": number, **place} for number, place in enumerate(related, 1)]
    flow = [{"location": _location(one.span, shown, one.message)} for one in _flow(item)]
    if flow:
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    if item.fix is not None:
        result["fixes"] = [_fix(item.fix, shown, item.help)]
    return result


def _message(item: Diagnostic) -> str:
    said = (item.message, *item.notes, item.help)
    return "\n".join(visible(line) for text in said if text for line in text.split("\n"))


def _flow(item: Diagnostic) -> Iterator[Related]:
    """The way to the finding and the finding itself."""
    if item.way:
        yield from (one for one in item.way if one.span.source.path)
        yield Related(item.label or item.message, item.span)


def _location(span: Span, shown: Where, said: str) -> Json:
    place: Json = {
        "physicalLocation": {"artifactLocation": _artifact(shown(span.source.path)), "region": _region(span)}
    }
    return {**place, "message": {"text": visible(said)}} if said else place


def _artifact(path: str) -> Json:
    address = uri(path)
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": _ROOT}


def _region(span: Span) -> Json:
    (line, column), (end_line, end_column) = span.source.position(span.start), span.source.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix, shown: Where, said: str) -> Json:
    changes: dict[str, list[Json]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        changes.setdefault(shown(edit.span.source.path), []).append(replacement)
    described = {"description": {"text": visible(said)}} if said else {}
    return {
        **described,
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }
