"""Records written to a file, some at a time; the format is told by the file's ending."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Protocol

from safar import output
from safar.engine.simulate.ledger import Cell, Column, Record
from safar.engine.simulate.literals import utc
from safar.engine.simulate.money import major, number
from safar.errors import SelectionError
from safar.tables import parquet

ENDINGS = ".csv, .jsonl or .parquet"


class Writer(Protocol):
    """Writes records to a file that somebody else opens and closes."""

    def add(self, record: Record) -> None:
        """One more record."""

    def end(self) -> None:
        """There are no more."""

    def give_up(self) -> None:
        """The file will not be needed; nothing more is to be written."""


def check_ending(path: Path) -> None:
    """Raises `SelectionError` where the ending tells no format, or one that cannot be written here."""
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        raise SelectionError(f"{path} has no ending that tells its format; name it {ENDINGS}")
    if ending == ".parquet" and not parquet.is_installed():
        raise SelectionError(f"{path} cannot be written: {parquet.MISSING}; install it: `pip install safar[parquet]`")


@contextlib.contextmanager
def writing_to(path: Path, columns: Sequence[Column]) -> Iterator[Callable[[Record], object]]:
    """Takes records, and writes them in the format of the path's ending; raises as `check_ending` and `output.writing`.

    The file takes its place at the end, if all went well.
    """
    check_ending(path)
    with output.writing(path) as file:
        writer = _WRITERS[path.suffix.lower()](file, columns)
        try:
            yield writer.add
            writer.end()
        except BaseException:
            writer.give_up()
            raise


Columns = Callable[[Sequence[Column]], Callable[[Record], object]]


@contextlib.contextmanager
def results_to(path: Path | None) -> Iterator[Columns | None]:
    """As `writing_to` where the columns are known later; without a path there is nothing to write."""
    if path is None:
        yield None
        return
    check_ending(path)
    with contextlib.ExitStack() as opened:
        yield lambda columns: opened.enter_context(writing_to(path, columns))


class _Csv:
    """Instants as 2027-01-05T09:00:00Z, amounts as decimals, nothing as an empty cell."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._columns = columns
        self._text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow([column.name for column in columns])

    def add(self, record: Record) -> None:
        self._rows.writerow([_plain(column, record[column.name]) for column in self._columns])

    def end(self) -> None:
        self._text.detach()

    def give_up(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._text.detach()


class _JsonLines:
    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._file, self._columns = file, columns

    def add(self, record: Record) -> None:
        plain = {column.name: _plain(column, record[column.name]) for column in self._columns}
        self._file.write((json.dumps(plain, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))

    def end(self) -> None:
        pass

    def give_up(self) -> None:
        pass


def _plain(column: Column, cell: Cell) -> str | int | float | None:
    if isinstance(cell, int) and column.kind == "instant":
        return utc(cell)
    if isinstance(cell, int) and column.kind == "money":
        return number(major(cell, column.currency))
    return cell


_WRITERS: dict[str, Callable[[IO[bytes], Sequence[Column]], Writer]] = {
    ".csv": _Csv,
    ".jsonl": _JsonLines,
    ".parquet": parquet.Writer,
}
