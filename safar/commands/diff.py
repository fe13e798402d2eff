"""`safar diff`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP
from safar.renderers import findings_full

if TYPE_CHECKING:
    from safar.diffing import Compared

DIFFERENT = 1


@click.command(context_settings=HELP)
@click.argument("versions", metavar="[OLD NEW | PATH...]", nargs=-1)
@click.option("--against", metavar="REV", help="Compare with what the files were at this revision of git.")
@click.option("--strict", is_flag=True, help="Exit 1 where something is weaker, or no longer proved.")
@click.option("--exit-code", is_flag=True, help="Exit 1 where anything changed in meaning.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each customer whose experience changes as a scenario here: a test of how it is now.",
)
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="How to print.")
@options.quiet
@options.color
@options.project
def command(
    versions: tuple[str, ...],
    against: str | None,
    strict: bool,
    exit_code: bool,
    save: Path | None,
    form: str,
    quiet: bool,
    color: str,
    **choice: Any,
) -> int:
    """Tell what an edit weakens, what changed in meaning, and a customer whose experience changes.

    OLD and NEW are files, folders, or journeys as FILE:name. With --against the project, or each PATH, is compared with
    an earlier revision; with nothing at all, with the last commit. Layout, comments, spelling and the order of
    declarations do not count.

    \b
    safar diff                                       what I changed since the last commit
    safar diff --against origin/main --strict        in a pull request: fail where a guard is weaker
    safar diff --against main --format markdown      as a comment on it
    safar diff old/cart.journey new/cart.journey     two files, in either spelling

    Exit code: 0, 1 weaker with --strict, changed with --exit-code, or errors in the new files, 2 nothing to compare.
    """
    began = time.perf_counter()
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet, label="journeys") as told:
        compared = api.diff(*versions, against=against, progress=told, **choice)
    seconds = time.perf_counter() - began
    saved = _save(compared, save, quiet=quiet or form != "text") if save is not None else {}
    sys.stdout.write(_said(compared, form, color, saved, seconds, quiet=quiet))
    return _code(compared, strict=strict, exit_code=exit_code)


def _said(compared: Compared, form: str, color: str, saved: dict[str, str], seconds: float, *, quiet: bool) -> str:
    where = report.from_here(compared.new.root)
    if form == "json":
        from safar.renderers.diff_json import diff_json

        return diff_json(compared.difference, compared.old.name, _unread(compared), saved, seconds)
    if form == "markdown":
        from safar.renderers.diff_markdown import diff_markdown

        return diff_markdown(compared.difference, compared.old.name, where, _unread(compared))
    from safar.renderers.diff_text import diff_text, summary

    style, width = options.style(color, sys.stdout), options.width(sys.stdout)
    text = "".join(
        findings_full.finding(item, style=style, width=width, where=where) + "\n\n"
        for checked in compared.new.broken
        for item in checked.findings
    )
    text += "".join(f"{line}\n" for line in _unread(compared))
    text += diff_text(compared.difference, style, width, where, compared.old.name)
    return text if quiet else f"{text}{summary(compared.difference, style, seconds)}\n"


def _unread(compared: Compared) -> list[str]:
    """Which files could not be compared, because they have errors."""
    return [
        f"not compared: `{path}` has errors in {side.name}"
        for side in (compared.old, compared.new)
        for path in dict.fromkeys(one.span.source.path for checked in side.broken for one in checked.findings)
    ]


def _save(compared: Compared, folder: Path, *, quiet: bool) -> dict[str, str]:
    """Write the customers; the files by journey."""
    from safar.experienced import save

    files = {}
    for one in compared.difference.experiences:
        if one.new is None:
            continue
        with options.wrong_use():
            saved = save(one.new, one.journey, compared.new.root, folder)
        if saved.file is not None:
            files[one.journey] = str(saved.file)
        if not quiet:
            options.say(f"wrote {saved.file}" if saved.file is not None else f"{one.journey}: {saved.reason}")
    return files


def _code(compared: Compared, *, strict: bool, exit_code: bool) -> int:
    difference = compared.difference
    if compared.new.errors or (strict and difference.is_weaker) or (exit_code and difference):
        return DIFFERENT
    return 0
