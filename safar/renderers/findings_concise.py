"""Findings one a line: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from collections.abc import Sequence

from safar.engine.diagnostic import Diagnostic
from safar.renderers import terminal
from safar.renderers.findings import COLOURS, Frame, Group, Where
from safar.renderers.terminal import BOLD, Style, prose

FOR_PEOPLE = True


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """One line for each; the location is never wrapped or coloured, so that editors find it."""
    return "".join(f"{_line(item, frame.style, group.shown)}\n" for group in groups for item in group.items)


def _line(item: Diagnostic, style: Style, where: Where) -> str:
    said = style(f"{item.severity.value}[{item.rule}]", COLOURS[item.severity], BOLD)
    text = " ".join(prose(item.message).split("\n"))
    if not item.span.source.path:
        return f"{said} {text}"
    line, column = item.span.source.position(item.span.start)
    return f"{terminal.path(where(item.span.source.path))}:{line}:{column}: {said} {text}"
