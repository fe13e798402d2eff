"""Which rows of a file are read, and where later readings can begin."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

EVERY = 4096
"""Rows between two marks: a file of ten million has some 2,400 of them."""


class Mark(msgspec.Struct, frozen=True):
    """The place of a row in its file: its number, its line, and what the format's reader needs to go there."""

    row: int
    line: int
    at: int


class Rows(msgspec.Struct):
    """The rows from `begin` on, up to but without the number `end` (None: all); `marks` grows while they are read."""

    begin: Mark | None = None
    end: int | None = None
    marks: list[Mark] = []

    def over(self, row: int) -> bool:
        """Whether this row and all after it are no longer wanted."""
        return self.end is not None and row >= self.end

    def before(self, row: int) -> bool:
        """Whether this row comes before those that are wanted."""
        return self.begin is not None and row < self.begin.row

    def reach(self, row: int, line: int, tell: Callable[[], int]) -> None:
        """Note where a row begins, now and then."""
        if not self.marks or row >= self.marks[-1].row + EVERY:
            self.marks.append(Mark(row, line, tell()))
