"""What all forms of test results share.  A form is one file: `verdicts_NAME.py` is `test --format NAME`.

It has `FOR_PEOPLE` (whether the counts follow) and `verdicts(groups, frame)`, which gives the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.test.coverage import Coverage
from safar.engine.test.results import Failure, Measured, Tested, Verdict
from safar.renderers.findings import WIDTH, Where, by_itself, counted
from safar.renderers.terminal import BOLD, GREEN, RED, YELLOW, Style

COLOURS = {Verdict.PASSED: GREEN, Verdict.FAILED: RED, Verdict.UNDECIDED: YELLOW}


class Group(msgspec.Struct, frozen=True):
    """The tests of one project, how its paths are shown in machine's forms, and how in those for people.

    `broken` are errors in its files; the tests of such a file were not run.
    """

    tested: tuple[Tested, ...]
    path: Where = by_itself
    shown: Where = by_itself
    broken: tuple[Diagnostic, ...] = ()
    coverage: tuple[Coverage, ...] = ()


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Colours and columns, how long all took, and whether the coverage is wanted."""

    style: Style = Style()
    width: int = WIDTH
    seconds: float = 0.0
    coverage: bool = False


class Form(Protocol):
    """What a file `verdicts_NAME.py` has."""

    FOR_PEOPLE: bool

    def verdicts(self, groups: Sequence[Group], frame: Frame) -> str: ...


def forms() -> tuple[str, ...]:
    """The forms there are, by name.

    >>> forms()
    ('concise', 'full', 'github', 'json', 'junit', 'markdown')
    """
    return tuple(sorted(file.stem.removeprefix("verdicts_") for file in Path(__file__).parent.glob("verdicts_*.py")))


def form(name: str) -> Form:
    """The form of that name, loaded now."""
    import importlib
    from typing import cast

    return cast(Form, importlib.import_module(f"safar.renderers.verdicts_{name}"))


def all_tested(groups: Sequence[Group]) -> list[Tested]:
    return [one for group in groups for one in group.tested]


def summary(groups: Sequence[Group], frame: Frame) -> str:
    """How many passed, failed and stayed undecided, and in how many seconds.

    >>> summary([], Frame(seconds=0.25))
    'no tests in 0.2 s'
    """
    tested = all_tested(groups)
    numbers = {verdict: sum(one.verdict is verdict for one in tested) for verdict in Verdict}
    parts = [frame.style(f"{n:,} {verdict.value}", COLOURS[verdict], BOLD) for verdict, n in numbers.items() if n]
    broken = sum(len(group.broken) for group in groups)
    if broken:
        parts.append(frame.style(counted(broken, "error") + " in files", RED, BOLD))
    return f"{', '.join(parts) or 'no tests'} in {frame.seconds:.1f} s"


def findings(tested: Tested) -> Iterator[Diagnostic]:
    """What failed and what is undecided in a test, as findings: at the expectation's own place."""
    for failure in tested.failures:
        yield _finding(tested, failure)
    for one in tested.measured:
        if one.verdict == "undecided":
            yield _undecided(tested, one)


def _finding(tested: Tested, failure: Failure) -> Diagnostic:
    return Diagnostic(
        rule=tested.kind,
        code="failed",
        severity=Severity.ERROR,
        message=failure.message,
        span=failure.span,
        label=failure.label,
        help=failure.help,
        notes=failure.notes,
    )


def _undecided(tested: Tested, one: Measured) -> Diagnostic:
    return Diagnostic(
        rule=tested.kind,
        code="undecided",
        severity=Severity.WARNING,
        message=one.text,
        span=one.span,
        label="undecided",
    )


def marked(tested: Tested) -> frozenset[int]:
    """The happenings that failures are about."""
    return frozenset(n for failure in tested.failures for n in failure.about)
