"""The folder of a site: written whole or not at all, and nothing in it is touched that is not ours.

New pages wait in a folder beside until all are made.  A list in the folder says which files are ours: only they are
written over, and only they are taken away when no page needs them any more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from safar import output
from safar.dsl.files import read_bytes
from safar.output import OutputError

LIST = ".safar-site.json"
_WAITING = ".safar-new-"
_LARGEST = 1 << 26
_OURS = re.compile(r"(?:[a-z]{2}/)?(?:[a-z]+/)?[a-z0-9_-][a-z0-9_.-]*\.(?:html|css|js)")
"""What a path in the list can look like: whoever writes another into it takes nothing away."""


class Listed(msgspec.Struct, frozen=True):
    """The files of a site with what tells their content, by path."""

    files: dict[str, str] = {}
    format_version: int = 1


class Written(msgspec.Struct, frozen=True):
    """How many files a site has, and how many of them were new or different, or taken away."""

    files: int
    changed: int
    gone: int


def write(folder: Path, pages: Iterable[tuple[str, str]]) -> Written:
    """Make the folder hold these files.  What fails before all are made leaves it as it was.

    Raises `OutputError` where the folder has files that are not ours, and where it cannot be written.
    """
    with _told(folder):
        old = _begin(folder)
        waiting = Path(tempfile.mkdtemp(prefix=_WAITING, dir=folder))
        try:
            new, fresh = _prepare(folder, waiting, pages, old)
            _list(folder, {**old, **new})
            for path in fresh:
                _parents(folder, path)
                (waiting / path).replace(folder / path)
            gone = [path for path in old if path not in new and _remove(folder, path, old[path])]
            _list(folder, new)
        finally:
            shutil.rmtree(waiting, ignore_errors=True)
    return Written(len(new), len(fresh), len(gone))


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Faults of the disk with the name of the folder; ours say what they are about."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from None


def _begin(folder: Path) -> dict[str, str]:
    """The files that are ours; makes the folder."""
    if folder.is_symlink():
        raise OutputError(f"{folder} is a symbolic link; name the folder itself")
    folder.mkdir(parents=True, exist_ok=True)
    raw = read_bytes(folder / LIST, _LARGEST)
    if isinstance(raw, str):
        with contextlib.suppress(msgspec.DecodeError):
            listed = msgspec.json.decode(raw, type=Listed)
            return {path: mark for path, mark in listed.files.items() if _OURS.fullmatch(path)}
    if any(not found.name.startswith(_WAITING) for found in folder.iterdir()):
        raise OutputError(f"{folder} is not empty, and no site of ours is in it; name another folder with -o")
    return {}


def _prepare(
    folder: Path, waiting: Path, pages: Iterable[tuple[str, str]], old: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """All files with their marks, and which of them wait to be put in place."""
    new: dict[str, str] = {}
    fresh: list[str] = []
    for path, text in pages:
        content = text.encode("utf-8", "backslashreplace")
        new[path] = mark(content)
        if old.get(path) == new[path] and _is_file(folder / path):
            continue
        _must_be_ours(folder, path, old)
        (waiting / path).parent.mkdir(parents=True, exist_ok=True)
        (waiting / path).write_bytes(content)
        fresh.append(path)
    return new, fresh


def mark(content: bytes) -> str:
    """What tells a content from all others."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _must_be_ours(folder: Path, path: str, old: dict[str, str]) -> None:
    """Nothing of others is written over, and nothing through a symbolic link."""
    for part in (*reversed(Path(path).parents[:-1]), Path(path)):
        at = folder / part
        if at.is_symlink():
            raise OutputError(f"{at} is a symbolic link; take it out of the folder")
    if path not in old and os.path.lexists(folder / path):
        raise OutputError(f"{folder / path} is not ours; move it out of the folder, or name another with -o")


def _parents(folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)


def _list(folder: Path, files: dict[str, str]) -> None:
    output.write(folder / LIST, msgspec.json.format(msgspec.json.encode(Listed(files)), indent=0) + b"\n")


def _remove(folder: Path, path: str, known: str) -> bool:
    """Take a file away that is still as we wrote it, and folders that are empty then."""
    file = folder / path
    parts = [folder / part for part in Path(path).parents[:-1]]
    if any(part.is_symlink() for part in parts) or not _is_file(file) or mark(file.read_bytes()) != known:
        return False
    file.unlink()
    for part in parts:
        with contextlib.suppress(OSError):
            part.rmdir()
    return True
