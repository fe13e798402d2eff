"""Files that a journey file may use: found by their path from the project's root, or refused with the reason.

Nothing outside the root is opened, no symbolic link is followed, and no finding quotes a file that is refused.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from safar.dsl import follow_ups, tree
from safar.dsl import reading_rules as rules
from safar.dsl.limits import Limits
from safar.dsl.syntax_rules import LIMIT
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.names import nearest
from safar.engine.source import Source, Span

ENDINGS = (".journey", ".journey.yaml", ".journey.yml")


class Loaded(msgspec.Struct, frozen=True):
    """A file, read by itself: what it uses is not looked at."""

    source: Source
    tree: tree.File
    findings: tuple[Diagnostic, ...]

    @property
    def stopped(self) -> bool:
        """Whether a limit ended the reading, so that nobody knows what the file declares."""
        return not self.tree.statements and any(one.rule == LIMIT.name for one in self.findings)


class Refused(msgspec.Struct, frozen=True):
    """Why a file is not read."""

    rule: Rule
    message: str
    help: str = ""


class Shelf(Protocol):
    """Where used files are taken from, by their path from the root."""

    def load(self, path: str) -> Loaded | Refused: ...

    def over_link(self, path: str) -> Refused | None:
        """Why a file is not to be used that lies behind a symbolic link, whether or not it exists."""
        ...


def parse(source: Source, limits: Limits) -> Loaded:
    """The file in the spelling that its ending says."""
    if is_yaml_path(source.path):
        from safar.dsl.yaml_file import read_yaml  # yaml only where it is used

        file, findings = read_yaml(source, limits)
    else:
        from safar.dsl.text import read_text

        file, findings = read_text(source, limits)
    if not file.statements and not findings:
        help = "write what it is for, or delete it"
        findings = (rules.EMPTY_FILE.at(Span(source, 0, 0), "the file says nothing", label="no statement", help=help),)
    told = follow_ups.of_writing(findings)
    if not file.statements and not is_yaml_path(source.path):
        del told[1:]  # it is no journey file at all, and the first finding says so
    return Loaded(source, file, tuple(told))


def is_yaml_path(path: str) -> bool:
    """Whether a file of this name is spelled in YAML."""
    return path.endswith((".yaml", ".yml"))


def resolve(folder: str, said: str) -> str | Refused:
    """The path from the root of what a file in `folder` calls `said`.

    >>> resolve("journeys/shop", "../vocabulary.journey")
    'journeys/vocabulary.journey'
    """
    path = inside(folder, said)
    if isinstance(path, Refused):
        return path
    if said.endswith("/") or not path.endswith(ENDINGS):
        help = "a used file ends in `.journey`, `.journey.yaml` or `.journey.yml`"
        return Refused(rules.UNKNOWN_FILE_ENDING, "the path does not end as a journey file does", help)
    return path


def inside(folder: str, said: str) -> str | Refused:
    """The path from the root of what a file in `folder` calls `said`, whatever kind of file that is."""
    looks_foreign = said.startswith(("/", "~")) or "\\" in said or ":" in said or "\0" in said
    path = posixpath.normpath(posixpath.join(folder, said))
    if looks_foreign or path.startswith(".."):
        help = "the path is relative to this file, with forward slashes, and stays inside the folder of `safar.toml`"
        return Refused(rules.USE_OUTSIDE_PROJECT, "the path leads out of the project", help)
    return path


class Memory:
    """Files that are only texts."""

    def __init__(self, files: Mapping[str, str], limits: Limits) -> None:
        self._files = files
        self._limits = limits

    def load(self, path: str) -> Loaded | Refused:
        if path not in self._files:
            return missing(path, self._files)
        return parse(Source(path, self._files[path]), self._limits)

    def over_link(self, path: str) -> None:
        """Texts have no links."""


class Disk:
    """Files below a root; `keeps`: those that are read stay in memory, since many journeys use one vocabulary."""

    def __init__(
        self, root: Path, limits: Limits, *, keeps: bool = True, texts: Mapping[str, str] | None = None
    ) -> None:
        self.root = root
        self.limits = limits
        self._keeps = keeps
        self._texts = texts or {}
        """Texts that count in place of files."""

    def load(self, path: str) -> Loaded | Refused:
        text = self.text(path)
        if isinstance(text, Refused):
            return text
        key = (str(self.root), path, self.limits)
        kept = _kept.get(key)
        if kept is not None and kept.source.text == text:
            return kept
        loaded = parse(Source(path, text), self.limits)
        if self._keeps:
            _kept[key] = loaded
        return loaded

    def text(self, path: str) -> str | Refused:
        """The text of a file below the root."""
        barred = self._barred(path)
        if barred is not None:
            return barred
        return self._texts[path] if path in self._texts else read_bytes(self.root / path, self.limits.file)

    def over_link(self, path: str) -> Refused | None:
        barred = self._barred(path)
        return barred if barred is not None and barred.rule is rules.SYMBOLIC_LINK_USED else None

    def _barred(self, path: str) -> Refused | None:
        """Why a path is not opened: each part of the way is looked at, without following links."""
        at = str(self.root)
        for part in path.split("/"):
            folder, at = at, f"{at}/{part}"
            try:
                mode = os.lstat(at).st_mode
            except (OSError, ValueError):
                return missing(path, _beside(self.root, Path(folder)))
            if stat.S_ISLNK(mode):
                help = "put the file itself there, or name the place that the link leads to"
                return Refused(rules.SYMBOLIC_LINK_USED, "the path leads over a symbolic link", help)
        return None


_kept: dict[tuple[str, str, Limits], Loaded] = {}
"""Used files as they were last read in this process."""


def missing(path: str, others: Iterable[str]) -> Refused:
    near = nearest(path, [name for name in others if name.endswith(ENDINGS)])
    help = f"did you mean `{near}`?" if near else "the path is relative to the file that uses it"
    return Refused(rules.MISSING_FILE, f"there is no file `{path[:200]}`", help)


def _beside(root: Path, folder: Path) -> list[str]:
    """The paths from the root of what stands in a folder."""
    try:
        return [found.relative_to(root).as_posix() for found in folder.iterdir()]
    except (OSError, ValueError):
        return []


def read_bytes(path: Path, most: int) -> str | Refused:
    """The text of a regular file of at most so many bytes, without a byte order mark."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return Refused(rules.MISSING_FILE, f"`{path.name}` cannot be opened")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return Refused(rules.NOT_A_FILE, f"`{path.name}` is a folder or a device, not a file")
    with os.fdopen(handle, "rb") as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        return Refused(LIMIT, f"`{path.name}` is larger than {most:,} bytes", Limits(file=most).named("file"))
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"`{path.name}` is not text in UTF-8, from byte {error.start + 1:,} on"
        return Refused(rules.NOT_TEXT, message, "save it again as UTF-8")
