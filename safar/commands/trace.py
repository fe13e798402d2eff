"""`safar trace`."""

from __future__ import annotations

import sys
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option("--customer", metavar="KEY", required=True, help="Whom: a key of the file, or a made-up one's number.")
@options.population
@options.color
@options.project
def command(journey: str, customer: str, color: str, **population: Any) -> int:
    """Follow one customer: what happened, when and why, also why a message was not sent.

    A made-up customer is the one of that number in `safar simulate` with the same seed, start and -n.

    \b
    safar trace journeys/cart.journey --customer 17
    safar trace cart --customer c1 --customers shop.csv --events happened.csv
    """
    with options.wrong_use(), report.refused(color):
        traced = api.trace(journey, customer, **population)
    from safar.renderers.trace_text import trace_text

    style = options.style(color, sys.stdout)
    sys.stdout.write(trace_text(traced.project, traced.story, colour=style.colour))
    return 0
