"""Which rows of a file are read, and where later readings can begin."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import msgspec

MOST_MARKS = 4096
"""Where there would be more, every second one is dropped, and later ones are twice as far apart."""

MOST_EMPTY = 1 << 20
"""Empty rows that may follow one another: as many as a spreadsheet has."""
TOO_EMPTY = f"is empty, as more than {MOST_EMPTY:,} before it are; nothing behind it is read"


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
    every: int = 64
    empty: int = 0
    """Empty rows since the last that was not."""

    def too_empty(self, *, row_is_empty: bool) -> bool:
        """Whether more empty rows follow one another than may be: packed, a file of them has no end."""
        self.empty = self.empty + 1 if row_is_empty else 0
        return self.empty > MOST_EMPTY

    def over(self, row: int) -> bool:
        """Whether this row and all after it are no longer wanted."""
        return self.end is not None and row >= self.end

    def before(self, row: int) -> bool:
        """Whether this row comes before those that are wanted."""
        return self.begin is not None and row < self.begin.row

    def reach(self, row: int, line: int, tell: Callable[[], int]) -> None:
        """Note where a row begins, now and then."""
        if self.marks and row < self.marks[-1].row + self.every:
            return
        if len(self.marks) == MOST_MARKS:
            self.marks = self.marks[::2]
            self.every *= 2
        self.marks.append(Mark(row, line, tell()))

    def parts(self, count: int) -> Iterator[Rows]:
        """About equal parts of the file that was read, so many or fewer; together they are all of it.

        >>> whole = Rows(marks=[Mark(2, 2, 10), Mark(66, 66, 900), Mark(130, 130, 1800)])
        >>> [(part.begin.row, part.end) for part in whole.parts(2)]
        [(2, 66), (66, None)]
        """
        cuts = sorted({len(self.marks) * number // count for number in range(count)})
        for start, following in itertools.zip_longest(cuts, cuts[1:]):
            if start < len(self.marks):
                yield Rows(self.marks[start], None if following is None else self.marks[following].row)
