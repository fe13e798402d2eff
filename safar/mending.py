"""Fixes put into files: as many as do not stand in each other's way, again and again until nothing is left to mend.

After each round everything is read and checked again.  Where a file has more errors than before, or where safe
fixes changed what it means, they are taken back, halved, and at last left out.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar import output
from safar.checking import Checked, Choice, check_home
from safar.dsl import read
from safar.dsl.ignores import silenceable
from safar.dsl.project import Home
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Severity

ROUNDS = 30
"""Times that everything is checked at most."""

_MISTAKES = 2_000
"""Mistakes of a file that are mended: more than are told of, since then each has to be found."""

Keep = Callable[[Checked], Checked]
"""What is left of findings, such as those that a baseline does not have."""


class Change(msgspec.Struct, frozen=True):
    """A file whose text was mended; `rules` are those of the findings mended, in order."""

    root: Path
    path: str
    before: str
    after: str
    rules: tuple[str, ...]


class Mended(msgspec.Struct, frozen=True):
    """What is left to find, what changed, and how many fixes were tried and left out."""

    checked: Checked
    changes: tuple[Change, ...]
    left_out: int


def everything(checked: Checked) -> Checked:
    """All findings."""
    return checked


def mend(home: Home, files: Sequence[Path], choice: Choice, *, unsafe: bool = False, keep: Keep = everything) -> Mended:
    """Mend these files of a project, in memory; `unsafe` fixes only when told."""
    limits = msgspec.structs.replace(home.limits, mistakes=max(home.limits.mistakes, _MISTAKES))
    work = _Work(msgspec.structs.replace(home, limits=limits), files, choice, keep)
    for _ in range(ROUNDS):
        batches = {path: found for path, found in work.batches(unsafe).items() if found}
        if not batches:
            break
        work.try_out(batches)
    return Mended(work.checked, tuple(work.changes()), len(work.refused))


def write(changes: Iterable[Change]) -> None:
    """Put the mended texts in the place of the files, each whole or not at all.

    Raises `OutputError` where a file was changed meanwhile.
    """
    for change in changes:
        file = change.root / change.path
        raw = file.read_bytes()
        mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
        if raw != mark + change.before.encode():
            raise output.OutputError(f"{file} was changed by somebody else meanwhile; nothing was written to it")
        output.write(file, mark + change.after.encode())


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap.

    >>> from safar.engine.source import Source, Span
    >>> apply("wait 2 d", [Edit(Span(Source("", "wait 2 d"), 5, 8), "2d")])
    'wait 2d'
    """
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join(parts) + text[at:]


class _Work:
    """The texts so far, and what is found in them."""

    def __init__(self, home: Home, files: Sequence[Path], choice: Choice, keep: Keep) -> None:
        self.home, self.files, self.choice, self.keep = home, files, choice, keep
        self.paths = {home.relative(file) for file in files}
        self.before: dict[str, str] = {}
        self.rules: dict[str, list[str]] = {}
        self.most: dict[str, int] = {}
        self.refused: set[tuple[str, str, str, str]] = set()
        self.checked = self._check(home)

    def _check(self, home: Home) -> Checked:
        return self.keep(check_home(home, self.files, self.choice))

    def batches(self, unsafe: bool) -> dict[str, list[Diagnostic]]:
        """By file, findings whose fixes can be made together."""
        found: dict[str, list[Diagnostic]] = {}
        taken: dict[str, list[tuple[int, int]]] = {}
        for item in self.checked.findings:
            path = self._file_of(item)
            if path and item.fix and (item.fix.safe or unsafe) and _key(item) not in self.refused:
                own = found.setdefault(path, [])
                if _take(taken.setdefault(path, []), item.fix):
                    own.append(item)
        return {path: own[: self.most.get(path, len(own))] for path, own in found.items()}

    def _file_of(self, item: Diagnostic) -> str:
        """The one file that a fix changes, if it is one of ours."""
        paths = {edit.span.source.path for edit in item.fix.edits} if item.fix else set()
        return next(iter(paths)) if len(paths) == 1 and paths <= self.paths else ""

    def try_out(self, batches: Mapping[str, Sequence[Diagnostic]]) -> None:
        """Make the changes, or learn which of them to leave out."""
        old = {path: own[0].fix.edits[0].span.source.text for path, own in batches.items() if own[0].fix}
        new = {path: apply(old[path], _edits(own)) for path, own in batches.items()}
        tried = msgspec.structs.replace(self.home, texts={**self.home.texts, **new})
        after = self._check(tried)
        worse = {path for path, own in batches.items() if self._is_worse(tried, after, path, own)}
        if not worse and _errors(after) > _errors(self.checked):
            worse = set(batches)
        for path in worse:
            self._take_back(path, batches[path])
        if worse:
            return
        self.home, self.checked = tried, after
        for path, own in batches.items():
            self.before.setdefault(path, old[path])
            self.rules.setdefault(path, []).extend(item.rule for item in own)
            self.most.pop(path, None)

    def _is_worse(self, tried: Home, after: Checked, path: str, own: Sequence[Diagnostic]) -> bool:
        if _errors(after, path) > _errors(self.checked, path):
            return True
        was_read = all(silenceable(item) for item in self.checked.findings if item.span.source.path == path)
        if not was_read or any(item.fix and not item.fix.safe for item in own):
            return False
        file = self.home.root / path
        return read.read_file(file, self.home).project != read.read_file(file, tried).project

    def _take_back(self, path: str, own: Sequence[Diagnostic]) -> None:
        if len(own) == 1:
            self.refused.add(_key(own[0]))
            self.most.pop(path, None)
        else:
            self.most[path] = len(own) // 2

    def changes(self) -> Iterator[Change]:
        for path, before in sorted(self.before.items()):
            yield Change(self.home.root, path, before, self.home.texts[path], tuple(self.rules[path]))


def _edits(items: Iterable[Diagnostic]) -> list[Edit]:
    return [edit for item in items if item.fix for edit in item.fix.edits]


def _errors(checked: Checked, path: str | None = None) -> int:
    return sum(path in (None, one.span.source.path) for one in checked.findings if one.severity is Severity.ERROR)


def _key(item: Diagnostic) -> tuple[str, str, str, str]:
    """What tells a fix apart, wherever its line has moved to."""
    source = item.span.source
    texts = "\0".join(edit.text for edit in item.fix.edits) if item.fix else ""
    return item.rule, source.path, source.line(source.position(item.span.start)[0]), texts


def _take(taken: list[tuple[int, int]], fix: Fix) -> bool:
    """Whether a fix changes nothing that another one changes, nor puts its text beside it; then its places are taken.

    `taken` are stretches in order, none of which touch.
    """
    places = [(edit.span.start, edit.span.end) for edit in fix.edits]
    for start, end in places:
        at = bisect.bisect_right(taken, (start, end))
        if (at and taken[at - 1][1] >= start) or (at < len(taken) and taken[at][0] <= end):
            return False
    for place in places:
        bisect.insort(taken, place)
    return True
