"""A plugin of pytest: scenarios and forecasts of journey files are tests of a repository.

Nothing is collected unless it is asked for, by `pytest --safar` or by `safar = true` under pytest's settings: that a
package is installed shall not change what a repository tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from safar.dsl.read import Reading
    from safar.engine.test.results import Tested
    from safar.testing import Bench, Test

_ENDINGS = (".journey", ".journey.yaml", ".journey.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--safar`, and the setting of that name."""
    group = parser.getgroup("safar", "customer journeys")
    group.addoption("--safar", action="store_true", help="run the scenarios and forecasts of journey files")
    parser.addini("safar", "run the scenarios and forecasts of journey files", type="bool", default=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> JourneyFile | None:
    """A journey file, where journeys are asked for."""
    if not file_path.name.endswith(_ENDINGS):
        return None
    config = parent.config
    if not (config.getoption("safar") or config.getini("safar")):
        return None
    return JourneyFile.from_parent(parent, path=file_path)


class JourneyFile(pytest.File):
    """The tests of one journey file; a file with errors cannot be collected."""

    def collect(self) -> Iterator[JourneyTest]:
        from safar.checking import Ground
        from safar.testing import Bench

        bench = Bench(Ground().home(self.path), [self.path])
        if bench.checked.errors:
            raise self.CollectError(_errors(bench))
        names: dict[str, int] = {}
        for reading, test in bench.tests:
            title = test.title or "without a title"
            names[title] = names.get(title, 0) + 1
            number = f" ({names[title]})" if names[title] > 1 else ""
            yield JourneyTest.from_parent(self, name=title + number, bench=bench, found=(reading, test))


def _errors(bench: Bench) -> str:
    from safar.renderers import findings_full
    from safar.renderers.terminal import Style

    return "\n\n".join(findings_full.finding(one, style=Style()) for one in bench.checked.errors)


class NotAsExpectedError(Exception):
    """A scenario or a forecast that failed."""

    def __init__(self, tested: Tested) -> None:
        super().__init__(f"{tested.kind} {tested.test.title}")
        self.tested = tested


class JourneyTest(pytest.Item):
    """One scenario or forecast.  An undecided forecast is skipped: it neither passed nor failed."""

    def __init__(self, *, bench: Bench, found: tuple[Reading, Test], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._bench, self._found = bench, found

    def runtest(self) -> None:
        from safar.engine.test.results import Verdict

        tested = self._bench.run(*self._found)
        if tested.verdict is Verdict.FAILED:
            raise NotAsExpectedError(tested)
        if tested.verdict is Verdict.UNDECIDED:
            said = "; ".join(one.text for one in tested.measured if one.verdict == "undecided")
            pytest.skip(f"undecided: {said}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What `safar test` says: the expectation, the reasons, and what happened."""
        if not isinstance(excinfo.value, NotAsExpectedError):
            return super().repr_failure(excinfo, style)
        from safar.renderers.findings import by_itself
        from safar.renderers.verdicts import Frame
        from safar.renderers.verdicts_full import failed

        return "\n".join(failed(excinfo.value.tested, Frame(), by_itself))

    def reportinfo(self) -> tuple[Path, int, str]:
        span = self._found[1].span
        return self.path, span.source.position(span.start)[0] - 1, self.name
