"""`safar test`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP
from safar.engine.diagnostic import Severity
from safar.engine.test.results import Verdict
from safar.renderers import verdicts
from safar.renderers.verdicts import Frame, Group

if TYPE_CHECKING:
    from safar.persons import Asked
    from safar.testing import Tests

UNDECIDED = 4


@click.command(context_settings=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--only", metavar="NAME", multiple=True, help="Only tests of this journey, or with this in the title.")
@click.option("--format", "form", type=click.Choice(verdicts.forms()), default="full", help="How to print.")
@click.option("--junit", type=options.FILE, metavar="FILE", help="Also write a JUnit report; `-`: to the output.")
@click.option(
    "--coverage", is_flag=True, help="Tell which steps, branches, arms, waits and interrupts no scenario passes."
)
@click.option("--coverage-min", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 1 if a journey has less.")
@click.option("--strict", is_flag=True, help="Exit 4 where a forecast is undecided.")
@click.option("--create", type=options.FILE, metavar="FILE", help="Write scenarios here: the life of --customer.")
@click.option(
    "--customer", metavar="KEY", help="With --create: whom, as in `safar trace`; without it those of `safar cover`."
)
@options.population
@options.quiet
@options.color
@options.project
def command(
    paths: tuple[Path, ...],
    form: str,
    junit: Path | None,
    coverage: bool,
    coverage_min: float | None,
    strict: bool,
    create: Path | None,
    customer: str | None,
    n: int | None,
    customers: Path | None,
    events: Path | None,
    seed: int | None,
    start: str | None,
    quiet: bool,
    color: str,
    **choice: Any,
) -> int:
    """Run the scenarios and forecasts of journeys, and say what happened instead of what was expected.

    PATH is a file or folder; without one, the journey folders of the project are tested. In a scenario nothing is
    drawn; a forecast simulates until its figures are certain, at most as many customers as it says.

    \b
    safar test                                 the whole project
    safar test journeys/cart.journey           one file
    safar test --only cart --only "Sara"       one journey, and titles with a word
    safar test --junit report.xml              for GitLab, GitHub and others
    safar test --coverage --coverage-min 80    what no scenario passes
    safar test cart --customer 17 --create tests/cart_17.journey
    safar test cart --create tests/cart.journey       all that can be passed, as `safar cover` finds it

    Exit code: 0 all passed, 1 failed or errors in files, 2 no test, 4 undecided with --strict, 5 a limit exceeded.
    """
    asked: Asked = {"n": n, "customers": customers, "events": events, "seed": seed, "start": start}
    if create is not None:
        return _create(paths, customer, create, asked, color, quiet, choice)
    if customer is not None or any(value is not None for value in asked.values()):
        raise click.UsageError("whom and how many is said with --create; a forecast says it itself")
    began = time.perf_counter()
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet, label="tests") as told:
        tests = api.test(*paths, progress=told, **choice)
    wanted = coverage or coverage_min is not None
    style, width = options.style(color, sys.stdout), options.width(sys.stdout)
    frame = Frame(style=style, width=width, seconds=time.perf_counter() - began, coverage=wanted)
    groups = _groups(tests)
    if junit is not None:
        with options.wrong_use():
            report.put(str(junit), verdicts.form("junit").verdicts(groups, frame))
    if str(junit) != "-":
        _say(groups, frame, form, quiet=quiet)
    short = [one for one in tests.coverage if coverage_min is not None and one.percent < coverage_min]
    for one in short:
        options.say(f"coverage of {one.journey} is {one.percent:.1f}%, and {coverage_min:g}% are wanted")
    return _code(tests, strict=strict) or int(bool(short))


def _create(
    paths: tuple[Path, ...],
    customer: str | None,
    file: Path,
    asked: Asked,
    color: str,
    quiet: bool,
    choice: dict[str, Any],
) -> int:
    """Write a scenario; the project and the limits are those of a test."""
    if len(paths) != 1:
        raise click.UsageError("--create takes one journey")
    if choice.pop("only"):
        raise click.UsageError("--only does not go with --create")
    if customer is None and any(value is not None for value in asked.values()):
        raise click.UsageError("whom and how many is said with --customer KEY")
    with options.wrong_use(), report.refused(color):
        if customer is None:
            from safar.covering import cover

            text = cover(paths[0], file, **choice).text
        else:
            text = api.create_scenario(paths[0], customer, file, **choice, **asked)
    if not quiet:
        sys.stdout.write(text)
    return 0


def _groups(tests: Tests) -> list[Group]:
    several = len(tests.projects) > 1
    return [
        Group(
            part.tested,
            report.from_here(part.root) if several else str,
            report.from_here(part.root),
            part.checked.findings,
            part.coverage,
        )
        for part in tests.projects
    ]


def _say(groups: list[Group], frame: Frame, form: str, *, quiet: bool) -> None:
    chosen = verdicts.form(form)
    sys.stdout.write(chosen.verdicts(groups, frame))
    if chosen.FOR_PEOPLE and not quiet:
        sys.stdout.write(f"{verdicts.summary(groups, frame)}\n")


def _code(tests: Tests, *, strict: bool) -> int:
    if broken := report.exit_code(api.Report(tuple(part.checked for part in tests.projects)), Severity.ERROR):
        return broken
    found = {one.verdict for one in tests.tested}
    if Verdict.FAILED in found:
        return report.FOUND
    return UNDECIDED if strict and Verdict.UNDECIDED in found else 0
