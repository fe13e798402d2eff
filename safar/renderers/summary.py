"""The result of a simulation to read in a terminal or a log of CI."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from safar.engine.model import Send
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.engine.simulate import words
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.results import Json, Result, as_json
from safar.renderers.summary_goals import Groups, each_goal
from safar.renderers.summary_words import Frame, met, money, percent, value
from safar.renderers.table import shown
from safar.renderers.terminal import BOLD, Style, wrapped

_ATTEMPTS = {
    "not_eligible": "not eligible",
    "inside": "inside already",
    "too_soon": "too soon again",
    "held_out": "held out",
}
_BAR = 20
_ROOM_FOR_BARS = 80

Row = tuple[str, ...]


def summary(result: Result, *, colour: bool = False, width: int = 120) -> str:
    """What a marketer asks first comes first: the goals, the way through the stages, how it ended, and for whom; then
    messages and why some were not sent, money and measures.  Lines are as wide as said, if no word is wider.
    """
    frame = Frame(Style(colour=colour), width)
    figures = as_json(result)
    lines = [_conditions(result, figures)]
    for program in result.programs:
        own = figures["journeys"][program.journey.name] if result.together else figures
        lines += ["", *_Journey(program, own, frame).lines()]
    if result.together:
        lines += ["", frame.style("All journeys together", BOLD)]
        lines += [
            *frame.section(("Channels", "delivered"), _channels(figures, 0)),
            *frame.section(("Money",), _money(figures)),
        ]
    return "\n".join(lines) + "\n"


def _conditions(result: Result, figures: Json) -> str:
    start = words.instant(result.start, project_zone(result.project))
    text = f"{figures['customers']:,} customers from {start}, seed {result.seed}, zones {figures['data']['zones']}"
    return text + (f", {result.rejected:,} rows set aside" if result.rejected else "")


def _money(figures: Json) -> Iterator[Row]:
    for word in ("cost", "revenue"):
        for position, (currency, amount) in enumerate(figures[word].items()):
            yield ("" if position else word, f"{amount:,.2f}", currency)
    for currency in sorted({*figures["cost"]} & {*figures["revenue"]}):
        yield ("margin", f"{figures['revenue'][currency] - figures['cost'][currency]:z,.2f}", currency)


def _per_customer(figures: Json) -> Iterator[Row]:
    """Means over customers with their intervals."""
    for word, one in figures["per_customer"].items():
        for unit, mean in (("", one),) if word == "messages" else one.items():
            if mean["mean"]:
                around = "" if mean["low"] is None else f"({mean['low']:,.4g} to {mean['high']:,.4g})"
                yield (word, f"{mean['mean']:,.4g}", unit, around)


def _channels(figures: Json, runs: int) -> Iterator[Row]:
    for name, one in figures["channels"].items():
        sent = one["delivered"]
        yield (shown(name), f"{sent:,}", _each(sent, runs), money(one["cost"]), _suppressed(one))


def _each(count: int, runs: int) -> str:
    return f"{count / runs:.2f}" if runs else ""


def _suppressed(one: Json) -> str:
    reasons = [f"{reason} {count:,}" for reason, count in one["suppressed"].items() if count]
    return f"not sent: {', '.join(reasons)}" if reasons else ""


class _Journey:
    def __init__(self, program: Program, figures: Json, frame: Frame) -> None:
        self._program, self._figures, self._frame = program, figures, frame
        self._entered = figures["entered"]

    def lines(self) -> list[str]:
        journey, figures, section = self._program.journey, self._figures, self._frame.section
        title = shown(journey.label) + (f" ({shown(journey.name)})" if journey.title else "")
        groups = Groups(self._program, figures)
        return [
            *(self._frame.style(line, BOLD) for line in wrapped(title, self._frame.width)),
            *section(("Entries",), self._entries()),
            *section(("Goals", "reached", "of all entered"), each_goal(self._program, figures, self._frame), 2),
            *section(("Stages", "came", "of all", *self._bar_head(), "then"), self._stages(), 2),
            *section(("Outcomes",), self._outcomes(), 2),
            *section(("Personas", *groups.head), groups.personas()),
            *section(("Splits", *groups.head), groups.splits()),
            *section(("Channels", "delivered", "a run"), (*self._messages(), *_channels(figures, self._entered)), 2),
            *section(("Touchpoints", "met"), self._touchpoints()),
            *section(("Money",), _money(figures)),
            *section(("Per customer",), _per_customer(figures)),
            *section(("Measures",), self._measures()),
        ]

    def _share(self, count: int) -> str:
        return percent(Fraction(count, self._entered) if self._entered else None)

    def _entries(self) -> Iterator[Row]:
        yield ("entered", f"{self._entered:,}")
        for word, count in self._figures["attempts"].items():
            if count:
                yield (_ATTEMPTS[word], f"{count:,}")

    # --- the funnel

    def _bar_head(self) -> tuple[str, ...]:
        return ("",) if self._frame.width >= _ROOM_FOR_BARS else ()

    def _stages(self) -> Iterator[Row]:
        labels = {stage.name: stage.label for stage in self._program.journey.stages}
        for name, one in self._figures["stages"].items():
            if not name and not one["came"]:
                continue
            bar = ("█" * round(_BAR * min(1, one["came"] / self._entered)) if self._entered else "",)
            shares = f"{one['came']:,}", self._share(one["came"])
            title = shown(labels[name]) if name else "outside of stages"
            yield (title, *shares, *(bar if self._bar_head() else ()), self._then(one))

    def _then(self, one: Json) -> str:
        """What became of those who came: the largest first."""
        left = sorted(one["left"].items(), key=lambda item: (-item[1], item[0]))
        ways = [
            ("went on", one["went_on"]),
            *((shown(outcome), count) for outcome, count in left),
            ("inside", one["inside"]),
        ]
        return ", ".join(f"{word} {count:,}" for word, count in ways if count)

    def _outcomes(self) -> Iterator[Row]:
        counts = {**self._figures["outcomes"], "unfinished": self._figures["unfinished"]}
        for name, count in counts.items():
            yield (shown(name), f"{count:,}", self._share(count))

    # --- messages

    def _messages(self) -> Iterator[Row]:
        """Marketing messages that were delivered."""
        sent = sum(
            self._figures["touchpoints"][one.touchpoint.name]["delivered"]
            for one in _deliveries(self._program)
            if isinstance(one.touchpoint.contact, Send) and not one.touchpoint.transactional
        )
        yield ("marketing messages", f"{sent:,}", _each(sent, self._entered))

    def _touchpoints(self) -> Iterator[Row]:
        titles = {one.touchpoint.name: one.touchpoint.label for one in _deliveries(self._program)}
        for name, one in self._figures["touchpoints"].items():
            met_by = one["delivered"]
            answers = [f"{shown(event)} {percent(count / met_by)}" for event, count in one["answers"].items() if met_by]
            yield (shown(titles.get(name, name)), f"{met_by:,}", ", ".join(answers), _suppressed(one))

    def _measures(self) -> Iterator[Row]:
        measures = [(m, self._figures["measures"][m.name]) for m in self._program.journey.measures]
        for one in _deliveries(self._program):
            own = self._figures["touchpoints"][one.touchpoint.name]["measures"]
            measures += [(m, own[m.name]) for m in one.touchpoint.measures if (m, own[m.name]) not in measures]
        for measure, figures in measures:
            share = measure.target is not None and measure.target.unit == "%"
            goal, unit = measure.target, figures["unit"]
            target = "" if goal is None else met(self._frame, goal, figures["met"], unit)
            yield (shown(measure.label), value(figures, share), target)


def _deliveries(program: Program) -> list[Deliver]:
    """One for each touchpoint, in file order."""
    moves = [place.move for place in program.places if isinstance(place.move, Deliver)]
    return list({move.touchpoint.name: move for move in moves}.values())
