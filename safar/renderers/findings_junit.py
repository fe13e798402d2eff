"""Findings as a JUnit report: a suite for each file, a failed case for each finding, a passed one for a clean file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic, Severity
from safar.renderers.escape import xml
from safar.renderers.findings import Frame, Group

FOR_PEOPLE = False
_ELEMENTS = {Severity.ERROR: "error", Severity.WARNING: "failure", Severity.INFO: "system-out"}


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """Errors are errors, warnings are failures, hints are passed cases that say something."""
    suites = [_suite(group.shown(path), items) for group in groups for path, items in _by_file(group)]
    every = [item for group in groups for item in group.items]
    cases = sum(text.count("<testcase ") for text in suites)
    head = f'<testsuites name="safar check"{_numbers(cases, every)}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _by_file(group: Group) -> Iterator[tuple[str, list[Diagnostic]]]:
    paths = dict.fromkeys([*group.files, *(item.span.source.path for item in group.items)])
    for path in sorted(paths):
        yield path, [item for item in group.items if item.span.source.path == path]


def _numbers(cases: int, items: Sequence[Diagnostic]) -> str:
    failed, wrong = (sum(item.severity is level for item in items) for level in (Severity.WARNING, Severity.ERROR))
    return f' tests="{cases}" failures="{failed}" errors="{wrong}" time="0"'


def _suite(path: str, items: Sequence[Diagnostic]) -> str:
    name = xml(path or "project")
    lines = [f' <testsuite name="{name}"{_numbers(max(len(items), 1), items)}>']
    lines += [_case(name, item) for item in items]
    if not items:
        lines.append(f'  <testcase classname="{name}" name="check" time="0"/>')
    return "\n".join([*lines, " </testsuite>"])


def _case(file: str, item: Diagnostic) -> str:
    line, column = item.span.source.position(item.span.start)
    place = f" {line}:{column}" if item.span.source.path else ""
    element = _ELEMENTS[item.severity]
    facts = "" if element == "system-out" else f' type="{xml(item.rule)}" message="{xml(item.message)}"'
    said = "\n".join(filter(None, (item.message, *item.notes, item.help)))
    text = "\n".join(map(xml, (f"{item.code}{place}", *said.split("\n"))))
    return (
        f'  <testcase classname="{file}" name="{xml(item.rule + place)}" time="0">\n'
        f"   <{element}{facts}>{text}</{element}>\n  </testcase>"
    )
