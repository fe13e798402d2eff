"""`safar check`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

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
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what anything means.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what was only probably meant.")
@click.option("--baseline", type=options.FILE, metavar="FILE", help="Leave out the findings that this file has.")
@click.option("--write-baseline", is_flag=True, help="Write the findings there are now into the baseline.")
@click.option("--since", metavar="REF", help="Leave out the findings that this revision of git had already.")
@click.option("--fail-level", type=click.Choice(_LEVELS), default="error", help="What makes the exit code 1.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 also when there are findings.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@options.cached
@options.quiet
@options.color
@options.project
def command(watch: bool, **asked: Any) -> int:
    """Find everything that is wrong in journeys, in one run.

    PATH is a file or folder; without one, the journey folders of the project are checked. A finding is silenced on
    one line by `# safar: ignore[rule-name] reason`.

    \b
    safar check                              the whole project
    safar check journeys/cart.journey        one file
    safar check --fix                        mend what is certain
    safar check --diff --unsafe-fixes        see what else could be mended
    safar check --format json > found.json   for machines
    safar check --since main                 only what is new
    safar check --watch                      while you write
    safar check --select SF4 --fail-level warning
    safar explain RULE                       what a finding means

    Exit code: 0 nothing at or above --fail-level, 1 findings or a --diff that is not empty, 2 nothing to check or
    wrong settings, 5 a limit exceeded.
    """
    if not watch:
        return _check(**asked)
    if any(asked[name] for name in ("fix", "diff", "write_baseline")):
        raise click.UsageError("--watch only looks: not with --fix, --diff or --write-baseline")
    from safar.commands import watched

    return watched.run(lambda: _check(**asked), asked["paths"], asked)


def _check(
    paths: tuple[Path, ...],
    form: str,
    fail_level: str,
    exit_zero: bool,
    cache: Path | None,
    quiet: bool,
    color: str,
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
    baseline: Path | None,
    write_baseline: bool,
    **choice: Any,
) -> int:
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if diff and (fix or form != "full"):
        raise click.UsageError("--diff changes nothing and shows one form only: not with --fix or --format")
    if write_baseline:
        return int(_mended().new_baseline(paths, baseline, fix or diff, choice))
    style = options.style(color, sys.stdout)
    with options.wrong_use():
        done = api.fix(*paths, unsafe=unsafe_fixes, write=fix, baseline=baseline, **choice) if fix or diff else None
        checked = done.report if done else api.check(*paths, baseline=baseline, cache=cache, **choice)
    if done:
        _mended().say(done, style, written=fix)
    if not diff:
        sys.stdout.write(report.text(checked, form, style, width=options.width(sys.stdout), quiet=quiet))
    if baseline and not (quiet or done or any(choice[name] for name in ("select", "ignore", "since"))):
        _mended().say_gone(checked, baseline)
    code = report.exit_code(checked, Severity(fail_level)) or int(diff and done is not None and bool(done.changes))
    return 0 if exit_zero else code


def _mended() -> ModuleType:
    """Loaded only where it is needed: most checks change nothing."""
    from safar.commands import mended

    return mended
