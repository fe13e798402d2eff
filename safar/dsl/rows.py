"""Files of customers and happenings as rows: CSV, JSON Lines and YAML, told apart by the file's ending.

The files are streamed (YAML, which cannot be, has a limit).  What cannot be read is a finding in the row's place.
"""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from safar.dsl.limits import Limits
from safar.dsl.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, is_damaged, is_empty
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import BROKEN, UNREADABLE
from safar.engine.simulate.rows import Cell, Row, Stretch
from safar.engine.source import NOWHERE, Source, Span

LONGEST_LINE = 1 << 20
_YAML_LIMITS = Limits(file=4 << 20, nodes=300_000)
_ENDINGS = ".csv, .tsv, .jsonl, .ndjson, .yaml or .yml"


def read_rows(path: Path, shown: str | None = None) -> Iterator[Row | Diagnostic]:
    """The rows of a file, lazily.  `shown` is the path that findings name (relative to the project)."""
    name = shown if shown is not None else path.as_posix()
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        yield _unreadable(name, f"`{name}` has no ending that tells its format", f"name it {_ENDINGS}")
        return
    try:
        if _is_link(path):
            yield _unreadable(name, f"`{name}` leads over a symbolic link, and is not read", "name the file itself")
            return
        if not path.is_file():
            yield _unreadable(name, f"there is no file `{name}`", "")
            return
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield from reader(name, file)
    except OSError as error:
        yield _unreadable(name, f"`{name}` cannot be read: {error.strerror}", "")


def _is_link(path: Path) -> bool:
    """Whether the file is a link, or on a relative way one of the folders: either may lead out of what is checked."""
    return any(part.is_symlink() for part in (path, *(() if path.is_absolute() else path.parents)))


def _unreadable(name: str, message: str, hint: str) -> Diagnostic:
    source = Stretch(name, "", first=1)
    return UNREADABLE.at(Span(source, 0, 0) if name else NOWHERE, message, help=hint)


# --- CSV


