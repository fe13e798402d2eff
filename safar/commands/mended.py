"""What `check` says about files that it mended, and about baselines."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from safar import api, baseline
from safar.api import Fixed, Report
from safar.commands import options, report
from safar.dsl.ignores import silenceable
from safar.mending import Change
from safar.renderers import patch, terminal
from safar.renderers.findings import counted
from safar.renderers.terminal import Style


def _shown(change: Change) -> str:
    return terminal.path(report.from_here(change.root)(change.path))


def say(done: Fixed, style: Style, *, written: bool) -> None:
    """Which findings were mended, file by file; where nothing was written, what would be, as a diff."""
    if not written:
        for change in done.changes:
            sys.stdout.write(patch.patch(_shown(change), change.before, change.after, style))
    for change in done.changes:
        rules = ", ".join(f"{number} {rule}" for rule, number in sorted(Counter(change.rules).items()))
        options.say(f"{'mended' if written else 'would mend'} {_shown(change)}: {rules}")
    if done.left_out:
        options.say(f"{counted(done.left_out, 'fix', 'fixes')} left out: they would have made a file worse")
    if not written and done.report.findings:
        options.say(f"{counted(len(done.report.findings), 'finding')} would be left")


def say_gone(checked: Report, file: Path) -> None:
    """That a baseline has become too long."""
    left = baseline.gone(checked.projects, baseline.read(file), file)
    if left:
        options.say(f"{counted(left, 'finding')} of {terminal.path(str(file))} no longer there: --write-baseline again")


def new_baseline(paths: tuple[Path, ...], file: Path | None, mends: bool, choice: dict[str, Any]) -> int:
    """Write down what is found now; the exit code is 0, or 2 where the settings are wrong."""
    if file is None:
        raise click.UsageError("--write-baseline needs --baseline FILE, the file to write")
    if mends or choice.get("since") is not None:
        raise click.UsageError("--write-baseline writes down all findings: not with --fix, --diff or --since")
    with options.wrong_use():
        checked = api.check(*paths, **choice)
        number = baseline.write(file, checked.projects)
    options.say(f"wrote {counted(number, 'finding')} to {terminal.path(str(file))}")
    stay = sum(not silenceable(item) for part in checked.projects for item in part.findings)
    if stay:
        options.say(f"{counted(stay, 'error')} of syntax, names and types cannot be left out: mend them first")
    return report.WRONG_USE if any(part.misconfigured for part in checked.projects) else 0
