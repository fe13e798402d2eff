"""The live preview of one journey: its page, and the stream of what is new."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from types import TracebackType

from safar.checking import Ground
from safar.choosing import whereabouts
from safar.renderers.captions import caption
from safar.renderers.html import page, preview
from safar.renderers.html.preview import Told
from safar.renderers.view import language_of
from safar.serving.preview import FORMS, Preview, State, chosen
from safar.serving.server import Answer, Server

Parts = dict[str, str]
HEARTBEAT = 10.0
"""Seconds after which a stream says that it is still there."""


class Served:
    """A preview that runs: `url` is where; a context manager that ends it."""

    def __init__(self, journey: str | Path, ground: Ground, port: int = 0) -> None:
        self._preview = Preview(*whereabouts(str(journey), ground), ground)
        self._server = Server(self._answer, port)
        self._preview.start()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return self._server.url

    def wait(self) -> None:
        """Until it is closed, or the program is interrupted."""
        while not self._preview.ended.wait(1):
            pass

    def close(self) -> None:
        """No more pages, no more looks at files."""
        self._preview.close()
        self._server.close()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- what is asked

    def _answer(self, path: str, query: Mapping[str, str]) -> Answer | None:
        asked = query.get("journey", ""), query.get("as", "flow")
        if asked[1] not in FORMS:
            return None
        if path == "":
            return self._page(*asked)
        return Answer(self._stream(*asked), "text/event-stream") if path == "events" else None

    def _page(self, journey: str, form: str) -> Answer:
        shown = self._shown(self._preview.state, journey, form)
        text = preview.whole(shown.title, shown.language, shown.early() | self._map(shown))
        policy = page.policy(page.style(), page.script(live=True), live=True)
        return Answer(text.encode("utf-8", "replace"), policy=f"{policy}; frame-ancestors 'none'")

    def _stream(self, journey: str, form: str) -> Generator[bytes]:
        """What is found at once, the map when it is drawn; only what is another than before."""
        seen: State | None = None
        known: Parts = {}
        yield b"retry: 500\n\n"
        while not self._preview.ended.is_set():
            state = self._preview.newer(seen, HEARTBEAT)
            if state is None:
                yield b": still here\n\n"
                continue
            seen = state
            shown = self._shown(state, journey, form)
            for parts in (shown.early, lambda shown=shown: self._map(shown)):
                fresh = {key: text for key, text in parts().items() if known.get(key) != text}
                known |= fresh
                if fresh:
                    yield f"data: {json.dumps(fresh)}\n\n".encode()

    def _shown(self, state: State, journey: str, form: str) -> _Shown:
        return _Shown(state, chosen(state, journey or self._preview.name), form)

    def _map(self, shown: _Shown) -> Parts:
        drawn = self._preview.drawn(shown.state, shown.name, shown.form)
        if drawn is None:
            said = preview.empty(caption(shown.language, "no journey" if shown.state.current else "no map yet"))
        else:
            said = preview.mapped(drawn.svg, shown.language) if drawn.svg else preview.empty(drawn.trouble)
        return {"map": said}


class _Shown:
    """What a page shows of a state: the journey of a name, in a form."""

    def __init__(self, state: State, name: str, form: str) -> None:
        self.state, self.name, self.form = state, name, form
        self.programs = state.programs or {}
        self.program = self.programs.get(name)
        self.language = language_of(self.program) if self.program is not None else "en"
        self.title = preview.titled(self.program.journey) if self.program is not None else state.path

    def early(self) -> Parts:
        """What is there without drawing."""
        choice = [(name, preview.titled(one.journey), name == self.name) for name, one in self.programs.items()]
        found = self.state.findings
        told = None if self.state.gone or self.state.trouble else found
        on = self.program if self.state.current and self.form == "flow" else None
        return {
            "title": preview.window_title(self.title, found),
            "head": preview.head(self.title, self.language, choice, self.form),
            "findings": preview.findings(Told(self.state.path, told, tuple(self._notes())), on, self.language),
        }

    def _notes(self) -> Iterator[str]:
        if self.state.gone:
            yield caption(self.language, "gone")
        if self.state.trouble:
            yield self.state.trouble
        if not self.state.current and self.program is not None:
            yield caption(self.language, "last good map")
