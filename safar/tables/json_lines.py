"""JSON Lines: one object per line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from typing import IO

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.rows import Cell, Row, Stretch
from safar.engine.source import Span
from safar.tables.broken import broken
from safar.tables.csv_table import LONGEST_LINE
from safar.tables.stretch import TOO_EMPTY, Rows


def rows(name: str, file: IO[str], wanted: Rows) -> Iterator[Row | Diagnostic]:
    """The rows; each line has the number of its row."""
    decoder = _decoder()
    number = 0
    if wanted.begin is not None:
        file.seek(wanted.begin.at)
        number = wanted.begin.row - 1
    while not wanted.over(number + 1):
        wanted.reach(number + 1, number + 1, file.tell)
        text = file.readline(LONGEST_LINE)
        number += 1
        if not text:
            return
        is_empty = not text.strip()
        if wanted.too_empty(row_is_empty=is_empty):
            yield broken(Stretch(name, text, first=number, row=number), TOO_EMPTY)
            return
        if not is_empty:
            yield _row(name, text, number, decoder)


def _row(name: str, text: str, number: int, decoder: json.JSONDecoder) -> Row | Diagnostic:
    stretch = partial(Stretch, name, text, first=number, row=number)
    try:
        whole = decoder.decode(text)
    except RecursionError:
        return broken(stretch(), "is nested too deeply")
    except ValueError as error:
        return broken(stretch(), f"is no JSON: {getattr(error, 'msg', error)}")
    cells = _cells(whole)
    if cells is None:
        return broken(stretch(), "is not an object of plain values and lists of them")
    return Row(number, cells, partial(_place, name, text, number))


class _TwiceError(ValueError):
    pass


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError("a key stands there twice")
    return found


def _decoder() -> json.JSONDecoder:
    """Numbers stay texts: none is rounded, and none is too long to be read."""
    return json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_pairs)


def _cells(whole: object) -> dict[str, Cell] | None:
    """The cells of an object; numbers are texts already, so that none is rounded on the way."""
    if not isinstance(whole, dict):
        return None
    cells: dict[str, Cell] = {}
    for column, value in whole.items():
        cell = tuple(map(_plain, value)) if isinstance(value, list) else _plain(value)
        if cell is None or (isinstance(cell, tuple) and None in cell):
            return None
        cells[column] = cell  # type: ignore[assignment]
    return cells


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return value if isinstance(value, str) else None


def _place(name: str, text: str, line: int, column: str) -> Span:
    source = Stretch(name, text, first=line)
    for key in (json.dumps(column), json.dumps(column, ensure_ascii=False)):
        at = text.find(key)
        colon = text.find(":", at + len(key))
        if column and at >= 0 and colon >= 0:
            start = len(text) - len(text[colon + 1 :].lstrip())
            with contextlib.suppress(ValueError, RecursionError):  # the key may stand in a text before
                return Span(source, start, _decoder().raw_decode(text, start)[1])
    return Span(source, 0, len(text.rstrip("\r\n")))
