"""Where a file lies: on this machine's disks, or in object storage (`s3://bucket/shop.parquet`), by `pyarrow`."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from safar.tables import parquet

Location = Path | str
"""A path; or, as text, an address with its scheme."""


def location(said: str | Path) -> Location:
    """What a person or a program calls a file.

    >>> location("shop.csv"), location("s3://bucket/shop.csv")
    (PosixPath('shop.csv'), 's3://bucket/shop.csv')
    """
    return said if isinstance(said, str) and "://" in said else Path(said)


def located(said: str | Path | None) -> Location | None:
    """The same of what may not be there."""
    return None if said is None else location(said)


def anywhere(known: Location) -> str:
    """The same place called from any folder."""
    return known if isinstance(known, str) else str(known.absolute())


def named(known: Location) -> tuple[str, PurePosixPath | Path]:
    """How a place is shown, and the path whose endings tell its format."""
    if isinstance(known, Path):
        return known.as_posix(), known
    return known, PurePosixPath(known.partition("?")[0])


@contextlib.contextmanager
def opened(known: Location) -> Iterator[IO[bytes]]:
    """The bytes of a file, which can be gone through to and fro; raises `OSError`."""
    if isinstance(known, Path):
        with known.open("rb") as file:
            yield file
        return
    if not parquet.is_installed():
        raise OSError("object storage needs the package `pyarrow`: `pip install safar[parquet]`")
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem

    try:
        storage, path = FileSystem.from_uri(known)
    except ArrowException as error:
        raise OSError(str(error).splitlines()[0]) from error
    with storage.open_input_file(path) as distant:
        yield cast("IO[bytes]", io.BufferedReader(distant))
