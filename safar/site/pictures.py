"""The drawings of a site: those of journeys that have not changed are taken from the user's folder for such things."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from safar import cache, output
from safar.dsl import read
from safar.dsl.files import read_bytes
from safar.dsl.project import Home
from safar.dsl.read import digest
from safar.engine.diagnostic import Diagnostic
from safar.engine.program import lower
from safar.renderers.site.drawings import draw
from safar.renderers.site.site import Drawing

FOLDER = "drawings"
MOST_KEPT = 4_000
"""Drawings in the folder; those that nobody asked for longest go."""
_LARGEST = 1 << 26
_FEW = 8
"""Up to so many are drawn in this process: others are not worth their start."""

Progress = Callable[[int, int], None]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A picture to draw: of a journey in a file, in a form and language, with marks of `findings`.

    `links` are where its names lead; `texts` stand for all that decides how it looks besides.
    """

    path: str
    journey: str
    form: str = ""
    language: str = ""
    links: dict[str, str] = {}
    findings: tuple[Diagnostic, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


class Gallery:
    """Draws what is asked for; `folder` is where drawings are kept, or None."""

    def __init__(self, home: Home, folder: Path | None) -> None:
        self._home = home
        self._folder = folder / FOLDER if folder is not None and cache.usable(folder, home.root) else None
        self._about = (repr(home.settings), *cache.tool()) if self._folder is not None else ()
        self.drawn = 0
        """How many were drawn anew."""

    def all(self, wanted: Sequence[Wanted], progress: Progress | None = None) -> list[Drawing]:
        """The drawings in the order in which they are wanted."""
        found = [self._kept(one) for one in wanted]
        missing = [one for one, drawing in zip(wanted, found, strict=True) if drawing is None]
        fresh = iter(self._draw(missing, progress))
        self.drawn = len(missing)
        result = [next(fresh) if drawing is None else drawing for drawing in found]
        self._thin_out()
        return result

    def _draw(self, wanted: list[Wanted], progress: Progress | None) -> list[Drawing]:
        drawn = []
        for number, drawing in enumerate(_drawn(wanted, self._home), 1):
            self._keep(wanted[number - 1], drawing)
            drawn.append(drawing)
            if progress is not None:
                progress(number, len(wanted))
        return drawn

    # --- what is kept

    def _file(self, wanted: Wanted) -> Path | None:
        if self._folder is None or not wanted.texts:
            return None
        facts = repr((self._about, wanted))
        name = hashlib.blake2b(facts.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
        return self._folder / name[:2] / name

    def _kept(self, wanted: Wanted) -> Drawing | None:
        file = self._file(wanted)
        if file is None:
            return None
        raw = read_bytes(file, _LARGEST)
        checksum, _, content = raw.partition("\n") if isinstance(raw, str) else ("", "", "")
        if checksum != digest(content):
            return None
        try:
            drawing = msgspec.json.decode(content, type=Drawing)
        except msgspec.DecodeError:
            return None
        with contextlib.suppress(OSError):
            os.utime(file)
        return drawing

    def _keep(self, wanted: Wanted, drawing: Drawing) -> None:
        file = self._file(wanted)
        if file is None or drawing.why:
            return
        content = msgspec.json.encode(drawing).decode()
        with contextlib.suppress(OSError):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            output.write(file, f"{digest(content)}\n{content}")

    def _thin_out(self) -> None:
        if self._folder is None or not self.drawn:
            return
        with contextlib.suppress(OSError):
            files = sorted(self._folder.glob("*/*"), key=lambda file: file.lstat().st_mtime_ns, reverse=True)
            for file in files[MOST_KEPT:]:
                file.unlink(missing_ok=True)


def _drawn(wanted: Sequence[Wanted], home: Home) -> Iterator[Drawing]:
    """Drawn now, in two processes if there are many."""
    _last.clear()
    if len(wanted) <= _FEW or (os.cpu_count() or 1) < 2:
        yield from (_work(one, home) for one in wanted)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(2, mp_context=get_context(method), initializer=gc.disable) as pool:
        yield from pool.map(_work, wanted, [home] * len(wanted), chunksize=_FEW)


_last: dict[str, read.Reading] = {}
"""The file that was read last: its pictures come one after the other."""


def _work(wanted: Wanted, home: Home) -> Drawing:
    if wanted.path not in _last:
        _last.clear()
        _last[wanted.path] = read.read_file(home.root / wanted.path, home)
    reading = _last[wanted.path]
    journey = reading.project.journeys.get(wanted.journey)
    if journey is None or texts_of(reading) != wanted.texts:
        return Drawing(why="the file changed meanwhile")
    return draw(lower(reading.project, journey), wanted.form, wanted.language, wanted.links, wanted.findings)


def texts_of(reading: read.Reading) -> tuple[tuple[str, str], ...]:
    """Paths and digests of the texts that a file's journeys are made of; empty where one may come later."""
    if reading.uses is None:
        return ()
    return tuple((one.path, digest(one.text)) for one in (reading.source, *reading.uses))
