"""`safar draw`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from safar import api
from safar.commands import options, report
from safar.commands.options import HELP, say
from safar.output import slug, write
from safar.renderers.drawing import KINDS, MAP_KINDS
from safar.renderers.terminal import visible


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option(
    "--as", "form", type=click.Choice(["flow", "map"]), default="flow", help="flow: every way; map: the journey map."
)
@click.option("--persona", metavar="P", default="", help="Of one persona: without what is kept from it.")
@click.option("--stages", metavar="A..B", default="", help="From one stage to another.")
@click.option("--beside", metavar="JOURNEY", help="Two journeys on one journey map, such as today and as it should be.")
@click.option("--traffic", type=options.FILE, metavar="RESULT", help="With what `simulate --json RESULT` told.")
@click.option("--focus", metavar="STEP", default="", help="What is around a step, or around all of channel:NAME ...")
@click.option("--depth", type=click.IntRange(0), default=2, metavar="N", help="So many arrows around it; default 2.")
@click.option("--collapse", metavar="STAGES", default="", help="Stages as one box each, as A,B; or all.")
@click.option("--findings", is_flag=True, help="With marks where `check` found something.")
@click.option(
    "--customer", metavar="KEY", default="", help="The way of one customer: of --trace, or as `trace` has it."
)
@click.option("--trace", type=options.FILE, metavar="FILE", help="A file of `simulate --traces`: times, for --traffic.")
@click.option("--notes", is_flag=True, help="With all that is noted at touchpoints, not pains alone.")
@click.option("--whole/--pieces", default=None, help="In one piece, or each stage by itself; default: by its size.")
@click.option("-o", "--output", metavar="FILE", help="Where to; its ending tells the format. `-`: SVG to the output.")
@click.option(
    "--engine", type=click.Choice(["embedded", "system"]), help="Who lays out; system: a `dot` on the machine."
)
@options.quiet
@options.color
@options.project
def command(journey: str, output: str | None, engine: str | None, quiet: bool, color: str, **wanted: Any) -> int:
    """Draw a map of a journey in the format of the file's ending.

    SVG, PNG, PDF, HTML (a page to zoom in), Mermaid (.mmd), DOT, and Markdown (.md: the journey in words, with the map
    for Mermaid). JOURNEY is FILE, FILE:name (a file with several), or a name in the project. Without -o the map goes to
    NAME.svg in the current folder. PNG and PDF need `pip install safar[png]` and `safar[pdf]`, the others nothing; the
    same journey gives the same bytes on every machine.

    The flow shows every step and every way; a large one has each stage by itself, and --focus, --stages and --collapse
    show a part. STEP is a step's name, an outcome, or channel:NAME, owner:NAME, tag:NAME. The journey map (`--as map`)
    has stages as columns and lanes for what customers do, ask and feel and for what the shop does.

    \b
    safar draw journeys/cart.journey
    safar draw cart -o cart.html
    safar draw cart -o cart.md
    safar draw cart -o - > cart.svg
    safar draw cart --as map --persona hunter -o cart.png
    safar draw cart --as map -o cart.md
    safar draw cart --as map --stages awareness..purchase
    safar draw cart --focus reminder --depth 1
    safar draw cart --traffic result.json --findings
    safar draw cart --customer 17
    """
    kind = "svg" if output in (None, "-") else Path(output).suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise click.UsageError(
            f"the ending of {output} tells no format; there are {', '.join('.' + one for one in KINDS)}"
        )
    if kind not in MAP_KINDS and wanted["form"] == "map":
        raise click.UsageError(f"the journey map is not written as .{kind}, which is for the flow")
    with options.wrong_use(), report.refused(color):
        map = api.draw(journey, kind=kind, engine=engine or "", tell=_told(quiet=quiet), **wanted)
        if output == "-":
            sys.stdout.write(str(map))
            return 0
        path = Path(output or f"{_name(journey)}.svg")
        write(path, map)
    if not quiet:
        say(f"wrote {visible(str(path))}")
    return 0


def _told(*, quiet: bool) -> Callable[[str], object]:
    """Says why a picture is simpler than it was asked for."""
    return (lambda notice: None) if quiet else (lambda notice: say(f"note: {visible(notice)}"))


def _name(journey: str) -> str:
    """A file name from what the journey was called: `a/cart.journey.yaml`, `a/b.journey:cart`, `cart` give `cart`."""
    last = Path(journey).name.rpartition(":")[2]
    return slug(last.partition(".")[0])
