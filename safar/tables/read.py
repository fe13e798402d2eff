"""Files of customers and happenings as rows; the format is told by the file's ending.

The files are streamed (YAML, which cannot be, has a limit).  What cannot be read is a finding in the row's place.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.rows import Row
from safar.tables import csv_table, json_lines, parquet, yaml_rows
from safar.tables.broken import unreadable
from safar.tables.location import Location, named, opened
from safar.tables.stretch import Rows

ENDINGS = ".csv, .tsv, .jsonl, .ndjson (each also with .gz), .parquet, .yaml or .yml"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_ALWAYS, _MOST = 1 << 19, 200
"""Bytes that any packed file may hold; and how many times its own size, beyond that: tables pack to a tenth or so."""

_Read = Iterator[Row | Diagnostic]
_AS_TEXT: dict[str, Callable[[str, IO[str], Rows], _Read]] = {
    ".csv": csv_table.rows,
    ".tsv": csv_table.rows,
    ".jsonl": json_lines.rows,
    ".ndjson": json_lines.rows,
    ".yaml": yaml_rows.rows,
    ".yml": yaml_rows.rows,
}
_PACKED = (".csv", ".tsv", ".jsonl", ".ndjson")


def read_rows(known: Location, shown: str | None = None, wanted: Rows | None = None) -> _Read:
    """The rows of a file, lazily: all, or those `wanted`.  `shown` is the path that findings name."""
    called, path = named(known)
    name = shown if shown is not None else called
    ending = path.suffix.lower()
    packed = ending == ".gz"
    if packed:
        ending = Path(path.stem).suffix.lower()
    if ending not in (_PACKED if packed else (*_AS_TEXT, ".parquet")):
        yield unreadable(name, f"`{name}` has no ending that tells its format", f"name it {ENDINGS}")
        return
    try:
        if isinstance(path, Path) and _is_link(path):
            yield unreadable(name, f"`{name}` leads over a symbolic link, and is not read", "name the file itself")
            return
        if isinstance(path, Path) and not path.is_file():
            yield unreadable(name, f"there is no file `{name}`")
            return
        with opened(known) as file:
            if ending == ".parquet":
                yield from parquet.rows(name, file, wanted or Rows())
            else:
                text = _text(cast("IO[bytes]", _Packed(file)) if packed else file)
                yield from _AS_TEXT[ending](name, text, wanted or Rows())
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield unreadable(name, f"`{name}` cannot be read: {reason}")
    except UnicodeDecodeError as error:
        yield unreadable(name, f"`{name}` is no whole UTF-16: {error.reason}", "save it as UTF-8")


class _Packed(gzip.GzipFile):
    """A packed file that is given up where it unpacks without bound."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(fileobj=file)
        self._file = file

    def read1(self, size: int = -1) -> bytes:
        found = super().read1(size)
        if self.tell() > max(_ALWAYS, _MOST * self._file.tell()):
            raise OSError(f"it unpacks to more than {_MOST} times its size; unpack it first if that is meant")
        return found


def _text(file: IO[bytes]) -> IO[str]:
    """UTF-8, or UTF-16 if it says so: spreadsheets save "Unicode text" in it."""
    begins = file.read(2)
    file.seek(0)
    if begins in _UTF_16:
        return io.TextIOWrapper(file, encoding="utf-16", newline="")
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _is_link(path: Path) -> bool:
    """Whether the file is a link, or on a relative way one of the folders: either may lead out of what is checked."""
    return any(part.is_symlink() for part in (path, *(() if path.is_absolute() else path.parents)))
