"""`safar convert`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import FILE, HELP, say
from safar.dsl.convert import ConversionError
from safar.renderers.terminal import visible


@click.command(context_settings=HELP)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(["dsl", "yaml"]), required=True, help="The spelling to write.")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Where to; default: standard output.")
@click.option("--drop-comments", is_flag=True, help="Leave all comments out.")
@options.quiet
@options.color
@options.project
def command(
    file: Path,
    to: str,
    output: Path | None,
    drop_comments: bool,
    quiet: bool,
    color: str,
    project: Path | None,
    limits: dict[str, str],
) -> int:
    """Write a journey in the other spelling: a .journey file as YAML, or YAML as .journey.

    Nothing that is said is lost: the result is read back and compared before it is written. Comments go with their
    statements, on lines of their own.

    \b
    safar convert cart.journey --to yaml -o cart.journey.yaml
    safar convert cart.journey.yaml --to dsl

    Exit code: 0 all well, 1 errors in the file, or something that the other spelling cannot say, 2 wrong use, 5 a
    limit exceeded.
    """
    try:
        with options.wrong_use(), report.refused(color):
            text = api.convert(file, to=to, output=output, drop_comments=drop_comments, project=project, limits=limits)
    except ConversionError as wrong:
        say(f"safar convert: {visible(str(wrong))}")
        return report.FOUND
    if output is None:
        sys.stdout.write(text)
    elif not quiet:
        say(f"wrote {visible(str(output))}")
    return 0
