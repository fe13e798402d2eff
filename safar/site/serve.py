"""The site of a project for the browser on this machine: pages are made when they are asked for, from the files as they
are then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from safar.checking import Ground
from safar.dsl import read
from safar.dsl.project import FILE_NAMES
from safar.errors import SelectionError
from safar.renderers.site.pages import Make, makers
from safar.renderers.site.site import Drawing, Key
from safar.renderers.site.writer import policy
from safar.serving.server import Answer, Server
from safar.serving.watching import changes
from safar.site.build import Ready, read_project
from safar.site.pictures import Gallery

_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_START = "index.html"


class Served:
    """A site that answers until it is closed: `url` is where; a context manager.

    Raises `SelectionError` where there is nothing to show, `OSError` where the `port` is taken.
    """

    def __init__(
        self, ground: Ground, *, languages: Sequence[str] = (), cache: Path | None = None, port: int = 0
    ) -> None:
        self._ground, self._languages, self._cache = ground, languages, cache
        self._home = ground.home(Path())
        self._ended = threading.Event()
        self._changes = changes(self._files, self._ended)
        next(self._changes)  # from here on no change goes unseen
        self._pages = self._read()
        self._server = Server(self._answer, port)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return self._server.url

    def wait(self) -> None:
        """Until it is closed, or the program is interrupted."""
        while not self._ended.wait(1):
            pass

    def close(self) -> None:
        """No more pages, no more looks at files."""
        self._ended.set()
        self._server.close()
        self._thread.join()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _read(self) -> dict[str, Make]:
        ready = read_project(self._ground, self._languages, self._cache)
        self._home = ready.home
        return makers(msgspec.structs.replace(ready.site, drawings=_Drawn(ready, self._cache)))

    def _watch(self) -> None:
        """Reads all files again when one of them changed; what cannot be shown leaves the pages of before."""
        for _ in self._changes:
            try:
                self._pages = self._read()
            except (SelectionError, OSError):
                continue

    def _files(self) -> list[Path]:
        return [*read.journey_files(self._home), *(self._home.root / name for name in FILE_NAMES)]

    def _answer(self, path: str, _query: Mapping[str, str]) -> Answer | None:
        """Only what is a page of the site is there: no file is looked for."""
        path = path or _START
        make = self._pages.get(path)
        if make is None:
            return None
        kind = _KINDS[Path(path).suffix]
        guard = f"{policy()}; frame-ancestors 'none'"
        return Answer(make().encode("utf-8", "replace"), f"{kind}; charset=utf-8", guard)


class _Drawn(Mapping[Key, Drawing]):
    """The pictures of a site, drawn when a page shows them."""

    def __init__(self, ready: Ready, cache: Path | None) -> None:
        self._wanted = ready.wanted
        self._gallery = Gallery(ready.home, cache)
        self._found: dict[Key, Drawing] = {}
        self._drawing = threading.Lock()

    def __getitem__(self, key: Key) -> Drawing:
        wanted = self._wanted[key]
        with self._drawing:
            if key not in self._found:
                (self._found[key],) = self._gallery.all([wanted])
            return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._wanted)

    def __len__(self) -> int:
        return len(self._wanted)
