"""Experiments, sensitivity and comparisons to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.simulate.batches import Estimate
from safar.engine.simulate.experiments import ArmFigures, Contrast, Experiment
from safar.engine.simulate.lifetime import Compared, Row
from safar.engine.simulate.sensitivity import Effect, Sensitivity, place
from safar.engine.simulate.sequence import Verdict
from safar.renderers.summary_words import percent
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, GREEN, RED, Style

_NUMBERS = frozenset({1})
_COLOURS = {Verdict.BETTER: GREEN, Verdict.WORSE: RED}
_BAR = 24
"""Columns of the longest bar of a tornado."""


def experiment(found: Experiment, *, colour: bool = False) -> str:
    """Arms, differences as a real experiment and as a paired one tell them, and how long a real one would take."""
    style = Style(colour=colour)
    lines = [style(f"{shown(found.split)}: goal {shown(found.goal)}, {found.customers:,} customers", BOLD)]
    lines += [
        style("As a real experiment: each customer in one arm", BOLD),
        *table(map(_arm, found.arms), right=_NUMBERS),
    ]
    lines += table(_independent(one, style) for one in found.contrasts)
    lines += [style("As only a simulation can: every customer in every arm", BOLD), *table(map(_everyone, found.arms))]
    lines += table(_paired(one, style) for one in found.contrasts)
    lines += [style(f"To tell them apart for real (power {found.power:.0%}, level 95%)", BOLD)]
    return "\n".join([*lines, *table(_plan(one, found) for one in found.contrasts)]) + "\n"


def _arm(arm: ArmFigures) -> tuple[str, ...]:
    rate = "none" if arm.rate is None else f"{percent(arm.rate)} ({percent(arm.low)} to {percent(arm.high)})"
    return shown(arm.name), f"{arm.runs:,}", "runs", rate


def _everyone(arm: ArmFigures) -> tuple[str, ...]:
    return shown(arm.name), _share(arm.everyone)


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "none"
    around = "" if estimate.low is None else f" ({percent(estimate.low)} to {percent(estimate.high)})"
    return percent(estimate.value) + around


def _points(value: float, low: float | None, high: float | None) -> str:
    around = "" if low is None or high is None else f" ({100 * low:+.2f} to {100 * high:+.2f})"
    return f"{100 * value:+.2f} points{around}"


def _names(one: Contrast) -> str:
    return f"{shown(one.arm)} against {shown(one.against)}"


def _independent(one: Contrast, style: Style) -> tuple[str, ...]:
    points = _points(*one.independent) if one.independent is not None else "cannot be told"
    return _names(one), points, _verdict(one.independent_verdict, style)


def _paired(one: Contrast, style: Style) -> tuple[str, ...]:
    gap = one.paired
    points = _points(gap.value, gap.low, gap.high) if gap is not None else "cannot be told"
    return _names(one), points, _verdict(one.verdict, style)


def _verdict(verdict: Verdict, style: Style) -> str:
    return style(verdict.value, _COLOURS[verdict]) if verdict in _COLOURS else verdict.value


def _plan(one: Contrast, found: Experiment) -> tuple[str, ...]:
    if one.needed is None or one.other is None or one.customers is None:
        return _names(one), "no difference to find"
    arms = f"{one.needed:,} customers in {shown(one.arm)}, {one.other:,} in {shown(one.against)}"
    if one.days is None or found.per_day is None:
        return _names(one), f"{arms}; say --per-day N for how many days that takes"
    return _names(one), f"{arms}: {one.customers:,} in all, {one.days:,} days at {found.per_day:g} a day"


def sensitivity(found: Sensitivity, *, colour: bool = False) -> str:
    """A tornado: the assumption that moves the goal most on top, with the file and line where it stands."""
    style = Style(colour=colour)
    how = "exact" if found.engine == "exact" else f"{found.customers:,} customers, the same for each"
    moved = f"each assumption moved by {float(found.by):.0%} of itself ({how})"
    head = f"Goal {shown(found.goal)}: {percent(found.rate)}; {moved}"
    widest = max((one.width for one in found.effects), default=0.0)
    rows = [_effect(one, found.rate, widest) for one in found.effects]
    return "\n".join([style(head, BOLD), *table(rows)]) + "\n"


def _effect(one: Effect, rate: float, widest: float) -> tuple[str, ...]:
    path, line, _ = place(one.assumption.span)
    bar = "#" * round(_BAR * one.width / widest) if widest else ""
    low, high = 100 * (one.low - rate), 100 * (one.high - rate)
    written = f"{shown(one.assumption.of)} {shown(one.assumption.written)}"
    return (
        f"{bar:<{_BAR}}",
        f"{low:+z.2f} to {high:+z.2f} points",
        f"{one.assumption.kind} of {written}",
        f"{shown(path)}:{line}",
    )


def comparison(found: Compared, first: str, second: str, *, colour: bool = False) -> str:
    """Two journeys side by side for each customer, over all and by persona; differences are of the second."""
    style = Style(colour=colour)
    period = spelling.duration(found.period.seconds)
    discount = f", discounted by {found.period.discount:.1%} a year" if found.period.discount else ""
    head = f"{shown(first)} and {shown(second)}: {found.customers:,} customers, {period} from entry{discount}"
    lines = [style(head, BOLD)]
    for name, rows in found.groups:
        title = shown(name) if name else "All customers"
        heading = ("per customer", shown(first), shown(second), "difference")
        lines += [style(title, BOLD), *table([heading, *_rows(rows, style)])]
    return "\n".join(lines) + "\n"


def _rows(rows: tuple[Row, ...], style: Style) -> Iterator[tuple[str, ...]]:
    for row in rows:
        word = {Verdict.BETTER: "more", Verdict.WORSE: "less"}.get(row.verdict, "")
        yield shown(row.name), _figure(row.first, row), _figure(row.second, row), _gap(row), word


def _figure(estimate: Estimate | None, row: Row) -> str:
    if estimate is None:
        return "none"
    return percent(estimate.value) if row.unit == "%" else f"{estimate.value:,.4g} {row.unit}".rstrip()


def _gap(row: Row) -> str:
    gap = row.difference
    if gap is None:
        return "cannot be told"
    if row.unit == "%":
        return _points(gap.value, gap.low, gap.high)
    around = "" if gap.low is None or gap.high is None else f" ({gap.low:+,.4g} to {gap.high:+,.4g})"
    return f"{gap.value:+,.4g} {row.unit}".rstrip() + around
