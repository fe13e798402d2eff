"""`safar simulate`."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import click

from safar import api, output
from safar.commands import options, report
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.argument("journey")
@options.population
@click.option("--days", type=click.IntRange(1), metavar="N", help="How long customers arrive and calendars count.")
@click.option("--json", "figures", metavar="FILE", help="All figures as JSON; `-`: to the output, the rest to stderr.")
@click.option("--html", "page", type=options.FILE, metavar="FILE", help="A report to look at: map, figures, charts.")
@click.option(
    "--sensitivity",
    "assumed",
    type=options.FILE,
    metavar="FILE",
    help="With --html: the table of `safar sensitivity --json FILE`, as a chart.",
)
@click.option("--traces", type=options.FILE, metavar="FILE", help="Each happening as a line of JSON; `-` as above.")
@click.option("--out", type=options.FILE, metavar="FILE", help="Each run's result as .csv, .jsonl or .parquet.")
@click.option("--rejected", type=options.FILE, metavar="FILE", help="Rows set aside and why, as .csv, .jsonl ...")
@options.scale
@click.option(
    "--engine",
    type=click.Choice(["auto", "fast", "plain", "exact"]),
    default="auto",
    help="fast, plain: change no figure; exact: expected values, without a sample.",
)
@click.option("--all", "together", is_flag=True, help="All journeys of the project of JOURNEY, on one timeline.")
@click.option("--strict", is_flag=True, help="Stop at the first bad row of a file.")
@options.quiet
@options.color
@options.project
def command(
    journey: str,
    figures: str | None,
    page: Path | None,
    assumed: Path | None,
    traces: Path | None,
    engine: str,
    quiet: bool,
    color: str,
    **population: Any,
) -> int:
    """Send a population through a journey and tell the figures: outcomes, goals, messages, cost, revenue.

    JOURNEY is FILE, FILE:name (a file with several), or a name in the project. The same files, customers and seed
    give the same result on every machine.

    \b
    safar simulate journeys/cart.journey
    safar simulate cart -n 100000 --seed 7 --json result.json
    safar simulate cart --html report.html --sensitivity tornado.json
    safar simulate cart --customers shop.csv --events happened.csv
    safar simulate cart --customers shop.parquet --rejected bad.csv --out results.parquet
    safar simulate journeys --all --days 365
    safar simulate cart --engine exact
    """
    if engine == "exact":
        return _exact(
            journey, figures, quiet, color, {**population, "traces": traces, "html": page, "sensitivity": assumed}
        )
    population["engine"] = engine
    to_output = [figures, str(traces)].count("-")
    if to_output > 1:
        raise click.UsageError("only one of --json and --traces can go to the output")
    if assumed is not None:
        _must_be_assumptions(assumed, page)
    people = sys.stderr if to_output else sys.stdout
    with options.wrong_use(), report.refused(color), contextlib.ExitStack() as open_things:
        told = open_things.enter_context(options.bar(shown=not quiet))
        add = open_things.enter_context(report.adding(traces)) if traces else None
        simulation = api.simulate(journey, progress=told, traces=add, **population)
    report.say_rows(simulation.findings, color)
    if figures is not None:
        text = json.dumps(simulation.figures, ensure_ascii=False, indent=2) + "\n"
        with options.wrong_use():
            report.put(figures, text)
    if page is not None:
        ground = {key: population[key] for key in ("project", "limits")}
        with options.wrong_use():
            output.write(page, simulation.report(sensitivity=assumed, **ground))
    if not quiet:
        from safar.renderers.summary import summary

        colour, width = options.style(color, people).colour, options.width(people)
        with options.wrong_use():
            people.write(summary(simulation.result, colour=colour, width=width))
    return 0


def _must_be_assumptions(file: Path, page: Path | None) -> None:
    """Told before the simulation, not after it."""
    from safar.reporting import assumptions

    if page is None:
        raise click.UsageError("--sensitivity goes with --html")
    with options.wrong_use():
        assumptions(file)


def _exact(journey: str, figures: str | None, quiet: bool, color: str, asked: dict[str, Any]) -> int:
    """Expected values by the chain of the journey; nothing is drawn, so nothing of a sample can be asked for."""
    told = {"n": asked["n"], "project": asked["project"], "limits": asked["limits"]}
    if useless := [name for name, value in asked.items() if value and name not in told]:
        raise click.UsageError(f"--engine exact has no sample: leave out {', '.join(f'--{name}' for name in useless)}")
    with options.wrong_use(), report.refused(color):
        answer = api.exact(journey, **told)
    if figures is not None:
        with options.wrong_use():
            report.put(figures, json.dumps(answer.figures, ensure_ascii=False, indent=2) + "\n")
    if not quiet:
        from safar.renderers.exact_text import expected

        people = sys.stderr if figures == "-" else sys.stdout
        people.write(expected(answer.solution.program, answer.figures, colour=options.style(color, people).colour))
    return 0
