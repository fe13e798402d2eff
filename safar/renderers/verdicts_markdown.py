"""Test results as Markdown for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.test.results import Tested, Verdict
from safar.renderers.coverage_text import percent
from safar.renderers.escape import code, markdown
from safar.renderers.findings import Where, counted
from safar.renderers.verdicts import Frame, Group, summary
from safar.renderers.verdicts_full import failed

FOR_PEOPLE = False
MARKER = "<!-- safar test -->"
"""The first line, by which a later run finds its comment and replaces it."""
MOST = 60_000
"""Bytes: GitHub takes 65,536 characters."""


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """A headline with the counts, what did not pass, the figures of forecasts; what is too long is counted."""
    text = f"{MARKER}\n### Safar: {summary(groups, Frame(seconds=frame.seconds))}\n"
    entries = [entry for group in groups for entry in _entries(group, frame)]
    size = len(text.encode())
    for number, entry in enumerate(entries):
        size += len(entry.encode("utf-8", "surrogatepass"))
        if size > MOST - 200:
            return text + f"\n{counted(len(entries) - number, 'more entry', 'more entries')} left out: too long.\n"
        text += entry
    return text


def _entries(group: Group, frame: Frame) -> Iterator[str]:
    for item in group.broken:
        yield f"\n- **error** {_place(item.span.source.path, group.shown)}: {markdown(item.message)}\n"
    for one in group.tested:
        if one.verdict is not Verdict.PASSED or one.measured:
            yield _entry(one, frame, group.shown)
    if frame.coverage and group.coverage:
        rows = "".join(f"| {code(one.journey)} | {percent(one)} |\n" for one in group.coverage)
        yield f"\n| journey | covered |\n|---|---|\n{rows}"


def _place(path: str, where: Where) -> str:
    return code(where(path))


def _entry(one: Tested, frame: Frame, where: Where) -> str:
    line = one.test.span.source.position(one.test.span.start)[0]
    place = f"{_place(one.test.span.source.path, where)}, line {line}"
    text = f"\n**{one.verdict.value}** {one.kind} {code(one.test.title)} ({place})\n\n"
    if one.measured:
        return text + "".join(f"- {measured.verdict}: {code(_bare(measured.text))}\n" for measured in one.measured)
    return text + _block("\n".join(failed(one, Frame(width=frame.width), where)))


def _bare(text: str) -> str:
    return text.replace("`", "")


def _block(text: str) -> str:
    """A block of code, with a fence that the text does not have."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}\n"
