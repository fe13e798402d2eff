"""The result of a simulation to read in a terminal or a log of CI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from safar.engine.model import Goal, Level
from safar.engine.program import Program
from safar.engine.simulate import words
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.money import major
from safar.engine.simulate.results import Json, Result, as_json
from safar.engine.simulate.statistics import difference, wilson
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, GREEN, RED, Style

_NUMBERS = frozenset({1})
_ATTEMPTS = {
    "not_eligible": "not eligible",
    "inside": "inside already",
    "too_soon": "too soon again",
    "held_out": "held out",
}


def summary(result: Result, *, colour: bool = False) -> str:
    """Outcomes, goals with 95% intervals, messages and why some were not sent, money, splits and personas."""
    style = Style(colour=colour)
    figures = as_json(result)
    lines = [_conditions(result, figures)]
    for program in result.programs:
        own = figures["journeys"][program.journey.name] if result.together else figures
        lines += ["", *_Journey(program, own, style).lines()]
    if result.together:
        lines += ["", style("All journeys together", BOLD)]
        lines += [*_section(style, "Channels", _channels(figures)), *_section(style, "Money", _money(figures))]
    return "\n".join(lines) + "\n"


def _conditions(result: Result, figures: Json) -> str:
    start = words.instant(result.start, project_zone(result.project))
    text = f"{figures['customers']:,} customers from {start}, seed {result.seed}, zones {figures['data']['zones']}"
    return text + (f", {result.rejected:,} rows set aside" if result.rejected else "")


def _section(style: Style, title: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = table(rows, right=_NUMBERS)
    return [style(title, BOLD), *lines] if lines else []


def percent(share: float | Fraction | None) -> str:
    """
    >>> percent(0.13842), percent(0.0004), percent(None)
    ('13.8%', '0.04%', 'none')
    """
    if share is None:
        return "none"
    return f"{float(share):.2%}" if 0 < abs(float(share)) < 0.01 else f"{float(share):.1%}"


def _money(figures: Json) -> Iterator[tuple[str, ...]]:
    for word in ("cost", "revenue"):
        for position, (currency, amount) in enumerate(figures[word].items()):
            yield ("" if position else word, f"{amount:,.2f}", currency)
    for currency in sorted({*figures["cost"]} & {*figures["revenue"]}):
        yield ("margin", f"{figures['revenue'][currency] - figures['cost'][currency]:z,.2f}", currency)


def _channels(figures: Json) -> Iterator[tuple[str, ...]]:
    for name, one in figures["channels"].items():
        money = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in one["cost"].items())
        yield (shown(name), f"{one['delivered']:,}", "delivered", money, _suppressed(one))


def _suppressed(one: Json) -> str:
    reasons = [f"{reason} {count:,}" for reason, count in one["suppressed"].items() if count]
    return f"not sent: {', '.join(reasons)}" if reasons else ""


class _Journey:
    def __init__(self, program: Program, figures: Json, style: Style) -> None:
        self._program, self._figures, self._style = program, figures, style
        self._goals = program.journey.goals

    def lines(self) -> list[str]:
        journey, figures, style = self._program.journey, self._figures, self._style
        title = shown(journey.label) + (f" ({shown(journey.name)})" if journey.title else "")
        return [
            style(title, BOLD),
            *_section(style, "Entries", self._entries()),
            *_section(style, "Outcomes", self._outcomes()),
            *_section(style, "Goals", self._each_goal()),
            *_section(style, "Channels", _channels(figures)),
            *_section(style, "Touchpoints", self._touchpoints()),
            *_section(style, "Splits", self._splits()),
            *_section(style, "Personas", self._personas()),
            *_section(style, "Money", _money(figures)),
            *_section(style, "Measures", self._measures()),
        ]

    def _entries(self) -> Iterator[tuple[str, ...]]:
        yield ("entered", f"{self._figures['entered']:,}")
        for word, count in self._figures["attempts"].items():
            if count:
                yield (_ATTEMPTS[word], f"{count:,}")

    def _outcomes(self) -> Iterator[tuple[str, ...]]:
        entered = self._figures["entered"]
        counts = {**self._figures["outcomes"], "unfinished": self._figures["unfinished"]}
        for name, count in counts.items():
            yield (shown(name), f"{count:,}", percent(count / entered if entered else None))

    def _each_goal(self) -> Iterator[tuple[str, ...]]:
        for goal in self._goals:
            figures = self._figures["goals"][goal.name]
            yield (shown(goal.label), f"{figures['reached']:,}", _rate(figures), self._target(goal, figures["met"]))
            if figures["time"]["mean"] is not None:
                middle, late = (figures["time"]["quantiles"][share] for share in ("0.5", "0.9"))
                yield ("", "", f"half within {words.duration(middle)}, nine in ten within {words.duration(late)}")
            held_out = self._figures["hold_out"]["goals"][goal.name]
            if held_out["rate"] is not None:
                ours = figures["reached"], self._figures["entered"]
                others = held_out["reached"], self._figures["attempts"]["held_out"]
                yield ("  held out", f"{held_out['reached']:,}", _rate(held_out), _compared(ours, others))

    def _target(self, goal: Goal, met: bool | None) -> str:
        return "" if goal.target is None else self._met(goal.target, met)

    def _met(self, target: Level, met: bool | None, unit: str = "") -> str:
        level = words.duration(int(target.value)) if unit == "s" else _level(target)
        said = f"target {'at least' if target.at_least else 'at most'} {level}"
        if met is None:
            return f"{said}: cannot be told"
        return self._style(f"{said}: {'met' if met else 'missed'}", GREEN if met else RED)

    def _touchpoints(self) -> Iterator[tuple[str, ...]]:
        titles = {place.step.touchpoint.name: place.step.touchpoint.label for place in _meetings(self._program)}
        for name, one in self._figures["touchpoints"].items():
            sent = one["delivered"]
            answers = [f"{shown(event)} {percent(count / sent)}" for event, count in one["answers"].items() if sent]
            yield (shown(titles.get(name, name)), f"{sent:,}", "met", ", ".join(answers), _suppressed(one))

    def _splits(self) -> Iterator[tuple[str, ...]]:
        for split, arms in self._figures["splits"].items():
            yield (shown(split),)
            yield from (row for arm, one in arms.items() for row in self._group(f"  {shown(arm)}", one))
            *others, last = arms
            for arm in others:
                pairs = [
                    (
                        (arms[arm]["goals"][g.name], arms[arm]["entered"]),
                        (arms[last]["goals"][g.name], arms[last]["entered"]),
                    )
                    for g in self._goals
                ]
                if arms[arm]["entered"] and arms[last]["entered"]:
                    yield (f"  {shown(arm)} against {shown(last)}", "", "", *(_compared(*pair) for pair in pairs))

    def _personas(self) -> Iterator[tuple[str, ...]]:
        declared = self._program.project.vocabulary.personas
        for name, one in self._figures["personas"].items():
            yield from self._group(shown(declared[name].label), one)

    def _group(self, label: str, one: Json) -> Iterator[tuple[str, ...]]:
        """A group of runs: how many, and how many of them reached each goal."""
        entered, reached = one["entered"], []
        for goal in self._goals:
            count = one["goals"][goal.name]
            low, high = wilson(count, entered)
            figures = {"rate": count / entered if entered else None, "low": low, "high": high}
            reached.append(f"{shown(goal.label)} {_rate(figures)}")
        yield (label, f"{entered:,}", "runs", *reached)

    def _measures(self) -> Iterator[tuple[str, ...]]:
        measures = [(m, self._figures["measures"][m.name]) for m in self._program.journey.measures]
        for place in _meetings(self._program):
            own = self._figures["touchpoints"][place.step.touchpoint.name]["measures"]
            measures += [(m, own[m.name]) for m in place.step.touchpoint.measures if (m, own[m.name]) not in measures]
        for measure, figures in measures:
            share = measure.target is not None and measure.target.unit == "%"
            target = "" if measure.target is None else self._met(measure.target, figures["met"], figures["unit"])
            yield (shown(measure.label), _value(figures, share), target)


def _meetings(program: Program) -> Iterator[Any]:
    return (place for place in program.places if hasattr(place.step, "touchpoint"))


def _rate(figures: Json) -> str:
    if figures["rate"] is None:
        return "none"
    return f"{percent(figures['rate'])} ({percent(figures['low'])} to {percent(figures['high'])})"


def _compared(ours: tuple[int, int], others: tuple[int, int]) -> str:
    """Two shares compared, with the interval of their difference in percentage points."""
    if not ours[1] or not others[1]:
        return ""
    low, high = difference(ours, others)
    points = ours[0] / ours[1] - others[0] / others[1]
    return f"{100 * points:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"


def _level(target: Level) -> str:
    if target.unit == "%":
        return f"{float(target.value * 100):g}%"
    if target.unit:
        return f"{float(major(target.value, target.unit)):,.2f} {target.unit}"
    return f"{float(target.value):g}"


def _value(figures: Json, share: bool) -> str:
    value, unit = figures["value"], figures["unit"]
    if value is None:
        return "none"
    if share:
        return percent(value)
    if unit == "s":
        return words.duration(int(value))
    return f"{value:z,.2f} {unit}" if unit else f"{value:,.4g}"
