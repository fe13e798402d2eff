"""`safar explain`."""

from __future__ import annotations

import sys

import click

from safar import api
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("rule")
@click.option("--lang", type=click.Choice(["en", "fa"]), default="en", help="In which language, where there is a page.")
def command(rule: str, lang: str) -> int:
    """Show the page of a rule, by its name or code.

    \b
    safar explain unreachable-step
    safar explain SF101
    safar explain SF101 --lang fa
    """
    try:
        page, english = api.explain(rule, language=lang), api.explain(rule)
    except LookupError as unknown:
        raise click.UsageError(str(unknown.args[0])) from None
    if lang != "en" and page == english:
        sys.stderr.write("این صفحه فقط به انگلیسی است.\n")
    sys.stdout.write(page.text)
    return 0
