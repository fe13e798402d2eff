"""`safar init`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from safar import api
from safar.commands.options import HELP, quiet, say, wrong_use
from safar.renderers.terminal import visible


@click.command(context_settings=HELP)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--template", metavar="NAME", help="Which example journey to begin with; `--template list` names them.")
@click.option("--lang", type=click.Choice(["en", "fa"]), default="en", help="The language of the project.")
@quiet
def command(folder: Path, template: str | None, lang: Literal["en", "fa"], quiet: bool) -> int:
    """Start a project in DIR (default: here) that is green at once.  Nothing that is there is overwritten.

    \b
    safar init shop
    safar init shop --template abandoned_cart
    safar init forushgah --lang fa
    """
    if template == "list":
        click.echo("\n".join(api.templates()))
        return 0
    with wrong_use():
        started = api.init(folder, template=template, language=lang)
    if not quiet:
        for path in started.files:
            say(f"wrote {visible(str(folder / path))}")
        journey = visible(str(folder / started.journey))
        say(f"\nNow try:\n  safar check {visible(str(folder))}\n  safar simulate {journey}\n  safar draw {journey}")
    return 0
