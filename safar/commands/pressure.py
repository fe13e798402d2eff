"""`safar pressure`."""

from __future__ import annotations

import sys
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP

UNDECIDED = 4


@click.command(context_settings=HELP)
@click.argument("where", metavar="[PATH]", default=".")
@click.option("--per", multiple=True, metavar="TIME", help="Any stretch so long, or day, week; default 1d, 7d and 30d.")
@click.option("--channel", multiple=True, metavar="NAME", help="Only this channel.")
@click.option("--who", is_flag=True, help="Tell the whole story of each customer shown.")
@click.option("--strict", is_flag=True, help="Exit 4 where a figure is not exact.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@options.quiet
@options.color
@options.project
def command(
    where: str,
    per: tuple[str, ...],
    channel: tuple[str, ...],
    who: bool,
    strict: bool,
    form: str,
    quiet: bool,
    color: str,
    **choice: Any,
) -> int:
    """Tell the most messages that any one customer can get, over all journeys of the project.

    Proved for every customer, every timing and every choice, channels' limits among it; beside it a customer who gets
    so many, with his entries into all journeys replayed on one timeline. Where he gets fewer than the proof allows,
    both numbers are told. PATH is a file or folder of the project; transactional messages are left out.

    \b
    safar pressure                              the whole project
    safar pressure --per 7d --channel email     one figure
    safar pressure --per day --who              per calendar day, with the whole story
    safar pressure --format json                for machines

    Exit code: 0, or 4 with --strict where a figure is not exact.
    """
    asked = {"per": per} if per else {}
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet, label="figures") as told:
        found = api.pressure(where, channel=channel, progress=told, **asked, **choice)
    if form == "json":
        from safar.renderers.pressure_json import pressure_json

        sys.stdout.write(pressure_json(found.project, found.figures))
    else:
        from safar.renderers.pressure_text import pressure_text

        style = options.style(color, sys.stdout)
        sys.stdout.write(pressure_text(found.project, found.figures, style, who=who, brief=quiet))
    return UNDECIDED if strict and not found.exact else 0
