"""Test results for people: every test, and of each that failed the expectation, the reasons, and what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.test.results import Tested, Verdict
from safar.renderers import findings_full, terminal
from safar.renderers.coverage_text import coverage_text
from safar.renderers.findings import Where
from safar.renderers.table import shown
from safar.renderers.terminal import BOLD, GREEN, RED, YELLOW, Style
from safar.renderers.trace_text import trace_text
from safar.renderers.verdicts import COLOURS, Frame, Group, findings, marked

FOR_PEOPLE = True
MOST_PASSED = 25
"""Passed scenarios of one file that are named; more are counted."""
_FIRST, _LAST = 60, 30
"""Lines of a timeline that are shown where it is longer than both together."""
_WORDS = {"better": GREEN, "equivalent": GREEN, "worse": RED, "undecided": YELLOW}


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """Errors of files, the tests by file, the failures with their timelines, the coverage if it is wanted."""
    lines: list[str] = []
    for group in groups:
        for item in group.broken:
            lines += [findings_full.finding(item, style=frame.style, width=frame.width, where=group.shown), ""]
        lines += _listed(group, frame)
    for group in groups:
        for one in group.tested:
            if one.verdict is not Verdict.PASSED:
                lines += [*failed(one, frame, group.shown), ""]
    if frame.coverage:
        lines += coverage_text([(one, group.shown) for group in groups for one in group.coverage], frame.style)
    return "".join(f"{line}\n" for line in lines)


def _listed(group: Group, frame: Frame) -> Iterator[str]:
    files: dict[str, list[Tested]] = {}
    for one in group.tested:
        files.setdefault(one.test.span.source.path, []).append(one)
    for path, tested in files.items():
        yield frame.style(terminal.path(group.shown(path)), BOLD)
        passed = 0
        for one in tested:
            short = one.verdict is Verdict.PASSED and one.kind == "scenario"
            passed += short
            if not short or passed <= MOST_PASSED:
                yield from _line(one, frame.style)
        if passed > MOST_PASSED:
            yield f"  {frame.style(f'{Verdict.PASSED.value:<9}', GREEN)}  {passed - MOST_PASSED:,} more scenarios"
        yield ""


def _line(one: Tested, style: Style) -> Iterator[str]:
    verdict = style(f"{one.verdict.value:<9}", COLOURS[one.verdict])
    people = f", {one.customers:,} customers" if one.kind == "forecast" else ""
    yield f"  {verdict}  {title(one)}{people}"
    for measured in one.measured:
        said = style(f"{measured.verdict:<10}", _WORDS[measured.verdict])
        yield f"             {said}  {terminal.prose(measured.text)}"


def title(one: Tested) -> str:
    return f'{one.kind} "{shown(one.test.title)}"'


def failed(one: Tested, frame: Frame, where: Where) -> Iterator[str]:
    """One test that did not pass, with all that explains it."""
    heading = f"{one.verdict.value}: {title(one)} for {shown(one.test.journey)}"
    yield frame.style(heading, COLOURS[one.verdict], BOLD)
    for item in findings(one):
        yield ""
        yield findings_full.finding(item, style=frame.style, width=frame.width, where=where)
    yield from _timeline(one, frame.style)


def _timeline(one: Tested, style: Style) -> Iterator[str]:
    if one.story is None:
        return
    text = trace_text(one.project, one.story, colour=style.colour, marks=marked(one))
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _FIRST + _LAST:
        left_out = f"  ... {len(lines) - _FIRST - _LAST:,} more lines ..."
        lines = [*lines[:_FIRST], left_out, *lines[-_LAST:]]
    yield ""
    yield style("what happened:", BOLD)
    yield from (f"  {line}".rstrip() for line in lines)
