"""Files that Safar writes: whole or not at all, and never through a symbolic link."""

from __future__ import annotations

import contextlib
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


class OutputError(OSError):
    """A file that will not be written; the message says why."""


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it; raises as `writing` does."""
    with writing(path) as file:
        file.write(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into that takes its place when all went well.

    Raises `OutputError` where the path is a symbolic link or a folder, and where it cannot be written, because the
    disk is full or for another reason; the old file is there then as it was.  What is no regular file (a terminal, a
    pipe, `/dev/null`) is written to as it is.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISLNK(mode):
        raise OutputError(f"{path} is a symbolic link; name the file itself")
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder; name a file")
    if not stat.S_ISREG(mode):
        with _opened(path, path) as file:
            yield file
        return
    with _replacing(path) as file:
        yield file


class _Told(io.FileIO):
    """A file whose faults are told with the name that people know it by."""

    def __init__(self, opened: int | Path, name: Path) -> None:
        super().__init__(opened, "w")
        self._known_as = name

    def write(self, data: Any, /) -> int:
        with _faults(self._known_as):
            return super().write(data)


@contextlib.contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


def _opened(opened: int | Path, name: Path) -> io.BufferedWriter:
    with _faults(name):
        return io.BufferedWriter(_Told(opened, name))


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Who may read and write the file stays as it was."""
    temporary = path.with_name(f".{path.name[:60]}.{os.getpid()}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except FileNotFoundError:
        raise OutputError(f"there is no folder {path.parent}") from None
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None
    try:
        with _opened(handle, path) as file:
            yield file
            file.flush()
            with _faults(path):
                os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.lstat().st_mode))
        with _faults(path):
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def slug(name: str) -> str:
    """A file name from a name that a file gave: letters, digits, `_` and `-` only.

    >>> slug("../../etc/passwd"), slug("سبد\u200cخرید"), slug("-rf")
    ('etc-passwd', 'سبد-خرید', 'rf')
    """
    kept = "".join(letter if letter.isalnum() or letter in "_-" else " " for letter in name)
    return "-".join(kept.split())[:80].strip("-") or "journey"
