"""What scenarios pass of journeys, as a table, and what they do not pass, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.test.coverage import KINDS, Coverage, Part
from safar.renderers import terminal
from safar.renderers.findings import Where
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, Style

_HEADS = {"step": "steps", "branch": "branches", "arm": "arms", "wait": "waits", "interrupt": "interrupts"}


def percent(one: Coverage) -> str:
    """Cut, not rounded: 100% means all."""
    return f"{int(one.percent)}%"


def coverage_text(journeys: Sequence[tuple[Coverage, Where]], style: Style) -> Iterator[str]:
    """A row for each journey, then each part that no scenario passes as `path:line  kind step: way`."""
    heads = ["coverage", *(_HEADS[kind] for kind in KINDS), "all"]
    rows = [
        heads,
        *([shown(one.journey), *map(_of, (one.count(kind) for kind in KINDS)), percent(one)] for one, _ in journeys),
    ]
    lines = table(rows, right=frozenset(range(1, len(heads))), indent=0)
    yield from (style(line, BOLD) if number == 0 else line for number, line in enumerate(lines))
    for one, where in journeys:
        missed = [part for part in one.parts if not part.covered]
        if missed:
            yield ""
            yield f"no scenario passes, in {shown(one.journey)}:"
            yield from table([_place(part, where) for part in missed])
    yield ""


def _of(count: tuple[int, int]) -> str:
    passed, every = count
    return f"{passed}/{every}" if every else "-"


def _place(part: Part, where: Where) -> tuple[str, str]:
    line = part.span.source.position(part.span.start)[0]
    said = f"{part.kind} {shown(part.name)}" + (f": {shown(part.way)}" if part.way else "")
    return f"{terminal.path(where(part.span.source.path))}:{line}", said
