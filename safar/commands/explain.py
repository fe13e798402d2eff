"""`safar explain`."""

from __future__ import annotations

import sys

import click

from safar import api
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("rule")
def command(rule: str) -> int:
    """Show the page of a rule, by its name or code.

    \b
    safar explain unreachable-step
    safar explain SF101
    """
    try:
        page = api.explain(rule)
    except LookupError as unknown:
        raise click.UsageError(str(unknown.args[0])) from None
    sys.stdout.write(page.text)
    return 0
