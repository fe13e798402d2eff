"""All problems of all files: which files, reading them, the rules, what the project or a comment switches off."""

from __future__ import annotations

import fnmatch
import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar import pages
from safar.cache import Cache
from safar.dsl import follow_ups, ignores, read
from safar.dsl.files import ENDINGS, Disk
from safar.dsl.project import Home
from safar.dsl.read import Outcome, Reading
from safar.dsl.syntax_rules import LIMIT
from safar.engine import check as engine_check
from safar.engine.check import check as run_rules
from safar.engine.check import unused_declaration
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.names import nearest
from safar.engine.source import Source, Span
from safar.errors import SelectionError

DEFAULT, ALL = "default", "all"
"""In `select`: the rules that are on by default, and every rule."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which rules count, by name, code or beginning of a code; an empty `select` is what the project says."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


AS_CONFIGURED = Choice()


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What `check` found in one project.  Paths in findings are relative to `root`."""

    root: Path
    findings: tuple[Diagnostic, ...]
    files: int
    suppressed: int
    paths: tuple[str, ...] = ()
    """The files' paths."""
    known: int = 0
    """Findings left out because they were there before."""
    misconfigured: bool = False
    """Whether the project's own settings are wrong."""

    def only(self, findings: Sequence[Diagnostic]) -> Checked:
        """Only these findings; the others are counted as known."""
        gone = len(self.findings) - len(findings)
        return msgspec.structs.replace(self, findings=tuple(findings), known=self.known + gone)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


class Ground(msgspec.Struct, frozen=True):
    """Where the caller stands: the project's folder if it is given, and limits that differ for this call."""

    project: Path | None = None
    limits: Mapping[str, int | str] = {}

    def home(self, path: Path) -> Home:
        """The project of a file or folder; raises `SelectionError` for a limit that there is not."""
        home = read.find_home(_absolute(self.project or path))
        if not self.limits:
            return home
        known = type(home.limits).__struct_fields__
        for name in self.limits:
            if name not in known:
                raise SelectionError(f"no limit `{name}`; there are {', '.join(known)}")
        from safar.dsl.settings import size

        try:
            wanted = {name: size(int(text) if str(text).isdecimal() else text) for name, text in self.limits.items()}
        except ValueError as wrong:
            raise SelectionError(f"a limit takes {wrong}") from None
        return msgspec.structs.replace(home, limits=msgspec.structs.replace(home.limits, **wanted))


def gather(paths: Sequence[Path], ground: Ground) -> list[tuple[Home, tuple[Path, ...]]]:
    """The files that paths name, by the project that each belongs to, in order; raises `SelectionError`."""
    if not paths:
        home = ground.home(Path())
        files = read.journey_files(home)
        if not files:
            raise SelectionError(f"no journey files in the journey folders of {home.root}")
        return [(home, files)]
    of_folder: dict[Path, Home] = {}
    found: dict[Path, tuple[Home, dict[Path, None]]] = {}
    for path in paths:
        files = tuple(map(_absolute, _files(path)))
        if not files:
            raise SelectionError(f"no journey files in {path}")
        for file in files:
            home = of_folder.get(file.parent) or of_folder.setdefault(file.parent, ground.home(file))
            found.setdefault(home.root, (home, {}))[1].setdefault(file)
    return [(home, tuple(files)) for home, files in found.values()]


