"""Columns of text that line up in a terminal, whatever the script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safar.engine.source import display_width
from safar.renderers.terminal import ISOLATE_AUTO, ISOLATE_END, right_to_left, visible

_GAP = "  "


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


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: int = 2) -> list[str]:
    """Rows as lines; columns named in `right` are flush right.

    >>> table([("won", "1,234"), ("lost", "9")], right=frozenset({1}), indent=0)
    ['won   1,234', 'lost      9']
    """
    cells = [list(row) for row in rows]
    count = max((len(row) for row in cells), default=0)
    widths = [max((display_width(row[n]) for row in cells if n < len(row)), default=0) for n in range(count)]
    return [
        (" " * indent + _GAP.join(padded(cell, widths[n], right=n in right) for n, cell in enumerate(row))).rstrip()
        for row in cells
    ]
