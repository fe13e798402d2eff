"""Columns of text that line up in a terminal, whatever the script, and keep within its width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safar.engine.source import display_width
from safar.renderers.terminal import ISOLATE_AUTO, ISOLATE_END, right_to_left, visible, wrapped

_GAP = "  "
_NARROW = 30
"""A cell is not broken into rows narrower than this; it goes to a line of its own."""


def shown(text: str) -> str:
    """A name or title of others: harmless, and right-to-left ones kept from turning their surroundings.

    >>> shown("a\\x1b[2J")
    'a\\\\x1b[2J'
    """
    plain = visible(text)
    return f"{ISOLATE_AUTO}{plain}{ISOLATE_END}" if right_to_left(plain) else plain


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up with spaces to a display width."""
    space = " " * max(0, width - display_width(text))
    return space + text if right else text + space


def table(
    rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: int = 2, width: int | None = None
) -> list[str]:
    """Rows as lines; columns named in `right` are flush right.  What does not fit into `width` goes to further lines.

    A row of one cell goes over all columns.

    >>> table([("won", "1,234"), ("lost", "9")], right=frozenset({1}), indent=0)
    ['won   1,234', 'lost      9']
    >>> table([("won", "1,234", "a long remark about it")], indent=0, width=18)
    ['won  1,234', '    a long remark', '    about it']
    """
    return [line for lines in broken(rows, right=right, indent=indent, width=width) for line in lines]


def broken(
    rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: int = 2, width: int | None = None
) -> list[list[str]]:
    """The same, the lines of each row by themselves."""
    cells = [list(row) for row in rows]
    count = max((len(row) for row in cells), default=0)
    lined_up = [row for row in cells if len(row) > 1]
    widths = [max((display_width(row[n]) for row in lined_up if n < len(row)), default=0) for n in range(count)]
    starts = [indent + sum(widths[:n]) + len(_GAP) * n for n in range(count)]
    return [_lines(_placed(row, starts, widths, right), indent, width) for row in cells]


def _placed(row: list[str], starts: list[int], widths: list[int], right: frozenset[int]) -> list[tuple[int, str]]:
    """Cells that are not empty, each with the column in which it begins."""
    if len(row) == 1:
        text = row[0].lstrip(" ")
        return [(starts[0] + len(row[0]) - len(text), text)]
    return [
        (starts[n] + (widths[n] - display_width(cell) if n in right else 0), cell)
        for n, cell in enumerate(row)
        if cell or n == 0
    ]


def _lines(cells: list[tuple[int, str]], indent: int, width: int | None) -> list[str]:
    """A row as lines: each cell in its column, or broken there, or on a line below."""
    lines = [""]
    for start, cell in cells:
        room = display_width(cell) if width is None else width - start
        taken = display_width(lines[-1])
        if taken <= start and display_width(cell) <= room:
            lines[-1] = padded(lines[-1], start) + cell
        elif taken <= start and room >= _NARROW:
            first, *others = wrapped(cell, room)
            lines[-1] = padded(lines[-1], start) + first
            lines += [" " * start + part for part in others]
        elif len(lines) > 1 and taken + len(_GAP) + display_width(cell) <= (width or 0):
            lines[-1] += _GAP + cell
        else:
            below = indent + 4 if lines[-1] else start
            parts = [" " * below + part for part in wrapped(cell, (width or 0) - below)]
            lines = parts if lines == [""] else lines + parts
    return [line.rstrip() for line in lines]
