"""`safar cover`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from safar.commands import options, report
from safar.commands.options import HELP, say
from safar.renderers.terminal import visible

LIMITED = 5


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option("-o", "--output", type=options.FILE, metavar="FILE", help="Write the customers as scenarios here.")
@options.quiet
@options.color
@options.project
def command(journey: str, output: Path | None, quiet: bool, color: str, **choice: Any) -> int:
    """Find the fewest customers who pass everything in a journey that can be passed.

    Every step, both ways of each branch, every arm, end of a wait and interrupt, the last round of each loop, and the
    values at which a condition turns. Each customer has lived through the journey before he is shown. What nobody can
    pass is listed with the reason. With -o they become scenarios, which pass and stay so until the journey changes.

    \b
    safar cover journeys/cart.journey
    safar cover cart -o tests/cart_cover.journey      and then: safar test --coverage

    Exit code: 0, or 5 if the journey is too large to be looked at wholly.
    """
    from safar import covering

    with options.wrong_use(), report.refused(color):
        found = covering.cover(journey, output, **choice)
    from safar.renderers.cover_text import cover_text

    if output is None or not quiet:
        style, width = options.style(color, sys.stdout), options.width(sys.stdout)
        lines = cover_text(found.cover, report.from_here(found.root), style, width)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    if output is not None and not quiet:
        left = len(found.cover.samples) - found.told
        say(f"wrote {found.told} scenarios to {visible(str(output))}" + (f"; {left} cannot be told" if left else ""))
    return 0 if found.cover.complete else LIMITED
