"""Files that are looked at again and again, until one is another than before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PAUSE, SETTLED = 0.1, 0.02
"""Seconds from one look to the next, and between two that must be the same: an editor may be in the middle of it."""
_LOOKS = 25
_SHARE = 10
"""How many times as long as a look it waits for the next, so that many files do not keep a processor busy."""

Stamp = tuple[int, ...] | None
"""What is another after each saving, also by a rename; None where there is no file."""


def changes(
    paths: Callable[[], Iterable[Path]], ended: threading.Event, restless: Callable[[], bool] = bool
) -> Iterator[None]:
    """Yield at once, and each time that one of the files was saved, came or went, or other files are to be watched (so
    that none changes unseen between its reading and the first look at it); until `ended` is set.

    Polled: it works on every disk and in every container, and costs a few microseconds a file.  While it is `restless`,
    it yields each second: something is missed of which nobody can say where it will come.
    """
    known = _settled(paths, ended)
    while not ended.is_set():
        yield
        until = time.monotonic() + 1
        while (begin := time.monotonic()) < until or not restless():
            if _stamps(paths()) != known:
                break
            if ended.wait(max(PAUSE, _SHARE * (time.monotonic() - begin))):
                return
        known = _settled(paths, ended)


def _settled(paths: Callable[[], Iterable[Path]], ended: threading.Event) -> dict[Path, Stamp]:
    """The stamps when nothing changes any more; a file that is written to without end is taken as it is."""
    now = _stamps(paths())
    for _ in range(_LOOKS):
        if ended.wait(SETTLED) or (after := _stamps(paths())) == now:
            break
        now = after
    return now


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> Stamp:
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino, now.st_ctime_ns