class _Lines:
    """Lines of a file; those taken since the last look, and where they began."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._taken: list[str] = []
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_LINE):
            self._number += 1
            self._taken.append(line)
            yield line

    def look(self) -> tuple[str, int]:
        taken, self._taken = self._taken, []
        return "".join(taken), self._number - len(taken) + 1


def _csv(name: str, file: IO[str]) -> Iterator[Row | Diagnostic]:
    lines = _Lines(file)
    first = next(iter(lines), "")
    delimiter = _delimiter(first)
    file.seek(0)
    lines = _Lines(file)
    table = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: list[str] = []
    number, heading = 0, None
    while True:
        try:
            cells = next(table, None)
        except csv.Error as error:
            text, line = lines.look()
            number += 1
            yield _broken(name, text, line, f"row {number}: {error}")
            continue
        text, line = lines.look()
        number += 1
        if cells is None:
            return
        if not cells or not any(cells):
            continue
        place = partial(_csv_place, name, text, line, delimiter, columns or cells)
        if heading is None:
            columns, heading = cells, place
            if len(set(columns)) < len(columns):
                again = next(c for position, c in enumerate(columns) if c in columns[:position])
                yield BROKEN.at(place(""), f"the column `{again}` stands there twice", label="heading")
                return
        elif len(cells) != len(columns):
            message = f"row {number} has {len(cells)} cells, but there are {len(columns)} columns"
            yield _broken(name, text, line, message)
        else:
            yield Row(number, dict(zip(columns, cells, strict=True)), place, heading)


def _delimiter(heading: str) -> str:
    """Spreadsheets of half the world write `;`, some a tab."""
    return max(",;\t", key=lambda sign: (heading.count(sign), sign == ","))


def _csv_place(name: str, text: str, line: int, delimiter: str, columns: list[str], column: str) -> Span:
    source = Stretch(name, text, first=line)
    spans = _csv_cells(text, delimiter)
    if column in columns and columns.index(column) < len(spans):
        return Span(source, *spans[columns.index(column)])
    return Span(source, 0, len(text.rstrip("\r\n")))


def _csv_cells(text: str, delimiter: str) -> list[tuple[int, int]]:
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


def _broken(name: str, text: str, line: int, message: str) -> Diagnostic:
    return BROKEN.at(Span(Stretch(name, text, first=line), 0, len(text.rstrip("\r\n"))), message, label="not a row")


# --- JSON Lines


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


def _json_lines(name: str, file: IO[str]) -> Iterator[Row | Diagnostic]:
    decoder = _decoder()
    number = 0
    while text := file.readline(LONGEST_LINE):
        number += 1
        if not text.strip():
            continue
        try:
            whole = decoder.decode(text)
        except RecursionError:
            yield _broken(name, text, number, f"row {number} is nested too deeply")
            continue
        except ValueError as error:
            yield _broken(name, text, number, f"row {number} is no JSON: {getattr(error, 'msg', error)}")
            continue
        cells = _cells(whole)
        if cells is None:
            yield _broken(name, text, number, f"row {number} is not an object of plain values and lists of them")
        else:
            yield Row(number, cells, partial(_json_place, name, text, number))


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


def _json_place(name: str, text: str, line: int, column: str) -> Span:
    source = Stretch(name, text, first=line)
    for key in (json.dumps(column), json.dumps(column, ensure_ascii=False)):
        at = text.find(key)
        colon = text.find(":", at + len(key))
        if column and at >= 0 and colon >= 0:
            start = len(text) - len(text[colon + 1 :].lstrip())
            with contextlib.suppress(ValueError, RecursionError):  # the key may stand in a text before
                return Span(source, start, _decoder().raw_decode(text, start)[1])
    return Span(source, 0, len(text.rstrip("\r\n")))


# --- YAML


def _yaml(name: str, file: IO[str]) -> Iterator[Row | Diagnostic]:
    """A list of mappings, or one key with such a list; every scalar is its text."""
    from safar.dsl.yaml_events import read_events

    text = file.read(_YAML_LIMITS.file + 1)
    source = Source(name, text)
    events = read_events(source, text, _YAML_LIMITS)
    yield from events.findings
    if events.broken is not None:
        at = events.broken.at
        yield BROKEN.at(Span(source, at, at), f"the file stops being YAML: {events.broken.problem}")
    root = events.root
    if isinstance(root, Mapping) and len(root.entries) == 1:
        root = root.entries[0].value
    if root is None or is_empty(root):
        return
    if not isinstance(root, Sequence):
        yield BROKEN.at(
            Span(source, root.start, root.end), "the file is no list of rows", help="write `- customer: c1`"
        )
        return
    for number, item in enumerate(root.items, 1):
        if _is_damaged(item):
            continue  # what is wrong with it is told already
        cells = _yaml_cells(item)
        if cells is None:
            message = f"row {number} is not a mapping of plain values and lists of them, each key once"
            yield BROKEN.at(Span(source, item.start, item.end), message, label="not a row")
        else:
            yield Row(number, cells, partial(_yaml_place, source, item))


def _is_damaged(item: YamlNode) -> bool:
    inside = [node for entry in item.entries for node in (entry.key, entry.value)] if isinstance(item, Mapping) else ()
    return any(map(is_damaged, (item, *inside)))


def _yaml_cells(item: YamlNode) -> dict[str, Cell] | None:
    if not isinstance(item, Mapping):
        return None
    cells: dict[str, Cell] = {}
    for entry in item.entries:
        value = entry.value
        if entry.key.text in cells:
            return None
        if isinstance(value, Scalar):
            cells[entry.key.text] = _yaml_text(value)
        elif isinstance(value, Sequence) and all(isinstance(part, Scalar) for part in value.items):
            cells[entry.key.text] = tuple(_yaml_text(part) for part in value.items if isinstance(part, Scalar))
        else:
            return None
    return cells


def _yaml_text(scalar: Scalar) -> str:
    return "" if not scalar.style and scalar.text in ("null", "~") else scalar.text


def _yaml_place(source: Source, item: YamlNode, column: str) -> Span:
    for entry in item.entries if isinstance(item, Mapping) else ():
        if entry.key.text == column:
            return Span(source, entry.value.start, entry.value.end)
    return Span(source, item.start, item.end)


_READERS: dict[str, Callable[[str, IO[str]], Iterator[Row | Diagnostic]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".yaml": _yaml,
    ".yml": _yaml,
}
