"""Test results as a JUnit report: a suite for each journey, a case for each scenario and forecast.

Undecided forecasts are skipped cases: neither passed nor failed.  Errors of files are a suite of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.test.results import Tested, Verdict
from safar.renderers import findings_full
from safar.renderers.escape import xml
from safar.renderers.findings import Where
from safar.renderers.terminal import Style
from safar.renderers.verdicts import Frame, Group, all_tested
from safar.renderers.verdicts_full import failed

FOR_PEOPLE = False


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """The report, as GitLab, Jenkins and GitHub's report actions read it."""
    plain = Frame(style=Style(), width=frame.width)
    suites = [suite for group in groups for suite in _suites(group, plain)]
    errors = sum(len(group.broken) for group in groups)
    head = f'<testsuites name="safar test"{_numbers(all_tested(groups), errors)}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _numbers(tested: Sequence[Tested], errors: int = 0) -> str:
    failures, skipped = (
        sum(one.verdict is verdict for one in tested) for verdict in (Verdict.FAILED, Verdict.UNDECIDED)
    )
    seconds = sum(one.seconds for one in tested)
    counts = f' tests="{len(tested) + errors}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    return f'{counts} time="{seconds:.3f}"'


def _suites(group: Group, frame: Frame) -> Iterator[str]:
    if group.broken:
        yield _broken(group, frame)
    journeys: dict[tuple[str, str], list[Tested]] = {}
    for one in group.tested:
        journeys.setdefault((group.shown(one.test.span.source.path), one.test.journey), []).append(one)
    for (path, journey), tested in journeys.items():
        lines = [f' <testsuite name="{xml(journey)}" file="{xml(path)}"{_numbers(tested)}>']
        lines += [_case(one, (path, journey), frame, group.shown) for one in tested]
        yield "\n".join([*lines, " </testsuite>"])


def _broken(group: Group, frame: Frame) -> str:
    lines = [f' <testsuite name="files"{_numbers((), len(group.broken))}>']
    for item in group.broken:
        path = xml(group.shown(item.span.source.path))
        said = _text(findings_full.finding(item, style=frame.style, width=frame.width, where=group.shown))
        facts = f'type="{xml(item.rule)}" message="{xml(item.message)}"'
        case = f'  <testcase classname="{path}" name="{xml(item.rule)}" time="0">'
        lines.append(f"{case}\n   <error {facts}>{said}</error>\n  </testcase>")
    return "\n".join([*lines, " </testsuite>"])


def _case(one: Tested, place: tuple[str, str], frame: Frame, where: Where) -> str:
    path, journey = map(xml, place)
    line = one.test.span.source.position(one.test.span.start)[0]
    facts = f'classname="{journey}" name="{xml(one.test.title)}" file="{path}" line="{line}" time="{one.seconds:.3f}"'
    if one.verdict is Verdict.PASSED:
        return f"  <testcase {facts}/>"
    text = _text("\n".join(failed(one, frame, where)))
    if one.verdict is Verdict.UNDECIDED:
        said = f'<skipped message="undecided"/>\n   <system-out>{text}</system-out>'
        return f"  <testcase {facts}>\n   {said}\n  </testcase>"
    message = xml(one.failures[0].message)
    return f'  <testcase {facts}>\n   <failure type="{one.kind}" message="{message}">{text}</failure>\n  </testcase>'


def _text(text: str) -> str:
    """Lines of ours; each is made harmless by itself, so that line ends stay."""
    return "\n".join(map(xml, text.split("\n")))
