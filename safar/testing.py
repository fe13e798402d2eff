"""All scenarios and forecasts of files: which tests, running them, what they pass of the journeys."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from safar import people
from safar.checking import Checked, Ground, check_readings, gather
from safar.dsl.project import Home
from safar.dsl.read import Reading, read_file
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.names import fold, nearest
from safar.engine.program import lower
from safar.engine.promises import Forecast, Scenario
from safar.engine.simulate.batches import People
from safar.engine.simulate.population import Progress
from safar.engine.test.coverage import Coverage, Passed, coverage
from safar.engine.test.forecasts import run_forecast
from safar.engine.test.results import Tested, Verdict
from safar.engine.test.scenarios import run_scenario
from safar.errors import SelectionError

Test = Scenario | Forecast


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the tests of one project.  Paths are relative to `root`; `checked` has what is wrong in its files.

    The tests of a file with errors are not run.
    """

    root: Path
    tested: tuple[Tested, ...]
    coverage: tuple[Coverage, ...]
    checked: Checked


class Tests(msgspec.Struct, frozen=True):
    """What came of all tests, project by project."""

    __test__: ClassVar[bool] = False
    """No test class of pytest, for all its name."""

    projects: tuple[Done, ...]

    @property
    def tested(self) -> tuple[Tested, ...]:
        return tuple(one for part in self.projects for one in part.tested)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """What the scenarios pass of each journey."""
        return tuple(one for part in self.projects for one in part.coverage)


class Bench:
    """The tests of one project's files, ready to be run."""

    def __init__(self, home: Home, files: Sequence[Path]) -> None:
        self.home = home
        chosen = [read_file(file, home) for file in files]
        self._readings = {reading.source.path: reading for reading in chosen}
        tests = [(reading, test) for reading in chosen for test in _in_order(reading.project)]
        needed = [(reading, test, self._homes(reading, test)) for reading, test in tests]
        self.checked = _errors(check_readings(home, list(self._readings.values())))
        wrong = {finding.span.source.path for finding in self.checked.errors}
        wrong |= {path for path, reading in self._readings.items() if _is_broken(reading)}
        self.tests: list[tuple[Reading, Test]] = [
            (reading, test) for reading, test, homes in needed if not wrong & {reading.source.path, *homes}
        ]
        self._tellers: dict[tuple[str, str], Teller] = {}
        self._passed: dict[tuple[str, str], Passed] = {
            (reading.source.path, name): Passed(name)
            for reading in chosen
            if reading.source.path not in wrong
            for name in reading.project.journeys
        }

    def _homes(self, reading: Reading, test: Test) -> list[str]:
        """The files in which the journeys of a test are declared: its own, or those that it uses."""
        names = [test.journey, *([test.against] if isinstance(test, Forecast) and test.against else [])]
        return [path for name in names if (path := self._home(reading, name))]

    def _home(self, reading: Reading, journey: str) -> str:
        if journey in reading.project.journeys:
            return reading.source.path
        for source in reading.uses or ():
            if source.path not in self._readings:
                self._readings[source.path] = read_file(self.home.root / source.path, self.home)
            if journey in self._readings[source.path].project.journeys:
                return source.path
        return ""

    def run(self, reading: Reading, test: Test) -> Tested:
        """One test.  A forecast's defaults are those of the project."""
        began = time.perf_counter()
        with people.limits():
            tested = self._scenario(reading, test) if isinstance(test, Scenario) else self._forecast(reading, test)
        return msgspec.structs.replace(tested, seconds=time.perf_counter() - began)

    def _scenario(self, reading: Reading, test: Scenario) -> Tested:
        project, home = self._with(reading, test.journey)
        key = reading.source.path, test.journey
        if key not in self._tellers:
            self._tellers[key] = Teller(lower(project, project.journeys[test.journey]))
        tested = run_scenario(self._tellers[key], test)
        if tested.story is not None:
            self._passed.setdefault((home, test.journey), Passed(test.journey)).add(tested.story)
        failed = tested.verdict is not Verdict.PASSED
        return tested if failed else msgspec.structs.replace(tested, story=None)

    def _forecast(self, reading: Reading, test: Forecast) -> Tested:
        project, _ = self._with(reading, test.journey)
        if test.against:
            other, _ = self._with(reading, test.against)
            project = msgspec.structs.replace(project, journeys={**other.journeys, **project.journeys})
        defaults = self.home.simulation
        start = people.instant(defaults.start, project.settings.timezone)
        return run_forecast(project, test, People(n=defaults.customers, seed=defaults.seed, start=start))

    def _with(self, reading: Reading, journey: str) -> tuple[Project, str]:
        """The project of a file with a journey of it or of a file that it uses, and the path of that file."""
        home = self._home(reading, journey)
        journeys = {**reading.project.journeys, **self._readings[home].project.journeys}
        return msgspec.structs.replace(reading.project, journeys=journeys), home

    def coverage(self) -> tuple[Coverage, ...]:
        """What the scenarios that were run pass of each journey of the files."""
        return tuple(
            coverage(lower(self._readings[path].project, self._readings[path].project.journeys[name]), passed)
            for (path, name), passed in self._passed.items()
        )


def _errors(checked: Checked) -> Checked:
    """The errors alone: what else there is to find, `safar check` tells."""
    return msgspec.structs.replace(checked, findings=checked.errors)


def _is_broken(reading: Reading) -> bool:
    return any(finding.severity is Severity.ERROR for finding in reading.findings)


def _in_order(project: Project) -> list[Test]:
    """The tests of a file, as they stand in it."""
    tests: list[Test] = [*project.scenarios, *project.forecasts]
    return sorted(tests, key=lambda test: test.span.start)


def _wanted(test: Test, only: Sequence[str]) -> bool:
    """Whether a test is of one of these journeys, or has one of these words in its title."""
    title, journey = fold(test.title), fold(test.journey)
    return not only or any(fold(one) == journey or fold(one) in title for one in only)


def run_tests(
    paths: Sequence[Path], ground: Ground, only: Sequence[str] = (), progress: Progress | None = None
) -> Tests:
    """Run the tests of files and folders; `only` are journeys, or words of titles.  `progress` hears of each test.

    Raises `SelectionError` where there are no files or no tests, `RuntimeLimitError` for a journey without end.
    """
    benches = [Bench(home, files) for home, files in gather(paths, ground)]
    chosen = [[one for one in bench.tests if _wanted(one[1], only)] for bench in benches]
    every, done = sum(map(len, chosen)), 0
    if not every and not any(bench.checked.errors for bench in benches):
        raise SelectionError(_nothing(benches, only))
    results = []
    for bench, tests in zip(benches, chosen, strict=True):
        tested = []
        for reading, test in tests:
            tested.append(bench.run(reading, test))
            done += 1
            if progress is not None:
                progress(done, every)
        result = Done(root=bench.home.root, tested=tuple(tested), coverage=bench.coverage(), checked=bench.checked)
        results.append(result)
    return Tests(tuple(results))


def _nothing(benches: Sequence[Bench], only: Sequence[str]) -> str:
    """Why there is nothing to run."""
    if not only:
        return "no scenario and no forecast in these files"
    titles = [test.title for bench in benches for _, test in bench.tests]
    near = nearest(only[0], [*titles, *(test.journey for bench in benches for _, test in bench.tests)])
    return f"no test is called `{only[0]}` and no journey" + (f"; did you mean `{near}`?" if near else "")
