"""`safar prove`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP
from safar.engine.diagnostic import Severity
from safar.engine.prove.verdict import Outcome
from safar.proving import Proofs
from safar.renderers import findings, findings_full
from safar.renderers.proofs_json import proofs_json
from safar.renderers.proofs_text import proofs_text, summary

UNDECIDED = 4


@click.command(context_settings=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rule", metavar="NAME", multiple=True, help="Only rules of this name.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each customer who breaks a rule as a scenario here: a test that fails until the journey is mended.",
)
@click.option("--why", is_flag=True, help="Tell the argument of each verdict in words.")
@click.option("--strict", is_flag=True, help="Exit 4 where a rule is undecided.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@options.quiet
@options.color
@options.project
def command(
    paths: tuple[Path, ...],
    rule: tuple[str, ...],
    save: Path | None,
    why: bool,
    strict: bool,
    form: str,
    quiet: bool,
    color: str,
    **choice: Any,
) -> int:
    """Prove the rules that must always hold: for every customer, every timing and every choice.

    PATH is a file or folder; without one, the journey folders of the project. A rule is proved, or refuted with a
    customer and a timeline that break it (replayed before they are shown), or undecided, with the reason.

    \b
    safar prove                                 the whole project
    safar prove journeys/cart.journey           the rules of one file, and of those it uses
    safar prove --rule consent --why            one rule, with the argument in words
    safar prove --save tests                    counterexamples as scenarios for `safar test`
    safar prove --strict --format json          for a build

    Exit code: 0 all proved, 1 refuted or errors in files, 2 no rule, 4 undecided with --strict.
    """
    began = time.perf_counter()
    with options.wrong_use(), options.bar(shown=not quiet, label="rules") as told:
        proofs = api.prove(*paths, rule=rule, progress=told, **choice)
    seconds = time.perf_counter() - began
    saved = _save(proofs, save, quiet=quiet or form == "json") if save is not None else {}
    if form == "json":
        sys.stdout.write(_json(proofs, saved, seconds))
    else:
        _say(proofs, color, seconds, why=why, quiet=quiet)
    return _code(proofs, strict=strict)


def _say(proofs: Proofs, color: str, seconds: float, *, why: bool, quiet: bool) -> None:
    style, width = options.style(color, sys.stdout), options.width(sys.stdout)
    for part in proofs.projects:
        where = report.from_here(part.root)
        for item in part.checked.findings:
            sys.stdout.write(findings_full.finding(item, style=style, width=width, where=where) + "\n\n")
        sys.stdout.write(proofs_text(part.verdicts, style, width, where, why=why))
    if not quiet:
        sys.stdout.write(f"\n{summary(proofs.verdicts, style, seconds)}\n")


def _json(proofs: Proofs, saved: dict[int, str], seconds: float) -> str:
    several = len(proofs.projects) > 1
    told = [
        (one, report.from_here(part.root) if several else findings.by_itself)
        for part in proofs.projects
        for one in part.verdicts
    ]
    broken = [item for part in proofs.projects for item in part.checked.findings]
    return proofs_json(told, broken, saved, seconds)


def _save(proofs: Proofs, folder: Path, *, quiet: bool) -> dict[int, str]:
    """Write the counterexamples; the files by the positions of their verdicts."""
    from safar.counterexamples import save

    files = {}
    every = [(part, one) for part in proofs.projects for one in part.verdicts]
    for number, (part, one) in enumerate(every):
        if one.counterexample is None:
            continue
        with options.wrong_use():
            saved = save(one, part.home, folder)
        if saved.file is not None:
            files[number] = str(saved.file)
        if not quiet:
            said = f"wrote {saved.file}" if saved.file is not None else f"{one.rule.name} is not saved: {saved.reason}"
            options.say(said)
    return files


def _code(proofs: Proofs, *, strict: bool) -> int:
    if broken := report.exit_code(api.Report(tuple(part.checked for part in proofs.projects)), Severity.ERROR):
        return broken
    if proofs.of(Outcome.REFUTED):
        return report.FOUND
    return UNDECIDED if strict and proofs.of(Outcome.UNDECIDED) else 0
