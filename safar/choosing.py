"""The journey that a person names, read and free of errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from safar.checking import Checked, Ground, check_readings, gather
from safar.dsl import read
from safar.dsl.project import Home
from safar.engine.model import Project
from safar.engine.names import fold, nearest
from safar.engine.prove.together.whole import joined
from safar.errors import JourneyError, SelectionError


class Chosen(msgspec.Struct, frozen=True):
    """A journey of a project, free of errors.  `name` is as declared; empty for all journeys together."""

    home: Home
    project: Project
    name: str


def choose(named: str | Path, ground: Ground) -> Chosen:
    """The journey that `FILE`, `FILE:name` or `name` means.

    Raises `SelectionError` where there is no such journey or there are several, `JourneyError` where it has errors.
    """
    file, name = _split(str(named))
    if file is None:
        return _by_name(name, ground)
    ((home, (path,)),) = gather([file], ground) if file.is_file() else ((ground.home(file), (file,)),)
    reading = read.read_file(path, home)
    _refuse_errors(check_readings(home, [reading]))
    journeys = reading.project.journeys
    if not name and len(journeys) != 1:
        listed = ", ".join(f"{file}:{one}" for one in journeys)
        raise SelectionError(f"{file} has several journeys: {listed}" if listed else f"{file} has no journey")
    return Chosen(home, reading.project, _declared(name, journeys, f"in {file}") if name else next(iter(journeys)))


def _split(named: str) -> tuple[Path | None, str]:
    if Path(named).exists():
        return Path(named), ""
    left, colon, right = named.rpartition(":")
    if colon and Path(left).exists():
        return Path(left), right
    if "/" in named or named.endswith((".journey", ".yaml", ".yml")):
        raise SelectionError(f"there is no file {named}")
    return None, named


def absolute(named: str) -> tuple[str, bool]:
    """What means the same journey from any folder, and whether that is a name to be looked for in the project."""
    file, name = _split(named)
    if file is None:
        return named, True
    return f"{file.absolute()}:{name}" if name else str(file.absolute()), False


def _declared(name: str, journeys: Iterable[str], where: str) -> str:
    journeys = tuple(journeys)
    for one in journeys:
        if fold(one) == fold(name):
            return one
    near = nearest(name, journeys)
    raise SelectionError(f"no journey `{name}` {where}" + (f"; did you mean `{near}`?" if near else ""))


def _by_name(name: str, ground: Ground) -> Chosen:
    (home, files), *_ = gather((), ground)
    readings = [read.read_file(file, home) for file in files]
    found = _declared(name, [one for reading in readings for one in reading.project.journeys], f"in {home.root}")
    having = [reading for reading in readings if found in reading.project.journeys]
    if len(having) > 1:
        raise _several(found, [reading.source.path for reading in having])
    _refuse_errors(check_readings(home, having))
    return Chosen(home, having[0].project, found)


def _refuse_errors(checked: Checked) -> None:
    if checked.errors:
        raise JourneyError(checked)


def whereabouts(named: str, ground: Ground) -> tuple[Path, str]:
    """The file that `FILE`, `FILE:name` or `name` means, and the name if there is one; the file may have errors.

    Raises `SelectionError` where there is no such file, or several have the journey.
    """
    file, name = _split(named)
    if file is not None:
        if not file.is_file():
            raise SelectionError(f"{named} is a folder; name a file")
        return file.absolute(), name
    (home, files), *_ = gather((), ground)
    journeys = {path: read.read_file(path, home).project.journeys for path in files}
    found = _declared(name, [one for own in journeys.values() for one in own], f"in {home.root}")
    having = [path for path, own in journeys.items() if found in own]
    if len(having) > 1:
        raise _several(found, [home.relative(path) for path in having])
    return having[0], found


def _several(name: str, paths: Sequence[str]) -> SelectionError:
    return SelectionError(f"several files have a journey `{name}`: {', '.join(paths)}; name one as FILE:{name}")


def choose_all(named: str | Path, ground: Ground) -> Chosen:
    """All journeys of the project in which a file or folder lies, as one model; raises as `choose` does."""
    (home, files), *_ = gather((), ground if ground.project else Ground(Path(named), ground.limits))
    readings = [read.read_file(file, home) for file in files]
    _refuse_errors(check_readings(home, readings))
    return Chosen(home, joined([reading.project for reading in readings]), "")
