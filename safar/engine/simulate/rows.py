"""Rows of customer files, whatever their format: cells by column, and where each stands for findings."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from safar.engine.source import Source, Span

Cell = str | tuple[str, ...]
"""The text of a cell; a list in JSON or YAML is a tuple of texts, an empty text is a missing value."""


class Stretch(Source):
    """Some lines of a long file, so that a finding in row 900,000 need not hold the file in memory.  `row` is the row
    that they are, if they are one.

    >>> Stretch("customers.csv", "k,12\\n", first=41).position(2)
    (41, 3)
    """

    __slots__ = ("_first", "row")

    def __init__(self, path: str, text: str, *, first: int, row: int = 0) -> None:
        super().__init__(path, text)
        self._first = first
        self.row = row

    def position(self, offset: int) -> tuple[int, int]:
        line, column = super().position(offset)
        return line + self._first - 1, column

    def line(self, number: int) -> str:
        inside = number - self._first + 1
        return super().line(inside) if 1 <= inside <= len(self._line_starts()) else ""


class Row(msgspec.Struct, frozen=True, eq=False):
    """One row; `number` is what a spreadsheet shows: the heading of a CSV file is row 1.

    `place` gives the span of a column's cell, and of the whole row for an empty name.  It is called only for
    findings, so that good rows cost nothing.
    """

    number: int
    cells: dict[str, Cell]
    place: Callable[[str], Span]
    heading: Callable[[str], Span] | None = None
    """The span of a column's name, where names stand in a row of their own."""
