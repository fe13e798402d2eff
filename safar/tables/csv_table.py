"""CSV: comma, semicolon or tab, whichever the heading uses."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from typing import IO

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import BROKEN
from safar.engine.simulate.rows import Row, Stretch
from safar.engine.source import Span
from safar.tables.broken import broken
from safar.tables.stretch import TOO_EMPTY, Rows

LONGEST_LINE = 1 << 20


class _Lines:
    """Lines of a file; those taken since the last look, and where they began."""

    def __init__(self, file: IO[str], number: int = 0) -> None:
        self._file = file
        self._taken: list[str] = []
        self.number = number

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_LINE):
            self.number += 1
            self._taken.append(line)
            yield line

    def look(self) -> tuple[str, int]:
        taken, self._taken = self._taken, []
        return "".join(taken), self.number - len(taken) + 1


class _Table:
    """The rows of one file, in order: cells, or what is wrong with a row."""

    def __init__(self, name: str, file: IO[str]) -> None:
        self._name, self._file = name, file
        start = file.tell()
        self.delimiter = _delimiter(file.readline(LONGEST_LINE))
        file.seek(start)
        self._begin(0, 0)

    def _begin(self, row: int, line: int) -> None:
        self._lines = _Lines(self._file, line)
        self._rows = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self.number = row

    def go_to(self, wanted: Rows) -> None:
        """To the first row that is wanted."""
        if wanted.begin is not None:
            self._file.seek(wanted.begin.at)
            self._begin(wanted.begin.row - 1, wanted.begin.line - 1)

    def reached(self, wanted: Rows) -> None:
        """The next row begins where the file stands."""
        wanted.reach(self.number + 1, self._lines.number + 1, self._file.tell)

    def next(self) -> tuple[list[str], str, int] | Diagnostic | None:
        """The next row with its text and line; None at the end."""
        self.number += 1
        try:
            cells = next(self._rows, None)
        except csv.Error as error:
            text, line = self._lines.look()
            return broken(Stretch(self._name, text, first=line, row=self.number), f"is no CSV: {error}")
        text, line = self._lines.look()
        return None if cells is None else (cells, text, line)


def rows(name: str, file: IO[str], wanted: Rows) -> Iterator[Row | Diagnostic]:
    """The rows below the heading, which is row 1."""
    table = _Table(name, file)
    while (heading := table.next()) is not None and (isinstance(heading, Diagnostic) or not any(heading[0])):
        if isinstance(heading, Diagnostic):
            yield heading
    if heading is None:
        return
    columns, text, line = heading
    named = partial(_place, name, text, line, table.delimiter, columns)
    if len(set(columns)) < len(columns):
        again = next(c for position, c in enumerate(columns) if c in columns[:position])
        yield BROKEN.at(named(""), f"the column `{again}` stands there twice", label="heading")
        return
    table.go_to(wanted)
    while not wanted.over(table.number + 1):
        table.reached(wanted)
        row = table.next()
        if row is None:
            return
        if isinstance(row, Diagnostic):
            yield row
            continue
        cells, text, line = row
        if wanted.too_empty(row_is_empty=not any(cells)):
            yield broken(Stretch(name, text, first=line, row=table.number), TOO_EMPTY)
            return
        if len(cells) == len(columns) and any(cells):
            place = partial(_place, name, text, line, table.delimiter, columns)
            yield Row(table.number, dict(zip(columns, cells, strict=True)), place, named)
        elif any(cells):
            stretch = Stretch(name, text, first=line, row=table.number)
            yield broken(stretch, f"has {len(cells)} cells, but there are {len(columns)} columns")


def _delimiter(heading: str) -> str:
    """Spreadsheets of half the world write `;`, some a tab."""
    return max(",;\t", key=lambda sign: (heading.count(sign), sign == ","))


def _place(name: str, text: str, line: int, delimiter: str, columns: list[str], column: str) -> Span:
    source = Stretch(name, text, first=line)
    spans = _cells(text, delimiter)
    if column in columns and columns.index(column) < len(spans):
        return Span(source, *spans[columns.index(column)])
    return Span(source, 0, len(text.rstrip("\r\n")))


def _cells(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where the cells of one row stand; quotes are inside."""
    spans, start, quoted = [], 0, False
    end = len(text.rstrip("\r\n"))
    for at in range(end):
        if text[at] == '"':
            quoted = not quoted
        elif text[at] == delimiter and not quoted:
            spans.append((start, at))
            start = at + 1
    return [*spans, (start, end)]
