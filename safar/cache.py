"""What was found in files that have not changed since, kept between runs.

The outcome of a file holds as long as its text, the texts of all files it uses, the settings, the limits and Safar
itself are the same.  A file of outcomes is a checksum and, on the next line, JSON.  It is in a folder of the user,
never in the project: nobody who sends a journey can send outcomes with it.  One that is not whole, or does not fit,
is as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

import safar
from safar import output
from safar.dsl.files import Disk, read_bytes
from safar.dsl.project import Home
from safar.dsl.read import Outcome, digest
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span

MOST_FILES = 32
"""Files of outcomes in the folder: one for each project, version and set of settings; the oldest go."""
MOST_ENTRIES = 50_000
"""Outcomes in one file of them; where there would be more, those that this run did not ask for go."""
LARGEST = 1 << 26
"""Bytes of one of them."""


T = TypeVar("T", bound=Hashable)
_Key = tuple[str, int, int]
_Number = Annotated[int, msgspec.Meta(ge=0)]


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """An outcome, by numbers into the lists of the store."""

    texts: list[_Number]
    findings: list[_Number]
    used: list[_Number]


class _Store(msgspec.Struct, frozen=True):
    """The outcomes of a project's files by path; what many of them share is written once."""

    key: str
    texts: list[tuple[str, str]] = []
    findings: list[msgspec.Raw] = []
    used: list[_Key] = []
    entries: dict[str, _Entry] = {}


class _UnfitError(ValueError):
    """An entry that does not fit the texts or the store."""


class Cache:
    """The kept outcomes of one project's files, as `asked` for: whatever else decides what is found in them.

    `texts` are those that were read to see whether they changed.
    """

    def __init__(self, folder: Path, home: Home, asked: tuple[object, ...] = ()) -> None:
        self._home = home
        self._disk = Disk(home.root, home.limits, texts=home.texts)
        self._key = _key(home, asked)
        self._file = folder / f"{self._key}.kept"
        self._usable = usable(folder, home.root)
        self._store = self._load() if self._usable else _Store(self._key)
        self._sources: dict[str, Source | None] = {}
        self._digests: dict[str, str] = {}
        self._found: dict[int, Diagnostic] = {}
        self._held: set[str] = set()

    def known(self, path: Path) -> Outcome | None:
        """The outcome of a file, if reading it now would give the same."""
        name = self._home.relative(path)
        entry = self._store.entries.get(name)
        if entry is None:
            return None
        try:
            outcome = self._outcome(name, entry)
        except (IndexError, _UnfitError, msgspec.DecodeError):
            return None
        if outcome is not None:
            self._held.add(name)
        return outcome

    def keep(self, outcomes: Sequence[Outcome]) -> None:
        """Take in outcomes of files that were read just now."""
        fresh = [one for one in outcomes if one.texts and _within(one.findings, one.texts)]
        if not fresh or not self._usable:
            return
        written = _Writing()
        fits = len(self._store.entries) + len(fresh) <= MOST_ENTRIES
        written.copy(self._store, self._store.entries if fits else self._held)
        for outcome in fresh:
            with contextlib.suppress(UnicodeError):
                written.add(outcome)
        content = msgspec.json.encode(written.store(self._key)).decode()
        if len(content) <= LARGEST:
            with contextlib.suppress(OSError):
                output.write(self._file, f"{digest(content)}\n{content}")
                _thin_out(self._file.parent)

    @property
    def texts(self) -> dict[str, str]:
        """By path, the texts that were read to see whether they changed."""
        return {path: source.text for path, source in self._sources.items() if source is not None}

    def _load(self) -> _Store:
        raw = read_bytes(self._file, LARGEST)
        checksum, _, content = raw.partition("\n") if isinstance(raw, str) else ("", "", "")
        if checksum == digest(content):
            with contextlib.suppress(msgspec.DecodeError, RecursionError):
                store = msgspec.json.decode(content, type=_Store)
                if store.key == self._key:
                    return store
        return _Store(self._key)

    def _outcome(self, name: str, entry: _Entry) -> Outcome | None:
        texts = tuple(self._store.texts[number] for number in entry.texts)
        if not texts or texts[0][0] != name or not all(self._digest(path) == kept for path, kept in texts):
            return None
        findings = tuple(self._finding(number) for number in entry.findings)
        if not _within(findings, texts):
            return None
        return Outcome(name, findings, frozenset(self._store.used[number] for number in entry.used), texts)

    def _source(self, path: str) -> Source | None:
        """The file as it is now, read once."""
        if path not in self._sources:
            text = self._disk.text(path)
            self._sources[path] = Source(path, text) if isinstance(text, str) else None
        return self._sources[path]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            source = self._source(path)
            self._digests[path] = digest(source.text) if source is not None else ""
        return self._digests[path]

    def _finding(self, number: int) -> Diagnostic:
        if number not in self._found:
            finding = msgspec.json.decode(self._store.findings[number], type=Diagnostic, dec_hook=self._sourced)
            if not all(0 <= span.start <= span.end <= len(span.source.text) for span in _spans(finding)):
                raise _UnfitError
            self._found[number] = finding
        return self._found[number]

    def _sourced(self, kind: type, path: object) -> Source:
        source = self._sources.get(path) if kind is Source and isinstance(path, str) else None
        if source is None:
            raise _UnfitError
        return source