def _absolute(path: Path) -> Path:
    """The path from the root of the disk, without `..`; links stay as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise SelectionError(f"there is no file or folder {path}")
    if not path.is_dir():
        yield path
        return
    for folder, inner, files in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(ENDINGS))


def check_home(home: Home, files: Sequence[Path], choice: Choice, cache: Path | None = None) -> Checked:
    """All findings of these files of one project; what earlier runs found is taken from and put into `cache`."""
    every = _every(home, choice)
    files, excess = files[: home.limits.files], files[home.limits.files :]
    judge = functools.partial(_with_unused, every=every)
    kept = Cache(cache, home, (every,)) if cache is not None else None
    outcomes: Sequence[Outcome] = read.read_all(files, home, judge=judge, kept=kept)
    alone = home.file is None or set(read.journey_files(home)) <= set(files)
    if not alone:
        outcomes = [_without(unused_declaration.RULE.name, one) for one in outcomes]
    if excess:
        outcomes = [*outcomes, _not_checked(home, excess[0])]
    return settle(home, outcomes, choice, kept.texts if kept is not None else {})


def _not_checked(home: Home, first: Path) -> Outcome:
    """What is told of the files behind the limit, at the first of them."""
    source = Source(home.relative(first), "")
    message = f"there are more than {home.limits.files:,} files; this one and those behind it are not checked"
    finding = LIMIT.at(Span(source, 0, 0), message, help=home.limits.named("files"))
    return Outcome(source.path, (finding,), frozenset())


def _without(rule: str, outcome: Outcome) -> Outcome:
    return msgspec.structs.replace(outcome, findings=tuple(one for one in outcome.findings if one.rule != rule))


def check_readings(home: Home, readings: Sequence[Reading]) -> Checked:
    """All findings of what was read already."""
    every = _every(home, AS_CONFIGURED)
    return settle(home, [Outcome(one.source.path, (*one.findings, *_rules(one, every)), one.used) for one in readings])


def check_reading(home: Home, reading: Reading) -> Checked:
    """As `check_home` of the one file, which was read already."""
    judged = _with_unused(reading, _every(home, AS_CONFIGURED))
    outcome = Outcome(reading.source.path, (*reading.findings, *judged), reading.used)
    alone = home.file is None or {home.relative(one) for one in read.journey_files(home)} <= {outcome.path}
    outcomes = [outcome if alone else _without(unused_declaration.RULE.name, outcome)]
    return settle(home, outcomes, texts={outcome.path: reading.source.text})


def check_text(
    text: str, path: str = "text.journey", files: Mapping[str, str] | None = None, choice: Choice = AS_CONFIGURED
) -> Checked:
    """All findings of a text as if it stood alone in a project with `files` that it may use; nothing is opened."""
    reading = read.read_text(text, path, files=files or {})
    home = Home(root=Path())
    outcome = Outcome(path, (*reading.findings, *_with_unused(reading, _every(home, choice))), reading.used)
    return settle(home, [outcome], choice, texts={path: text})


def _every(home: Home, choice: Choice) -> bool:
    """Whether rules are selected that are off by default."""
    return any(one != DEFAULT for one in choice.select or home.select)


def _rules(reading: Reading, every: bool = False) -> tuple[Diagnostic, ...]:
    if not reading.complete:
        return ()
    errors = [finding for finding in reading.findings if finding.severity is Severity.ERROR]
    return tuple(follow_ups.unlike(errors, run_rules(reading.project, reading.findings, every=every)))


def _with_unused(reading: Reading, every: bool = False) -> tuple[Diagnostic, ...]:
    """Also what the file declares and does not use itself; `settle` knows what others use."""
    own = (reading.source.path,)
    return (*_rules(reading, every), *unused_declaration.unused(reading.project.vocabulary, reading.used, own))


def settle(
    home: Home,
    outcomes: Sequence[Outcome],
    choice: Choice = AS_CONFIGURED,
    texts: Mapping[str, str] = {},
) -> Checked:
    """The findings of a project's files, without what others use after all and without what is switched off.

    `texts` are the files' texts where they are not on the disk, or were read already.
    """
    found = _without_used(read.distinct(finding for one in outcomes for finding in one.findings), outcomes)
    heeded = _heeded(home, choice)
    wanted = [item for item in map(heeded, found) if item is not None]
    paths = {one.path for one in outcomes}
    broken = {finding.span.source.path for finding in found if not ignores.silenceable(finding)}
    judged = ignores.judge(
        wanted,
        _sources(home, paths, texts),
        known=pages.names,
        whole=paths - broken if choice == AS_CONFIGURED else set(),
    )
    return Checked(
        root=home.root,
        findings=tuple(sorted((*home.findings, *follow_ups.once_each_name(judged.findings)), key=_order)),
        files=len(outcomes),
        suppressed=judged.suppressed,
        paths=tuple(sorted(paths)),
        misconfigured=any(finding.severity is Severity.ERROR for finding in home.findings),
    )


def _without_used(found: Sequence[Diagnostic], outcomes: Iterable[Outcome]) -> list[Diagnostic]:
    """The findings without `unused-declaration` of what another file uses.

    Where something could not be read there is none at all: the use may stand just there, or be misspelt.
    """
    used = frozenset[tuple[str, int, int]]().union(*(one.used for one in outcomes))
    unread = any(not ignores.silenceable(finding) for finding in found)
    rule = unused_declaration.RULE.name
    return [one for one in found if one.rule != rule or not (unread or one.span.key in used)]


def _sources(home: Home, paths: Iterable[str], texts: Mapping[str, str]) -> Iterator[Source]:
    """The texts of the files, where the comments are."""
    disk = Disk(home.root, home.limits, texts=home.texts)
    for path in sorted(paths):
        text = texts[path] if path in texts else disk.text(path)
        if isinstance(text, str):
            yield Source(path, text)


def _order(finding: Diagnostic) -> tuple[str, int, int, str]:
    return finding.span.source.path, finding.span.start, finding.span.end, finding.code


def _heeded(home: Home, choice: Choice) -> Callable[[Diagnostic], Diagnostic | None]:
    """What selection makes of a finding: as it is, with another severity, or nothing.

    Errors of reading stay whatever is selected.  Raises `SelectionError` for a rule that there is not.
    """
    select = choice.select or home.select
    off = (*home.ignore, *choice.ignore, *(rule for rule, level in home.severities.items() if level == "off"))
    for rule in (*select, *off, *home.severities, *(rule for one in home.paths for rule in one.ignore)):
        _must_be_known(rule)

    every = _every(home, choice)  # else rules that are off were not asked: no need to load all to know which

    def heed(finding: Diagnostic) -> Diagnostic | None:
        if not ignores.silenceable(finding):
            return finding
        here = finding.span.source.path
        off_here = (rule for one in home.paths if fnmatch.fnmatchcase(here, one.pattern) for rule in one.ignore)
        if (every and not _means(select, finding)) or _means((*off, *off_here), finding):
            return None
        level = home.severities.get(finding.rule, home.severities.get(finding.code))
        return finding if level is None else msgspec.structs.replace(finding, severity=Severity(level))

    return heed


def _means(selectors: Iterable[str], finding: Diagnostic) -> bool:
    return any(
        one in (ALL, finding.rule)
        or (one == DEFAULT and finding.rule not in engine_check.OFF)
        or (one.startswith("SF") and finding.code.startswith(one))
        for one in selectors
    )


def _must_be_known(selector: str) -> None:
    if selector in (DEFAULT, ALL) or selector in pages.stems():
        return
    names = pages.names()
    if selector in names or (selector.startswith("SF") and any(name.startswith(selector) for name in names)):
        return
    near = nearest(selector, names)
    raise SelectionError(f"no rule `{selector}`" + (f"; did you mean `{near}`?" if near else ""))
