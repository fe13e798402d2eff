"""Findings as the commands print them, and the exit code that they make."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from safar import output, pages
from safar.api import Report
from safar.commands import options
from safar.dsl.syntax_rules import LIMIT as LIMIT_RULE
from safar.engine.diagnostic import Diagnostic, Severity
from safar.errors import JourneyError, RowsError, RuntimeLimitError, WorkerLostError
from safar.renderers import findings, findings_concise, terminal
from safar.renderers.findings import Frame, Group, Where
from safar.renderers.terminal import Style

FOUND, WRONG_USE, LIMIT = 1, 2, 5
MOST_ROWS = 20
_ORDER = tuple(Severity)
_LIMITS = (LIMIT_RULE.name,)


def from_here(root: Path) -> Where:
    """From a path in the project to one that can be opened from the working folder."""

    def shown(path: str) -> str:
        if not path:
            return path
        near = os.path.relpath(root / path)
        return str(root / path) if near.startswith(f"..{os.sep}..") else near

    return shown


def text(checked: Report, form: str, style: Style, *, width: int, quiet: bool = False) -> str:
    """The findings in a form; for people with counts and a hint below, unless `quiet`.

    For machines paths are relative to the project; to the working folder where there are several projects.
    """
    several = len(checked.projects) > 1
    groups = [
        Group(part.findings, from_here(part.root) if several else findings.by_itself, from_here(part.root), part.paths)
        for part in checked.projects
    ]
    frame = Frame(
        files=checked.files,
        suppressed=checked.suppressed,
        known=checked.known,
        about=pages.find,
        style=style,
        width=width,
    )
    chosen = findings.form(form)
    return chosen.findings(groups, frame) + (findings.closing(groups, frame) if chosen.FOR_PEOPLE and not quiet else "")


def exit_code(checked: Report, level: Severity) -> int:
    """2 for wrong settings, 5 for a limit, 1 for findings at or above the level, else 0."""
    if any(part.misconfigured for part in checked.projects):
        return WRONG_USE
    if any(finding.rule in _LIMITS for finding in checked.findings):
        return LIMIT
    return FOUND if any(_at_least(finding, level) for finding in checked.findings) else 0


def _at_least(finding: Diagnostic, level: Severity) -> bool:
    return _ORDER.index(finding.severity) <= _ORDER.index(level)


@contextlib.contextmanager
def refused(color: str) -> Iterator[None]:
    """Where a journey has errors, print them for people and end with exit code 1."""
    try:
        yield
    except JourneyError as wrong:
        checked = Report((wrong.checked,))
        style = options.style(color, sys.stderr)
        sys.stderr.write(text(checked, "full", style, width=options.width(sys.stderr)))
        raise click.exceptions.Exit(exit_code(checked, Severity.ERROR)) from None
    except RowsError as wrong:
        say_rows(wrong.findings, color)
        code = LIMIT if any(one.rule in _LIMITS for one in wrong.findings) else FOUND
        raise click.exceptions.Exit(code) from None
    except WorkerLostError as wrong:
        options.say(f"safar: {terminal.visible(str(wrong))}")
        raise click.exceptions.Exit(WRONG_USE) from None
    except RuntimeLimitError as wrong:
        options.say(f"safar: {terminal.visible(str(wrong))}")
        raise click.exceptions.Exit(LIMIT) from None


def say_rows(items: tuple[Diagnostic, ...], color: str) -> None:
    """What is wrong in files of customers, a line each, on standard error; the first ones only."""
    frame = Frame(files=0, style=options.style(color, sys.stderr))
    sys.stderr.write(findings_concise.findings([Group(items[:MOST_ROWS])], frame))
    if len(items) > MOST_ROWS:
        options.say(f"and {len(items) - MOST_ROWS} more")


def put(file: str, content: str) -> None:
    """Into a file; `-` is the output."""
    if file == "-":
        sys.stdout.write(content)
    else:
        output.write(Path(file), content)


@contextlib.contextmanager
def adding(file: Path) -> Iterator[Callable[[str], object]]:
    """Adds text to a file that takes its place when all went well; `-` is the output."""
    if str(file) == "-":
        yield sys.stdout.write
        return
    with output.writing(file) as opened:
        yield lambda text: opened.write(text.encode("utf-8", "backslashreplace"))
