"""The project around a file: `safar.toml`, or `[tool.safar]` in `pyproject.toml`, nearest upward."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.reading_rules import NOT_TEXT, SETTINGS_SYNTAX, SYMBOLIC_LINK_USED
from safar.engine.diagnostic import Diagnostic
from safar.engine.model import Settings
from safar.engine.source import Source, Span

FILE_NAMES = ("safar.toml", "pyproject.toml")
_LARGEST = 1 << 16
"""Bytes of a file of settings."""


class PathRules(msgspec.Struct, frozen=True):
    """Rules that are off in the files that a pattern such as `journeys/drafts/**` matches."""

    pattern: str
    ignore: tuple[str, ...]


class Simulation(msgspec.Struct, frozen=True):
    """Defaults of `safar simulate`."""

    customers: int = 10_000
    seed: int = 1
    start: str = "2027-01-01T00:00:00"


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """A project: where it is, and what its settings say or the documented defaults."""

    root: Path
    file: Path | None = None
    settings: Settings = Settings()
    journeys: tuple[str, ...] = ("journeys",)
    limits: Limits = DEFAULT_LIMITS
    select: tuple[str, ...] = ("default",)
    ignore: tuple[str, ...] = ()
    severities: dict[str, str] = {}
    paths: tuple[PathRules, ...] = ()
    simulation: Simulation = Simulation()
    findings: tuple[Diagnostic, ...] = ()
    texts: dict[str, str] = {}
    """Texts that count in place of files on the disk, by path; the files must be there."""

    def relative(self, path: Path) -> str:
        """A path as findings name it: from the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def find_home(path: Path) -> Home:
    """The project that a file or folder belongs to.

    Without a settings file above it: the folder itself (of a file: the folder it is in), with all defaults.
    Mistakes in the settings are in `findings`; the good part of the file holds.
    """
    start = path.absolute()
    folder = start if start.is_dir() else start.parent
    for above in (folder, *folder.parents):
        for name in FILE_NAMES:
            home = _home_of(above / name)
            if home is not None:
                return home
    return Home(root=folder)


def _home_of(file: Path) -> Home | None:
    """The project that this settings file marks; None if it is missing or says nothing of Safar."""
    if not file.is_file():
        return None
    if file.is_symlink():
        span = Span(Source(file.name, ""), 0, 0)
        message = f"`{file.name}` is a symbolic link, and is not read"
        finding = SYMBOLIC_LINK_USED.at(span, message, help="put the file itself there")
        return Home(root=file.parent, file=file, findings=(finding,))
    with file.open("rb") as stream:
        raw = stream.read(_LARGEST + 1)
    is_own = file.name == FILE_NAMES[0]
    if not is_own and b"tool.safar" not in raw:
        return None
    home = Home(root=file.parent, file=file)
    unreadable = _unreadable(file.name, raw)
    if unreadable is not None:
        return msgspec.structs.replace(home, findings=(unreadable,))
    source = Source(file.name, raw.decode("utf-8").removeprefix("\ufeff"))
    table, findings = _table(source)
    if not is_own:
        found = table.get("tool", {})
        table = found.get("safar", {}) if isinstance(found, dict) else {}
        if not table and not findings:
            return None
    return _read(home, source, table if isinstance(table, dict) else {}, findings)


def _unreadable(name: str, raw: bytes) -> Diagnostic | None:
    span = Span(Source(name, ""), 0, 0)
    if len(raw) > _LARGEST:
        return SETTINGS_SYNTAX.at(span, f"`{name}` is larger than 64 KiB")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return NOT_TEXT.at(span, f"`{name}` is not text in UTF-8", help="save it again as UTF-8")
    return None


def _table(source: Source) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    import tomllib  # only where there is a file

    try:
        return tomllib.loads(source.text), ()
    except tomllib.TOMLDecodeError as error:
        return {}, (_syntax(source, str(error)),)
    except RecursionError:
        return {}, (_syntax(source, "values are nested too deeply"),)
    except ValueError:  # no mistake in the TOML: Python reads no number of more than 4,300 digits
        return {}, (_syntax(source, "a number is too long"),)


def _syntax(source: Source, said: str) -> Diagnostic:
    """A finding at the place that the TOML reader names: `... (at line 3, column 7)`."""
    what, _, place = said.partition(" (at ")
    numbers = [int(word) for word in place.replace(",", " ").replace(")", " ").split() if word.isdigit()]
    number = min(numbers[0], source.text.count("\n") + 1) if numbers else 1
    before = sum(len(line) + 1 for line in source.text.split("\n")[: number - 1])
    column = numbers[1] - 1 if len(numbers) > 1 else 0
    start = min(before + column, len(source.text))
    message = f"`{source.path}` cannot be read as TOML: {what[:1].lower()}{what[1:]}"
    return SETTINGS_SYNTAX.at(Span(source, start, min(start + 1, len(source.text))), message)


def _read(home: Home, source: Source, table: dict[str, Any], findings: tuple[Diagnostic, ...]) -> Home:
    from safar.dsl.settings import read_settings  # as above

    return read_settings(home, source, table, findings)
