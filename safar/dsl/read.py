"""From a file to a project: the file, the files it uses, what they say together and what is wrong."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from safar.dsl import bodies, follow_ups, tree
from safar.dsl.build import build
from safar.dsl.files import ENDINGS, Disk, Loaded, Memory, Refused, Shelf, parse, resolve
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.project import Home, find_home
from safar.dsl.reading_rules import USE_CYCLE, USED_TWICE
from safar.dsl.syntax_rules import LIMIT
from safar.engine.diagnostic import Diagnostic, Related, Severity
from safar.engine.model import Project, Settings
from safar.engine.source import Source, Span

__all__ = ["Home", "Reading", "distinct", "find_home", "journey_files", "read_file", "read_text"]


class Reading(msgspec.Struct, frozen=True):
    """A file, read: `project` is what it says with the files it uses.

    `findings` include those in used files; their spans say where.  `used` are the `Span.key`s of the names of all
    declarations that something in the file refers to; `declared` are the names that the file itself declares.
    Where a used file is missing it is not `complete`: what it seems to lack may stand there.
    `uses` are the texts of all files it uses; None where one was refused, which may be there the next time.
    """

    source: Source
    tree: tree.File
    project: Project
    findings: tuple[Diagnostic, ...]
    used: frozenset[tuple[str, int, int]] = frozenset()
    complete: bool = True
    uses: tuple[Source, ...] | None = None


def read_text(
    text: str, path: str = "text.journey", *, settings: Settings | None = None, files: Mapping[str, str] | None = None
) -> Reading:
    """Read a text as if it stood in a file of this path, in the spelling that the path's ending says.

    `files` are other files that it may use, by path.  Nothing is opened.

    >>> read_text("team crm").project.vocabulary.teams["crm"].name
    'crm'
    """
    main = parse(Source(path, text), DEFAULT_LIMITS)
    return _joined(main, Memory(files or {}, DEFAULT_LIMITS), settings or Settings(), DEFAULT_LIMITS)


def read_file(path: Path, home: Home | None = None) -> Reading:
    """Read a file and the files it uses.  A file that cannot be read gives one finding and an empty project."""
    home = home or find_home(path)
    name = home.relative(path.absolute())
    folder, inside = (path.absolute().parent, path.name) if _is_outside(name) else (home.root, name)
    loaded = Disk(folder, home.limits, keeps=False, texts=home.texts).load(inside)
    if isinstance(loaded, Refused):
        source = Source(name, "")
        nothing = tree.File(Span(source, 0, 0), ())
        finding = loaded.rule.at(Span(source, 0, 0), loaded.message, help=loaded.help)
        return Reading(source, nothing, Project(settings=home.settings), (finding,))
    return _joined(loaded, Disk(home.root, home.limits, texts=home.texts), home.settings, home.limits)


def _is_outside(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or ":" in name[:3]


def _joined(main: Loaded, shelf: Shelf, settings: Settings, limits: Limits) -> Reading:
    uses = _Uses(shelf, limits)
    uses.follow(main)
    written = [*main.findings, *(finding for file in uses.files for finding in file.findings)]
    complete = (
        not any(one.severity is Severity.ERROR for one in uses.findings)
        and not any(file.stopped for file in uses.files)
        and not follow_ups.use_lost(written, main.tree)
    )
    trees = [main.tree, *(file.tree for file in uses.files)]
    built = build(main.tree, trees[1:], settings, complete=complete)
    used = follow_ups.unlike(written, uses.findings)
    findings = distinct([*written, *used, *follow_ups.of_building(written, built.findings, trees)])
    texts = None if uses.refused else tuple(file.source for file in uses.files)
    return Reading(main.source, main.tree, built.project, findings, built.used, built.complete, texts)


class _Uses:
    """The files that a file uses, also by way of others; those that others need come first."""

    def __init__(self, shelf: Shelf, limits: Limits) -> None:
        self._shelf = shelf
        self._limits = limits
        self._way: list[str] = []
        self._places: list[Span] = []
        self._seen: set[str] = set()
        self.files: list[Loaded] = []
        self.findings: list[Diagnostic] = []
        self.refused = False
        self.stopped = False
        """A limit was met: no further file is taken in."""

    def follow(self, file: Loaded) -> None:
        """Take in all that the file uses.  A way is at most as long as there are files, so this ends."""
        self._way.append(file.source.path)
        self._bodies(file)
        named: dict[str, Span] = {}
        for span, said in _named(file.tree):
            path = resolve(posixpath.dirname(file.source.path), said)
            if isinstance(path, Refused):
                self.findings.append(path.rule.at(span, path.message, help=path.help))
            elif path in named:
                related = (Related("first here", named[path]),)
                self.findings.append(
                    USED_TWICE.at(span, f"`{path}` is used twice in one file", help="take it out", related=related)
                )
            else:
                named[path] = span
                self._use(path, span)
        self._way.pop()

    def _bodies(self, file: Loaded) -> None:
        found = tuple(bodies.outside(file, self._shelf))
        self.findings += found
        self.refused = self.refused or bool(found)

    def _use(self, path: str, span: Span) -> None:
        if path in self._way:
            self._cycle(path, span)
            return
        if path in self._seen or self.stopped:
            return
        self._seen.add(path)
        if len(self._seen) > self._limits.uses:
            self._stop(span, f"a file uses more than {self._limits.uses:,} others", "uses")
            return
        if len(self._way) > self._limits.use_depth:
            self._stop(span, f"files use one another over more than {self._limits.use_depth:,} steps", "use_depth")
            return
        found = self._shelf.load(path)
        if isinstance(found, Refused):
            self.refused = True
            self.findings.append(found.rule.at(span, found.message, help=found.help))
            return
        self._places.append(span)
        self.follow(found)
        self._places.pop()
        self.files.append(found)

    def _stop(self, span: Span, message: str, limit: str) -> None:
        self.stopped = True
        self.findings.append(LIMIT.at(span, message, help=self._limits.named(limit)))

    def _cycle(self, path: str, span: Span) -> None:
        """One finding for a cycle, at the same place from whichever of its files it is met."""
        first = self._way.index(path)
        ring = self._way[first:]
        places = [*self._places[first:], span]
        least = ring.index(min(ring))
        place = places[least - 1]
        shown = [*ring[least:], *ring[:least], ring[least]]
        self.findings.append(
            USE_CYCLE.at(
                place,
                "files use one another in a circle: " + " -> ".join(f"`{name}`" for name in shown),
                label="closes the circle",
                help="move what both need into a third file",
            )
        )


def _named(file: tree.File) -> Iterator[tuple[Span, str]]:
    """The paths behind `use`, with their places."""
    for statement in file.statements:
        path = statement.values.get("path") if statement.form == "use" else None
        if isinstance(path, tree.Text):
            yield path.span, "".join(part for part in path.parts if isinstance(part, str))


def distinct(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, by rule, place and message; in the order of the first ones."""
    kept = {(f.rule, f.span.key, f.message): f for f in reversed(list(findings))}
    return tuple(reversed(kept.values()))


