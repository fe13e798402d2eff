"""The exact answer to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from safar.engine.program import Program
from safar.engine.simulate import words
from safar.engine.simulate.results import Json
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, Style

_NUMBERS = frozenset({1})


def expected(program: Program, figures: Json, *, colour: bool = False) -> str:
    """What is expected of each 10,000 (or so many) customers: outcomes, goals, touchpoints, money, measures."""
    style = Style(colour=colour)
    journey, exact = program.journey, figures["exact"]
    head = f"{shown(journey.label)}: expected of {figures['customers']:,} customers, no sample"
    lines = [style(head, BOLD), f"  {exact['states']:,} states, {exact['transitions']:,} ways between them"]
    if exact["doubt"] > 0:
        lines.append(f"  off by {exact['doubt']:.1g} of the customers at most: delays blur the end of a goal's time")
    lines += _section(style, "Outcomes", _outcomes(figures))
    lines += _section(style, "Goals", _goals(program, figures))
    lines += _section(style, "Touchpoints", _touchpoints(figures))
    lines += _section(style, "Splits", _splits(figures))
    lines += _section(style, "Money", _money(figures))
    return "\n".join(lines + _section(style, "Measures", _measures(program, figures))) + "\n"


def _section(style: Style, title: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = table(rows, right=_NUMBERS)
    return [style(title, BOLD), *lines] if lines else []


def _number(value: Any) -> str:
    return "cannot be told" if value is None else f"{value:,.2f}"


def _share(count: float | None, of: float) -> str:
    return f"{count / of:.4%}" if count is not None and of else ""


def _outcomes(figures: Json) -> Iterator[tuple[str, ...]]:
    entered = figures["entered"]
    for name, count in (*figures["outcomes"].items(), ("unfinished", figures["unfinished"])):
        yield shown(name), _number(count), _share(count, entered)


def _goals(program: Program, figures: Json) -> Iterator[tuple[str, ...]]:
    for goal in program.journey.goals:
        one = figures["goals"][goal.name]
        mean = one["time"]["mean"]
        after = f"after {words.duration(int(mean))} on average" if mean is not None else ""
        yield shown(goal.label), _number(one["reached"]), _share(one["reached"], figures["entered"]), after


def _touchpoints(figures: Json) -> Iterator[tuple[str, ...]]:
    for name, one in figures["touchpoints"].items():
        refused = [f"{reason} {count:,.2f}" for reason, count in one["suppressed"].items() if count]
        yield shown(name), _number(one["delivered"]), "met", f"not sent: {', '.join(refused)}" if refused else ""


def _splits(figures: Json) -> Iterator[tuple[str, ...]]:
    for split, arms in figures["splits"].items():
        yield (shown(split),)
        for arm, one in arms.items():
            reached = [f"{shown(goal)} {_share(count, one['entered'])}" for goal, count in one["goals"].items()]
            yield (f"  {shown(arm)}", _number(one["entered"]), "runs", *reached)


def _money(figures: Json) -> Iterator[tuple[str, ...]]:
    for word in ("cost", "revenue"):
        for currency, amount in figures[word].items():
            yield word, _number(amount), currency


def _measures(program: Program, figures: Json) -> Iterator[tuple[str, ...]]:
    for measure in program.journey.measures:
        one = figures["measures"][measure.name]
        value, unit = one["value"], one["unit"]
        if value is not None and unit == "s":
            yield shown(measure.label), words.duration(int(value))
        else:
            yield shown(measure.label), "cannot be told" if value is None else f"{value:,.4g}", unit
