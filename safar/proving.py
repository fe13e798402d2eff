"""The rules of files: which there are, and the verdict on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar.checking import Checked, Ground, check_readings, gather
from safar.dsl import read
from safar.dsl.project import Home
from safar.dsl.read import Reading, read_file
from safar.engine.diagnostic import Severity
from safar.engine.names import fold, nearest
from safar.engine.program import Program, lower
from safar.engine.prove.rules import Question, Systems, questions, verdict
from safar.engine.prove.verdict import Outcome, Verdict
from safar.errors import SelectionError

Progress = Callable[[int, int], None]


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """The verdicts on the rules of one project's files.  `checked` has what is wrong in those files: a rule is asked
    of no journey whose file has errors."""

    home: Home
    verdicts: tuple[Verdict, ...]
    checked: Checked

    @property
    def root(self) -> Path:
        return self.home.root


class Proofs(msgspec.Struct, frozen=True):
    """All verdicts, project by project."""

    projects: tuple[Proven, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(one for part in self.projects for one in part.verdicts)

    def of(self, outcome: Outcome) -> tuple[Verdict, ...]:
        """Those with that outcome."""
        return tuple(one for one in self.verdicts if one.outcome is outcome)


def prove(
    *paths: str | Path,
    rule: Sequence[str] = (),
    project: str | Path | None = None,
    limits: Mapping[str, int | str] | None = None,
    progress: Progress | None = None,
) -> Proofs:
    """The verdict on each rule of files and folders; without paths, of the project.

    A rule is proved for every customer, timing and choice, refuted by a replayed customer, or undecided, never a pass.
    `rule` are names; `progress` is told how many are done, of how many.  Raises `SelectionError` where there is none.
    """
    ground = Ground(None if project is None else Path(project), limits or {})
    return prove_files([Path(path) for path in paths], ground, rule, progress)


def prove_files(
    paths: Sequence[Path], ground: Ground, only: Sequence[str] = (), progress: Progress | None = None
) -> Proofs:
    """The verdicts on the rules of files and folders; `only` are names of rules.  `progress` hears of each.

    Raises `SelectionError` where there are no files or no rules.
    """
    desks = [_Desk(home, files) for home, files in gather(paths, ground)]
    chosen = [[one for one in desk.questions if _wanted(one, only)] for desk in desks]
    every, done = sum(map(len, chosen)), 0
    if not every and not any(desk.checked.errors for desk in desks):
        raise SelectionError(_nothing(desks, only))
    projects = []
    for desk, asked in zip(desks, chosen, strict=True):
        found = []
        systems = Systems(asked, desk.beside)
        for question in asked:
            found.append(verdict(question, systems, desk.home.limits.combinations))
            done += 1
            if progress is not None:
                progress(done, every)
        projects.append(Proven(home=desk.home, verdicts=tuple(found), checked=desk.checked))
    return Proofs(tuple(projects))


class _Desk:
    """The rules of one project's files.

    The project's own rules are asked of all its journeys, in whichever file; a file's own of the journeys that know it.
    """

    def __init__(self, home: Home, files: Sequence[Path]) -> None:
        self.home = home
        every = dict.fromkeys((*files, *(read.journey_files(home) if home.file is not None else ())))
        readings = [read_file(file, home) for file in every]
        chosen = readings[: len(files)]
        self.checked = _errors(check_readings(home, chosen))
        wrong = {one.span.source.path for one in self.checked.errors}
        self._sound = [one for one in readings if one.source.path not in wrong and not _is_broken(one)]
        own = {one.source.path for one in chosen}
        self.questions = [one for one in questions(list(self._programs())) if self._is_of(one, own, chosen)]
        self.beside = tuple(journey for one in self._sound for journey in one.project.journeys.values())

    def _programs(self) -> Iterator[Program]:
        for reading in self._sound:
            for journey in reading.project.journeys.values():
                yield lower(reading.project, journey)

    @staticmethod
    def _is_of(question: Question, own: set[str], chosen: Sequence[Reading]) -> bool:
        """Whether a rule stands in one of the chosen files, or in one that these use."""
        if question.journey:
            return question.rule.span.source.path in own
        keys = {rule.span.key for one in chosen for rule in one.project.vocabulary.rules.values()}
        return question.rule.span.key in keys


def _errors(checked: Checked) -> Checked:
    return msgspec.structs.replace(checked, findings=checked.errors)


def _is_broken(reading: Reading) -> bool:
    return any(finding.severity is Severity.ERROR for finding in reading.findings)


def _wanted(question: Question, only: Sequence[str]) -> bool:
    return not only or fold(question.rule.name) in map(fold, only)


def _nothing(desks: Sequence[_Desk], only: Sequence[str]) -> str:
    """Why there is nothing to prove."""
    if not only:
        return "no rule in these files; say what must always hold, as in `rule ends { always exit within 30d }`"
    near = nearest(only[0], [one.rule.name for desk in desks for one in desk.questions])
    return f"no rule is called `{only[0]}`" + (f"; did you mean `{near}`?" if near else "")