def journey_files(home: Home) -> tuple[Path, ...]:
    """The journey files of a project, in the order of their paths; folders with a leading dot are passed over."""
    folders = [home.root / name for name in home.journeys if (home.root / name).is_dir()] or [home.root]
    found: set[Path] = set()
    for folder in folders:
        for where, below, names in os.walk(folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            found.update(Path(where, name) for name in names if name.endswith(ENDINGS))
    return tuple(sorted(found))


class Outcome(msgspec.Struct, frozen=True):
    """What is kept of one file where many are read.

    `texts` are the path and digest of each text that it was made of, its own first; empty where it may be
    another one the next time although these are the same.
    """

    path: str
    findings: tuple[Diagnostic, ...]
    used: frozenset[tuple[str, int, int]]
    texts: tuple[tuple[str, str], ...] = ()


Judge = Callable[[Reading], tuple[Diagnostic, ...]]


class Kept(Protocol):
    """Outcomes of earlier runs."""

    def known(self, path: Path) -> Outcome | None:
        """The outcome of a file, if reading it now would give the same."""
        ...

    def keep(self, outcomes: Sequence[Outcome]) -> None:
        """Take in outcomes of files that were read just now."""
        ...


def digest(text: str) -> str:
    """What stands for a text: another text has another one."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _work(path: Path, home: Home | None, judge: Judge | None) -> Outcome:
    reading = read_file(path, home)
    judged = judge(reading) if judge is not None else ()
    sources = (reading.source, *reading.uses) if reading.uses is not None else ()
    texts = tuple((source.path, digest(source.text)) for source in sources)
    return Outcome(reading.source.path, distinct([*reading.findings, *judged]), reading.used, texts)


def read_all(
    paths: Sequence[Path],
    home: Home | None = None,
    *,
    judge: Judge | None = None,
    processes: int | None = None,
    kept: Kept | None = None,
) -> tuple[Outcome, ...]:
    """What many files give, in their order: out of `kept` what is known there, the others are read now.

    More than 100 are read in two processes.  `judge` gives further findings of a file, such as those of `check`; it
    must be a function of a module.  A finding in a file that several use is with the first of them.
    """
    if kept is None:
        return _each_once(_read(paths, home, judge, processes))
    known = [kept.known(path) for path in paths]
    fresh = _read([path for path, one in zip(paths, known, strict=True) if one is None], home, judge, processes)
    kept.keep(fresh)
    coming = iter(fresh)
    return _each_once([next(coming) if one is None else one for one in known])


def _read(paths: Sequence[Path], home: Home | None, judge: Judge | None, processes: int | None) -> list[Outcome]:
    workers = processes or (2 if len(paths) > 100 and (os.cpu_count() or 1) > 1 else 1)
    if workers < 2:
        return [_work(path, home, judge) for path in paths]
    import gc
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    # Trees have no cycles, and looking for some takes a fifth of the time.
    with ProcessPoolExecutor(workers, mp_context=get_context(method), initializer=gc.disable) as pool:
        size = -(-len(paths) // (workers * 16))
        several = [home] * len(paths), [judge] * len(paths)
        return list(pool.map(_work, paths, *several, chunksize=size))


def _each_once(outcomes: list[Outcome]) -> tuple[Outcome, ...]:
    seen: set[tuple[str, tuple[str, int, int], str]] = set()
    kept: list[Outcome] = []
    for outcome in outcomes:
        fresh = [f for f in outcome.findings if (f.rule, f.span.key, f.message) not in seen]
        seen.update((f.rule, f.span.key, f.message) for f in fresh)
        kept.append(msgspec.structs.replace(outcome, findings=tuple(fresh)))
    return tuple(kept)
