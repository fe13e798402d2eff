"""What tests give: passed, failed or undecided, and what went otherwise than expected."""

from __future__ import annotations

import enum
from typing import ClassVar

import msgspec

from safar.engine.model import Project
from safar.engine.promises import Forecast, Scenario
from safar.engine.simulate.happening import Story
from safar.engine.source import Span


class Verdict(enum.Enum):
    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation that did not come true, at its own place in the file.

    `message` stands alone, `label` is said under the span, `help` says what to do, `notes` are the reasons.
    `about` are the happenings (`n`) that the timeline is to point at.
    """

    span: Span
    message: str
    label: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    about: tuple[int, ...] = ()


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation of a forecast: what came, with its interval, and what was wanted, as a person reads them.

    `verdict` is better, worse, equivalent or undecided; the numbers are in the unit of the measure (shares of 1, major
    units of money, seconds), those of the right side for the difference of both where it is a measure too.
    `needed` are the customers that would do, where it is undecided and a number would.
    """

    span: Span
    text: str
    verdict: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    wanted: float | None = None
    unit: str = ""
    difference: bool = False
    needed: int | None = None


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """One test and what came of it.  A scenario has the `story` of its customer, a forecast what was `measured`."""

    __test__: ClassVar[bool] = False
    """No test class of pytest, for all its name."""

    test: Scenario | Forecast
    project: Project
    verdict: Verdict
    failures: tuple[Failure, ...] = ()
    story: Story | None = None
    measured: tuple[Measured, ...] = ()
    customers: int = 0
    """How many a forecast took; fewer than asked for, where all was clear before."""
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        return "scenario" if isinstance(self.test, Scenario) else "forecast"
