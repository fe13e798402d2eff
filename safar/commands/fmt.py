"""`safar fmt`."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP, say
from safar.dsl.fmt import Formatted, format_text, path_of
from safar.engine.diagnostic import Severity
from safar.renderers.terminal import visible

_PATHS = {"dsl": "text.journey", "yaml": "text.journey.yaml"}


@click.command(context_settings=HELP)
@click.argument("paths", metavar="[PATH]...|-", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change, and exit 1 if anything would.")
@click.option("--as", "spelling", type=click.Choice(["dsl", "yaml"]), help="How standard input is spelled.")
@options.quiet
@options.color
@options.project
def command(
    paths: tuple[Path, ...],
    check: bool,
    diff: bool,
    spelling: str | None,
    quiet: bool,
    color: str,
    project: Path | None,
    limits: dict[str, str],
) -> int:
    """Lay journeys out in the one way there is; there are no options for it.

    PATH is a file or folder; without one, the journey folders of the project are laid out; `-` is standard input to
    standard output. Comments stay at their place, and what is written is read back and compared first. A file with
    errors stays as it is.

    \b
    safar fmt                      the whole project
    safar fmt journeys/cart.journey
    safar fmt --check              for CI: nothing is written
    safar fmt --diff journeys      what would change
    safar fmt - < cart.journey

    Exit code: 0 all well, 1 errors in a file, or files that would change, 2 nothing to lay out, 5 a limit exceeded.
    """
    if Path("-") in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` stands alone")
        return _stream(spelling, color, shown=diff, only_asked=check or diff)
    with options.wrong_use():
        laid = api.fmt(*paths, write=not (check or diff), project=project, limits=limits)
    broken = [one for one in laid if one.text.findings]
    for one in broken:
        _tell(one.report, color)
    changed = [one for one in laid if one.text.changed]
    if diff:
        sys.stdout.write("".join(line for one in changed for line in _difference(one.text, _shown(one.file))))
    elif not quiet:
        for one in changed:
            say(f"{'would lay out' if check else 'laid out'} {visible(_shown(one.file))}")
    if not quiet:
        say(f"{len(laid)} file{'s' * (len(laid) != 1)}, {len(changed)} {'to lay out' if check or diff else 'laid out'}")
    codes = [report.exit_code(one.report, Severity.ERROR) for one in broken]
    return max([*codes, report.FOUND if changed and (check or diff) else 0])


def _stream(spelling: str | None, color: str, *, shown: bool, only_asked: bool) -> int:
    """Standard input to standard output."""
    text = sys.stdin.buffer.read().decode("utf-8", "replace").removeprefix("\ufeff")
    made = format_text(text, _PATHS[spelling] if spelling else path_of(text))
    if made.findings:
        _tell(api.Laid(Path(made.path), Path(), made).report, color)
        return report.exit_code(api.Laid(Path(made.path), Path(), made).report, Severity.ERROR)
    if shown:
        sys.stdout.write("".join(_difference(made, "standard input")))
    elif not only_asked:
        sys.stdout.write(made.after)
    return report.FOUND if only_asked and made.changed else 0


def _tell(broken: api.Report, color: str) -> None:
    style = options.style(color, sys.stderr)
    sys.stderr.write(report.text(broken, "full", style, width=options.width(sys.stderr), quiet=True))


def _shown(file: Path) -> str:
    near = os.path.relpath(file)
    return str(file) if near.startswith(f"..{os.sep}..") else near


def _difference(made: Formatted, name: str) -> Iterable[str]:
    """A unified difference; a line end that is missing is said as `diff` says it."""
    name = visible(name)
    lines = [text.split("\n") for text in (made.before, made.after)]
    before, after = ([line + "\n" for line in each[:-1]] + ([each[-1]] if each[-1] else []) for each in lines)
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
