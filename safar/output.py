"""Files that Safar writes: whole or not at all, and never through a symbolic link."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class OutputError(OSError):
    """A file that will not be written; the message says why."""


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it.

    Raises `OutputError` where the path is a symbolic link or a folder, `OSError` as the system does.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISLNK(mode):
        raise OutputError(f"{path} is a symbolic link; name the file itself")
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder; name a file")
    if not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
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