class _Writing:
    """A store that is put together: what several entries share gets one number."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], int] = {}
        self._findings: dict[bytes, int] = {}
        self._used: dict[tuple[str, int, int], int] = {}
        self._entries: dict[str, _Entry] = {}

    def add(self, outcome: Outcome) -> None:
        findings = [msgspec.json.encode(finding, enc_hook=_path_of) for finding in outcome.findings]
        self._enter(outcome.path, outcome.texts, findings, sorted(outcome.used))

    def copy(self, store: _Store, paths: Iterable[str]) -> None:
        """Take over entries of a store, as far as they fit it."""
        raw = [bytes(finding) for finding in store.findings]
        for path in paths:
            entry = store.entries[path]
            with contextlib.suppress(IndexError):
                texts, used = [store.texts[n] for n in entry.texts], [store.used[n] for n in entry.used]
                self._enter(path, texts, [raw[n] for n in entry.findings], used)

    def _enter(
        self, path: str, texts: Iterable[tuple[str, str]], findings: Iterable[bytes], used: Iterable[_Key]
    ) -> None:
        self._entries[path] = _Entry(
            [_number(self._texts, text) for text in texts],
            [_number(self._findings, finding) for finding in findings],
            [_number(self._used, key) for key in used],
        )

    def store(self, key: str) -> _Store:
        findings = [msgspec.Raw(finding) for finding in self._findings]
        return _Store(key, list(self._texts), findings, list(self._used), self._entries)


def _number(numbers: dict[T, int], thing: T) -> int:
    return numbers.setdefault(thing, len(numbers))


def _path_of(source: object) -> str:
    assert isinstance(source, Source)
    return source.path


def _spans(finding: Diagnostic) -> Iterator[Span]:
    yield finding.span
    yield from (related.span for related in finding.related)
    if finding.fix is not None:
        yield from (edit.span for edit in finding.fix.edits)


def _within(findings: Iterable[Diagnostic], texts: Iterable[tuple[str, str]]) -> bool:
    """Whether all that findings show stands in these texts."""
    paths = {path for path, _ in texts}
    return all(span.source.path in paths for finding in findings for span in _spans(finding))


# --- the folder


def _key(home: Home, asked: tuple[object, ...]) -> str:
    """What tells this project, its settings, what is asked and this Safar from all others."""
    facts = (str(home.root), home.settings, home.limits, asked, tool())
    return hashlib.blake2b(repr(facts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def tool() -> tuple[str, ...]:
    """What may find other things in the same texts: Safar's own source, Python, and the packages there are."""
    source = hashlib.blake2b(digest_size=16)
    for folder, below, files in os.walk(Path(__file__).parent):
        below.sort()
        for name in sorted(files):
            if name.endswith((".py", ".json", ".lark")):
                source.update(f"{name}\0".encode() + Path(folder, name).read_bytes())
    return safar.__version__, source.hexdigest(), sys.version, *sorted(_packages())


def _packages() -> set[str]:
    """The packages that can be imported, with their versions."""
    found: set[str] = set()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            found.update(name for name in os.listdir(folder or ".") if name.endswith(".dist-info"))  # noqa: PTH208
    return found


def usable(folder: Path, root: Path) -> bool:
    """Whether things may be kept in a folder about the project at `root`: nobody else writes there."""
    return _is_apart(folder, root) and _is_own(folder)


def _is_apart(folder: Path, root: Path) -> bool:
    """Whether a folder is outside the project and the repository that the project is in: others write there."""
    real = Path(os.path.realpath(root))
    theirs = next((above for above in (real, *real.parents) if (above / ".git").exists()), real)
    return not Path(os.path.realpath(folder)).is_relative_to(theirs)


def _is_own(folder: Path) -> bool:
    """Whether there is such a folder, made now if need be, no link to one, in which nobody else may write or read."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name != "posix" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)


def _thin_out(folder: Path) -> None:
    """Leave the newest files of outcomes only."""
    newest_first = sorted(folder.glob("*.kept"), key=lambda file: file.lstat().st_mtime_ns, reverse=True)
    for file in newest_first[MOST_FILES:]:
        file.unlink(missing_ok=True)
