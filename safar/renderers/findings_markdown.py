"""Findings as Markdown for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic
from safar.renderers.escape import code, markdown
from safar.renderers.findings import Frame, Group, Where, counted, summary
from safar.renderers.terminal import Style

FOR_PEOPLE = False
MARKER = "<!-- safar check -->"
"""The first line, by which a later run finds its comment and replaces it."""
MOST = 60_000
"""Bytes: GitHub takes 65,536 characters."""


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """A headline with the counts, then files with their findings; what is too long for a comment is counted."""
    plain = Frame(files=frame.files, suppressed=frame.suppressed, known=frame.known, style=Style())
    text = f"{MARKER}\n### Safar: {summary(groups, plain)}\n"
    entries = list(_entries(groups))
    size, room = len(text.encode()), MOST - 200
    for number, (heading, entry) in enumerate(entries):
        part = heading + entry
        size += len(part.encode("utf-8", "surrogatepass"))
        if size > room:
            return text + f"\n{counted(len(entries) - number, 'more finding')} left out: too long for a comment.\n"
        text += part
    return text


def _entries(groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    """Each finding with the heading that stands before it, if it is the first of its file."""
    for group in groups:
        file = None
        for item in group.items:
            path = item.span.source.path
            heading = "" if path == file else f"\n{_place(group.shown(path))}\n\n"
            file = path
            yield heading, _entry(item, group.shown)


def _place(path: str) -> str:
    return f"**{code(path)}**" if path else "**Project**"


def _entry(item: Diagnostic, shown: Where) -> str:
    line = item.span.source.position(item.span.start)[0]
    place = f"line {line}: " if item.span.source.path else ""
    lines = [f"- {place}**{item.severity.value}** {markdown(item.message)} ({code(item.rule)})"]
    lines += [f"  {markdown(note)}" for said in _said(item, shown) for note in said.split("\n")]
    return "  \n".join(lines) + "\n"


def _said(item: Diagnostic, shown: Where) -> Iterator[str]:
    for other in item.related:
        source = other.span.source
        where = f"line {source.position(other.span.start)[0]}" if source.path else ""
        where += f" of `{shown(source.path)}`" if source.path and source.path != item.span.source.path else ""
        yield f"{where}, {other.message}" if where else other.message
    yield from item.notes
    if item.help:
        yield item.help
