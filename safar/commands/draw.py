"""`safar draw`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP, say
from safar.output import slug, write
from safar.renderers.terminal import visible

_KINDS = ("svg", "dot", "png")


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option("-o", "--output", metavar="FILE", help="Where to; its ending tells the format. `-`: SVG to the output.")
@click.option(
    "--engine", type=click.Choice(["embedded", "system"]), help="Who lays out; system: a `dot` on the machine."
)
@options.quiet
@options.color
@options.project
def command(journey: str, output: str | None, engine: str | None, quiet: bool, color: str, **where: Any) -> int:
    """Draw the map of a journey: SVG, PNG or DOT by the file's ending.

    JOURNEY is FILE, FILE:name (a file with several), or a name in the project. Without -o the map goes to NAME.svg in
    the current folder. Nothing else has to be installed; the same journey gives the same bytes on every machine.

    \b
    safar draw journeys/cart.journey
    safar draw cart -o cart.png
    safar draw cart -o - > cart.svg
    """
    kind = "svg" if output in (None, "-") else Path(output).suffix.lower().lstrip(".")
    if kind not in _KINDS:
        raise click.UsageError(f"the ending of {output} tells no format; there are .svg, .png and .dot")
    with options.wrong_use(), report.refused(color):
        map = api.draw(journey, kind=kind, engine=engine or "", **where)
        if output == "-":
            sys.stdout.write(str(map))
            return 0
        path = Path(output or f"{_name(journey)}.svg")
        write(path, map)
    if not quiet:
        say(f"wrote {visible(str(path))}")
    return 0


def _name(journey: str) -> str:
    """A file name from what the journey was called: `a/cart.journey.yaml`, `a/b.journey:cart`, `cart` give `cart`."""
    last = Path(journey).name.rpartition(":")[2]
    return slug(last.partition(".")[0])
