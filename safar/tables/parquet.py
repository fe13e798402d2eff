"""Parquet, by the optional package `pyarrow`: read and written some rows at a time."""

from __future__ import annotations

import datetime
import importlib.util
import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.ledger import Cell as StoredCell
from safar.engine.simulate.ledger import Column, Record
from safar.engine.simulate.money import major
from safar.engine.simulate.rows import Cell, Row, Stretch
from safar.engine.source import Span
from safar.tables.broken import unreadable
from safar.tables.stretch import Rows

if TYPE_CHECKING:
    import pyarrow

BATCH = 4096
"""Rows that are held at once."""

GROUP = 65_536
"""Records in a row group."""

MIDNIGHT = datetime.time()


def is_installed() -> bool:
    """Whether Parquet can be read and written."""
    return importlib.util.find_spec("pyarrow") is not None


MISSING = "Parquet needs the package `pyarrow`"
INSTALL = "install it: `pip install safar[parquet]`; or save the file as CSV"


def rows(name: str, file: IO[bytes], wanted: Rows) -> Iterator[Row | Diagnostic]:
    """The rows from 1 on, each with what its cells say in the language's own literals."""
    if not is_installed():
        yield unreadable(name, f"`{name}` cannot be read: {MISSING}", INSTALL)
        return
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, pre_buffer=False)
        odd = [field for field in table.schema_arrow if not _is_plain(field.type)]
        if odd:
            said = f"the column `{odd[0].name}` of `{name}` holds `{odd[0].type}`, which is no plain value"
            yield unreadable(name, said, "write it as text, or leave it out")
        elif len(set(table.schema_arrow.names)) < len(table.schema_arrow.names):
            yield unreadable(name, f"a column of `{name}` stands there twice", "leave one out")
        else:
            yield from _rows(name, table, wanted)
    except (pyarrow.ArrowException, OSError) as error:
        yield unreadable(name, f"`{name}` is no whole Parquet file: {_first_line(error)}", "write it anew")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _rows(name: str, table: Any, wanted: Rows) -> Iterator[Row]:
    first, number = (0, 0) if wanted.begin is None else (wanted.begin.at, wanted.begin.line - 1)
    for group in range(first, table.num_row_groups):
        began = number + 1
        for batch in table.iter_batches(BATCH, row_groups=[group], use_threads=False):
            if wanted.over(number + 1):
                return
            if wanted.before(number + batch.num_rows):
                number += batch.num_rows
                continue
            for cells in _cells(batch):
                number += 1
                if wanted.over(number):
                    return
                if not wanted.before(number):
                    _reach(wanted, number, began, group)
                    yield Row(number, cells, partial(_place, name, number))


def _reach(wanted: Rows, row: int, began: int, group: int) -> None:
    """A mark names the row group, and as its line the group's first row: there reading begins again."""
    wanted.reach(row, began, lambda: group)


def _place(name: str, number: int, _column: str) -> Span:
    return Span(Stretch(name, "", first=number), 0, 0)


def _cells(batch: pyarrow.RecordBatch) -> Iterator[dict[str, Cell]]:
    names = batch.schema.names
    columns = [list(map(_spelling(column.type), column.to_pylist())) for column in batch.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _is_plain(type: Any) -> bool:
    from pyarrow import types

    if types.is_list(type) or types.is_large_list(type) or types.is_dictionary(type):
        return _is_plain(type.value_type)
    known = (types.is_integer, types.is_floating, types.is_boolean, types.is_null, types.is_decimal)
    texts = (types.is_string, types.is_large_string, types.is_string_view)
    return any(one(type) for one in (*known, *texts, types.is_date, types.is_timestamp))


def _spelling(type: Any) -> Callable[[Any], Cell]:
    """How the values of a column are spelled; texts, the most frequent, go as they are."""
    from pyarrow import types

    if types.is_string(type) or types.is_large_string(type):
        return _text
    return _cell


def _text(value: str | None) -> Cell:
    return "" if value is None else value


def _cell(value: Any) -> Cell:
    return tuple(map(_plain, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    """
    >>> _plain(3.0), _plain(True), _plain(1e-7), _plain(datetime.datetime(2027, 1, 5)), _plain(float("nan"))
    ('3', 'yes', '0.0000001', '2027-01-05', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return _number(Decimal(repr(value))) if math.isfinite(value) else ""
        case Decimal():
            return _number(value)
        case datetime.datetime():  # a date with pandas is an instant at midnight without a zone
            return value.isoformat() if value.tzinfo or value.time() != MIDNIGHT else value.date().isoformat()
        case datetime.date():
            return value.isoformat()
    return str(value)


def _number(value: Decimal) -> str:
    """Whole numbers without a point: a column of integers in which some are missing comes as decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Writer:
    """Records as row groups: instants in UTC, amounts as numbers in whole units of their currency."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        import pyarrow
        from pyarrow import parquet

        types = {
            "text": pyarrow.string(),
            "whole": pyarrow.int64(),
            "instant": pyarrow.timestamp("s", tz="UTC"),
            "money": pyarrow.float64(),
        }
        self._columns = columns
        self._schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
        self._file = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._held: list[Record] = []

    def add(self, record: Record) -> None:
        self._held.append(record)
        if len(self._held) == GROUP:
            self._write()

    def end(self) -> None:
        self._write()
        self._file.close()

    def give_up(self) -> None:
        self._file.is_open = False  # else it would write its end when it is forgotten

    def _write(self) -> None:
        import pyarrow

        values = {column.name: [_stored(column, one[column.name]) for one in self._held] for column in self._columns}
        self._file.write_table(pyarrow.table(values, schema=self._schema))
        self._held.clear()


def _stored(column: Column, cell: StoredCell) -> str | int | float | None:
    if isinstance(cell, str) and not cell.isascii():
        return cell.encode("utf-8", "backslashreplace").decode()
    return float(major(cell, column.currency)) if column.kind == "money" and isinstance(cell, int) else cell
