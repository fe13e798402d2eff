"""`safar sensitivity`."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option("--goal", metavar="NAME", help="Which goal; needed where the journey has several.")
@options.made_up
@click.option("--json", "figures", metavar="FILE", help="The table as JSON; `-`: to the output.")
@options.quiet
@options.color
@options.project
def command(journey: str, figures: str | None, quiet: bool, color: str, **asked: Any) -> int:
    """Tell which assumption moves a goal most: each chance, rate and delay moved by a tenth of itself, either way.

    Exactly where the journey has an exact answer, else with the same customers and the same chance for each variant.
    The one that moves the goal most stands on top: that is the one to measure first.

    \b
    safar sensitivity journeys/cart.journey
    safar sensitivity cart --goal won --json tornado.json
    """
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet) as told:
        found = api.sensitivity(journey, progress=told, **asked)
    if figures is not None:
        with options.wrong_use():
            report.put(figures, json.dumps(found.figures, ensure_ascii=False, indent=2) + "\n")
    if not quiet:
        from safar.renderers.experiment_text import sensitivity

        people = sys.stderr if figures == "-" else sys.stdout
        people.write(sensitivity(found.told, colour=options.style(color, people).colour))
    return 0
