"""Findings for people: the place in the author's own text, what is wrong there, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic, Related
from safar.engine.source import NOWHERE, Source
from safar.renderers import terminal
from safar.renderers.findings import COLOURS, WIDTH, Frame, Group, Where, by_itself
from safar.renderers.snippet import Mark, excerpt, rows
from safar.renderers.terminal import BLUE, BOLD, GREEN, Style, prose

FOR_PEOPLE = True


def finding(item: Diagnostic, *, style: Style, width: int = WIDTH, where: Where = by_itself) -> str:
    """One finding in the shape of the compilers people know: headline, place, lines with marks, notes, help."""
    colour = COLOURS[item.severity]
    lines = [style(f"{item.severity.value}[{item.rule}]", colour, BOLD) + style(f": {prose(item.message)}", BOLD)]
    margin = 1
    if item.span is not NOWHERE and item.span.source.path:
        marks = _marks(item, colour)
        margin = len(str(max(mark.line for mark in marks)))
        lines += _places(marks, (margin, width), style, where)
    elif item.label:
        lines.append(_said((margin, width), "note", item.label, style))
    if item.way:
        lines.append(_said((margin, width), "way", _way(item), style))
    lines += [_said((margin, width), "note", note, style) for note in item.notes]
    if item.help:
        lines.append(_said((margin, width), "help", item.help, style))
    return "\n".join(lines)


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """All findings, a blank line after each."""
    return "".join(
        f"{finding(item, style=frame.style, width=frame.width, where=group.shown)}\n\n"
        for group in groups
        for item in group.items
    )


def _marks(item: Diagnostic, colour: str) -> list[Mark]:
    """The primary mark first."""
    others = [r for r in item.related if r.span.source.path]
    return [Mark(item.span, prose(item.label), True, colour), *map(_secondary, others)]


def _secondary(related: Related) -> Mark:
    return Mark(related.span, prose(related.message), False, BLUE)


def _way(item: Diagnostic) -> str:
    """The witness in one row: what a customer passes, each with its line."""
    return " -> ".join(f"{step.message} (line {step.span.source.position(step.span.start)[0]})" for step in item.way)


def _said(size: tuple[int, int], word: str, text: str, style: Style) -> str:
    margin, width = size
    colour = GREEN if word == "help" else BLUE
    indent = margin + 3 + len(word) + 2
    shown = [row for line in text.split("\n") for row in terminal.wrapped(terminal.whole_line(line), width - indent)]
    rest = f"\n{' ' * indent}".join(shown)
    return f"{' ' * margin} = {style(word, colour, BOLD)}: {rest}"


def _places(marks: Sequence[Mark], size: tuple[int, int], style: Style, where: Where) -> Iterator[str]:
    """The lines of the finding's own file, then those of others."""
    margin, width = size
    sources: dict[int, tuple[Source, list[Mark]]] = {}
    for mark in marks:
        sources.setdefault(id(mark.span.source), (mark.span.source, []))[1].append(mark)
    edge = style(f"{' ' * margin} |", BLUE)
    for source, own in sources.values():
        line, column = source.position(own[0].span.start)
        arrow = style(f"{' ' * margin}-->", BLUE)
        yield f"{arrow} {terminal.path(where(source.path))}:{line}:{column}"
        yield edge
        yield from _lines(own, (margin, width), style)
        yield edge


def _lines(marks: Sequence[Mark], size: tuple[int, int], style: Style) -> Iterator[str]:
    margin, width = size
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(mark.line, []).append(mark)
    before = 0
    for line in sorted(by_line):
        if before and line > before + 1:
            yield style("...", BLUE)
        before = line
        shown, *below = rows(excerpt(by_line[line], width - margin - 3), style)
        yield f"{style(f'{line:>{margin}} |', BLUE)} {shown}".rstrip()
        yield from (f"{style(' ' * margin + ' |', BLUE)} {row}".rstrip() for row in below)
