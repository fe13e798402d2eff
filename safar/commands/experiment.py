"""`safar experiment`."""

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
@click.option("--split", metavar="NAME", help="Which split; needed where the journey has several.")
@click.option("--goal", metavar="NAME", help="Which goal; needed where the journey has several.")
@click.option("--margin", metavar="SHARE", default="0%", help="Differences within it count for nothing, such as 0.5%.")
@click.option("--power", metavar="SHARE", default="80%", help="Chance to find the difference there is; default 80%.")
@click.option("--per-day", type=click.FloatRange(0, min_open=True), metavar="N", help="Customers a day; else `arrive`.")
@options.made_up
@click.option("--json", "figures", metavar="FILE", help="The comparison as JSON; `-`: to the output.")
@options.quiet
@options.color
@options.project
def command(journey: str, margin: str, power: str, figures: str | None, quiet: bool, color: str, **asked: Any) -> int:
    """Compare the arms of a split, and tell how long a real test would take.

    Each arm is compared with the last one, twice: as a real experiment would, customers of one arm against those of the
    other; and with every customer in every arm, which tells them apart with far fewer. Then how many customers, and
    days, a real test needs.

    \b
    safar experiment journeys/cart.journey
    safar experiment cart --split coupon_test --goal won --per-day 300
    safar experiment cart --margin 0.5% --json result.json
    """
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet) as told:
        asked |= {"margin": options.share(margin), "power": options.share(power)}
        found = api.experiment(journey, progress=told, **asked)
    if figures is not None:
        with options.wrong_use():
            report.put(figures, json.dumps(found.figures, ensure_ascii=False, indent=2) + "\n")
    if not quiet:
        from safar.renderers.experiment_text import experiment

        people = sys.stderr if figures == "-" else sys.stdout
        people.write(experiment(found.told, colour=options.style(color, people).colour))
    return 0
