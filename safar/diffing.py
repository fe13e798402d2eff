"""Two versions of journeys read from files, folders or git, and compared."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar import choosing, revision
from safar.checking import Checked, Ground, check_readings, gather
from safar.dsl import read
from safar.dsl.project import Home, find_home
from safar.dsl.read import Reading, read_file
from safar.engine.diff.diff import Asking, Difference
from safar.engine.diff.diff import diff as compared
from safar.engine.model import Project
from safar.engine.names import fold
from safar.errors import SelectionError

Progress = Callable[[int, int], None]
Where = str | Path


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One side: what it is called, where its files lie, and what is wrong in them; what is wrong is not compared."""

    name: str
    root: Path
    projects: tuple[Project, ...]
    broken: tuple[Checked, ...] = ()

    @property
    def errors(self) -> int:
        return sum(len(one.errors) for one in self.broken)


class Compared(msgspec.Struct, frozen=True):
    """Two versions, and what is told of them."""

    difference: Difference
    old: Version
    new: Version


def diff(
    *paths: Where,
    against: str | None = None,
    project: Where | None = None,
    limits: Mapping[str, int | str] | None = None,
    progress: Progress | None = None,
) -> Compared:
    """What an edit weakens, what is no longer proved, what changed, and a customer whose experience changes.

    Two paths are the old version and the new one: files, folders, or journeys (`FILE:name`, `name`).  With `against`
    the files and folders (without any: the project) are compared with what they were at that revision of git; no path
    and no revision means `HEAD`.  Journeys are compared by what they mean: spelling, layout, comments and the order of
    declarations do not count.

    `.difference` has the changes; `.old` and `.new` say what could not be read.  `progress` hears how much is done.
    Raises `SelectionError` where there is nothing to compare, or git does not know the revision.
    """
    ground = Ground(None if project is None else Path(project), limits or {})
    if against is None and len(paths) == 2:
        old, new = (_named(str(one), ground) for one in paths)
        return _compare(old, new, ground, Asking(pairs=True, told=progress))
    if against is None and paths:
        raise SelectionError("name two versions, OLD and NEW, or say what to compare with, as in `--against main`")
    with _then([Path(one) for one in paths], ground, "HEAD" if against is None else against) as (old, new):
        return _compare(old, new, ground, Asking(told=progress))


def _compare(old: Version, new: Version, ground: Ground, asking: Asking) -> Compared:
    if not old.projects and not new.projects and not old.broken and not new.broken:
        raise SelectionError("there is nothing to compare")
    asking = msgspec.structs.replace(asking, budget=ground.home(new.root).limits.combinations)
    return Compared(compared(old.projects, new.projects, asking), old, new)


# --- two paths


def _named(named: str, ground: Ground) -> Version:
    """A file, a folder, or one journey."""
    path = Path(named)
    if path.exists():
        desks = [_read(home, files) for home, files in gather([path], ground)]
        return _version(named, desks)
    chosen = choosing.choose(named, ground)
    return Version(name=named, root=chosen.home.root, projects=(_only(chosen.project, chosen.name),))


def _only(project: Project, name: str) -> Project:
    return msgspec.structs.replace(project, journeys={name: project.journeys[name]})


# --- the working tree against a revision


@contextlib.contextmanager
def _then(paths: Sequence[Path], ground: Ground, commit: str) -> Iterator[tuple[Version, Version]]:
    with contextlib.ExitStack() as stack:
        olds, news = [], []
        for home, files in _gathered(paths, ground):
            new = _read(home, files)
            root = stack.enter_context(revision.taken_out(home, commit, "--against"))
            old = _as_it_was(home, root)
            every = _read(old, read.journey_files(old) if not paths else _files(old))
            olds.append(every if not paths else _of_the_same(every, new, [home.relative(one) for one in files]))
            news.append(new)
        yield _version(commit, olds), _version("now", news)


def _gathered(paths: Sequence[Path], ground: Ground) -> list[tuple[Home, tuple[Path, ...]]]:
    """As for other verbs; but a project may have no journeys any more."""
    if paths:
        return gather(paths, ground)
    home = ground.home(Path())
    return [(home, read.journey_files(home))]


def _as_it_was(home: Home, root: Path) -> Home:
    """The project under its old settings, and today's limits."""
    old = find_home(root)
    if old.root != root:
        old = Home(root=root)
    return msgspec.structs.replace(old, limits=home.limits)


def _files(home: Home) -> tuple[Path, ...]:
    ((_, files),) = gather([home.root], Ground(home.root)) if _has_files(home) else ((home, ()),)
    return files


def _has_files(home: Home) -> bool:
    return any(home.root.rglob("*.journey*"))


def _of_the_same(old: _Desk, new: _Desk, paths: Sequence[str]) -> _Desk:
    """Of the old version what is in files of the same paths, and journeys of the same names in others."""
    names = {fold(name) for one in new.readings for name in one.project.journeys}
    kept = []
    for one in old.readings:
        if one.source.path in paths:
            kept.append(one)
        elif same := {name: found for name, found in one.project.journeys.items() if fold(name) in names}:
            project = msgspec.structs.replace(one.project, journeys=same)
            kept.append(msgspec.structs.replace(one, project=project))
    return _Desk(old.home, tuple(kept), old.checked)


# --- reading


class _Desk(msgspec.Struct, frozen=True):
    home: Home
    readings: tuple[Reading, ...]
    """Those without errors."""
    checked: Checked


def _read(home: Home, files: Sequence[Path]) -> _Desk:
    readings = [read_file(file, home) for file in files[: home.limits.files]]
    checked = check_readings(home, readings)
    wrong = {one.span.source.path for one in checked.errors}
    sound = tuple(one for one in readings if not _is_broken(one, wrong))
    errors = msgspec.structs.replace(checked, findings=checked.errors)
    return _Desk(home, sound, errors)


def _is_broken(reading: Reading, wrong: set[str]) -> bool:
    used = (source.path for source in reading.uses or ())
    return reading.source.path in wrong or any(path in wrong for path in used)


def _version(name: str, desks: Sequence[_Desk]) -> Version:
    return Version(
        name=name,
        root=desks[0].home.root,
        projects=tuple(one.project for desk in desks for one in desk.readings),
        broken=tuple(desk.checked for desk in desks if desk.checked.findings),
    )
