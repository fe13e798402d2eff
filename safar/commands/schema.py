"""`safar schema`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from safar import api
from safar.commands import options
from safar.commands.options import HELP
from safar.dsl.schema_values import as_text
from safar.output import write


@click.command(context_settings=HELP)
@click.argument("what", type=click.Choice(["journey", "project"]), default="journey")
@click.option("-o", "--output", type=options.FILE, metavar="FILE", help="Where to; default: standard output.")
def command(what: Literal["journey", "project"], output: str | None) -> int:
    """Print the JSON Schema (draft 7) of .journey.yaml files, or of safar.toml, for editors.

    It tells an editor which keys stand where; `safar check` says all that is wrong.

    \b
    safar schema > journey.schema.json
    safar schema project -o schemas/safar.schema.json
    """
    text = as_text(api.schema(what))
    if output is None:
        sys.stdout.write(text)
        return 0
    with options.wrong_use():
        write(Path(output), text)
    return 0
