"""`safar compare`."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("first")
@click.argument("second")
@click.option("--period", metavar="TIME", default="365d", help="How long from each entry; default 365d.")
@click.option("--discount", metavar="SHARE", default="0%", help="What money loses in a year, such as 10%.")
@options.made_up
@click.option("--json", "figures", metavar="FILE", help="The comparison as JSON; `-`: to the output.")
@options.quiet
@options.color
@options.project
def command(
    first: str, second: str, period: str, discount: str, figures: str | None, quiet: bool, color: str, **asked: Any
) -> int:
    """Compare two journeys, or two versions of one, customer by customer: goals, orders, cost, revenue, lifetime value.

    Both are sent the same customers with the same chance, so that small differences show. Lifetime value is the margin
    of the period, discounted month by month. FIRST and SECOND are FILE, FILE:name, or names in the project.

    \b
    safar compare welcome_discount loyalty_points
    safar compare old/cart.journey new/cart.journey --period 180d --discount 10%
    safar compare shop.journey:today shop.journey:ideal --json effect.json
    """
    with options.wrong_use(), report.refused(color), options.bar(shown=not quiet) as told:
        asked |= {"period": period, "discount": options.share(discount)}
        found = api.compare(first, second, progress=told, **asked)
    if figures is not None:
        with options.wrong_use():
            report.put(figures, json.dumps(found.figures, ensure_ascii=False, indent=2) + "\n")
    if not quiet:
        from safar.renderers.experiment_text import comparison

        people = sys.stderr if figures == "-" else sys.stdout
        people.write(comparison(found.told, found.first, found.second, colour=options.style(color, people).colour))
    return 0
