"""`safar check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP
from safar.engine.diagnostic import Severity
from safar.renderers.findings import forms

_LEVELS = [level.value for level in Severity]


@click.command(context_settings=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(forms()), default="full", help="How to print.")
@click.option("--select", metavar="RULE", multiple=True, help="Only these rules: a name, a code, or its beginning.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Not these rules.")
@click.option("--fail-level", type=click.Choice(_LEVELS), default="error", help="What makes the exit code 1.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 also when there are findings.")
@options.quiet
@options.color
@options.project
def command(
    paths: tuple[Path, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_level: str,
    exit_zero: bool,
    quiet: bool,
    color: str,
    project: Path | None,
    limits: dict[str, str],
) -> int:
    """Find everything that is wrong in journeys, in one run.

    PATH is a file or folder; without one, the journey folders of the project are checked. A finding is silenced on
    one line by `# safar: ignore[rule-name] reason`.

    \b
    safar check                              the whole project
    safar check journeys/cart.journey        one file
    safar check --format json > found.json   for machines
    safar check --select SF4 --fail-level warning
    safar explain RULE                       what a finding means

    Exit code: 0 nothing at or above --fail-level, 1 findings, 2 nothing to check or wrong settings, 5 a limit
    exceeded.
    """
    with options.wrong_use():
        checked = api.check(*paths, project=project, select=select, ignore=ignore, limits=limits)
    style = options.style(color, sys.stdout)
    sys.stdout.write(report.text(checked, form, style, width=options.width(sys.stdout), quiet=quiet))
    return 0 if exit_zero else report.exit_code(checked, Severity(fail_level))
