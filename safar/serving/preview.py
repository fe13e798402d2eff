"""A journey that is being written: what its file says now, what is wrong in it, and its map as it last was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from safar.checking import Ground, check_reading
from safar.dsl import read
from safar.dsl.project import FILE_NAMES
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.program import Program, lower
from safar.renderers import map as maps
from safar.serving.watching import changes

Draw = Callable[[Program], str]
FORMS: dict[str, Draw] = {
    "flow": lambda program: maps.draw(program, kind="svg"),
    "map": maps.draw_journey_map,
}
"""How each form of map is drawn, as SVG."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the file.  `programs` are its journeys, by name, as they last could be read; None before that.

    `current`: it says so now.  `gone`: there is no such file at the moment.  `trouble`: what else went wrong.
    """

    path: str
    programs: dict[str, Program] | None = None
    findings: tuple[Diagnostic, ...] = ()
    current: bool = False
    gone: bool = False
    trouble: str = ""


class Drawn(msgspec.Struct, frozen=True):
    """The map of a program as SVG, or why there is none."""

    program: Program
    svg: str = ""
    trouble: str = ""


class Preview:
    """Watches a file and those that it uses, and reads them when they are saved.

    `name` is the journey to begin with; empty for the first of the file.
    """

    def __init__(self, file: Path, name: str, ground: Ground) -> None:
        self.name = name
        self._file, self._ground = file, ground
        self._watched: tuple[Path, ...] = (file,)
        self._misses = False
        self._maps: dict[tuple[str, str], Drawn] = {}
        self._drawing = threading.Lock()
        self._told = threading.Condition()
        self.ended = threading.Event()
        self.state = State(path=file.name)
        self._read()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """No more looks; whoever waits is told."""
        self.ended.set()
        with self._told:
            self._told.notify_all()

    def newer(self, than: State | None, timeout: float) -> State | None:
        """The state, as soon as it is another one; None where it is not within so many seconds."""
        with self._told:
            self._told.wait_for(lambda: self.state is not than or self.ended.is_set(), timeout)
            return self.state if self.state is not than and not self.ended.is_set() else None

    def drawn(self, state: State, journey: str, form: str) -> Drawn | None:
        """The map of a journey of the state; drawn once, and not again when only words around it changed."""
        program = (state.programs or {}).get(chosen(state, journey or self.name))
        if program is None:
            return None
        key = program.journey.name, form
        with self._drawing:
            known = self._maps.get(key)
            if known is None or known.program is not program:
                self._maps[key] = known = _drawn(program, form, known)
            return known

    # --- looking

    def _watch(self) -> None:
        for _ in changes(lambda: self._watched, self.ended, lambda: self._misses):
            self._read()

    def _read(self) -> None:
        before = self.state
        try:
            state = self._seen(before)
        except Exception as wrong:  # a preview outlives whatever happens to one version of a file, and shows it
            said = str(wrong) if isinstance(wrong, OSError) else f"a fault in Safar: {type(wrong).__name__}: {wrong}"
            state = msgspec.structs.replace(before, current=False, trouble=said)
        with self._told:
            self.state = state
            self._told.notify_all()

    def _seen(self, before: State) -> State:
        if not self._file.exists():
            return msgspec.structs.replace(before, findings=(), current=False, gone=True, trouble="")
        home = self._ground.home(self._file)
        reading = read.read_file(self._file, home)
        self._misses = reading.uses is None
        self._watched = tuple(self._to_watch(home, reading))
        findings = check_reading(home, reading).findings
        current = all(one.severity is not Severity.ERROR for one in reading.findings)
        journeys = reading.project.journeys
        programs = {name: lower(reading.project, one) for name, one in journeys.items()} if current else before.programs
        return State(path=reading.source.path, programs=programs, findings=findings, current=current)

    def _to_watch(self, home: read.Home, reading: read.Reading) -> Iterator[Path]:
        yield self._file
        yield from (home.root / source.path for source in reading.uses or ())
        above = self._file.parents if home.file is None else (home.root,)
        yield from (folder / name for folder in above for name in FILE_NAMES)


def _drawn(program: Program, form: str, before: Drawn | None) -> Drawn:
    """A program that means what the one before meant looks the same."""
    if before is not None and before.svg and before.program.project == program.project:
        return Drawn(program, before.svg)
    try:
        return Drawn(program, FORMS[form](program))
    except maps.DrawingError as wrong:
        return Drawn(program, trouble=str(wrong))


def chosen(state: State, journey: str) -> str:
    """The journey of that name, else the first of the file; empty where there is none."""
    programs = state.programs or {}
    return journey if journey in programs else next(iter(programs), "")
