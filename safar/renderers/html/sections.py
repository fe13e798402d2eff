"""The parts of a report on one journey: goals, the way through the stages, outcomes, groups, messages, measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from safar.engine.model import Goal, Measure, Send, Touchpoint
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.engine.simulate.results import Json
from safar.engine.simulate.statistics import Times, wilson
from safar.renderers.html.charts import Charts
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.tables import listed, name, table, unsent, verdict
from safar.renderers.phrases import pretty

_ROOM = 1.15
"""How much wider than the highest bound a chart of intervals is."""


class Sections:
    """One journey's figures as tables and charts."""

    def __init__(self, program: Program, figures: Json, times: Mapping[str, Times], numbers: Numbers) -> None:
        self._program, self._figures, self._times, self._numbers = program, figures, times, numbers
        self._charts = Charts(rtl=numbers.language == "fa")
        self._say, self._entered = numbers.say, figures["entered"]

    # --- goals

    def goals(self) -> Markup:
        """Who reached them, with interval and target, and who would have without the journey."""
        goals = self._program.journey.goals
        say, most = self._say, self._most([self._figures["goals"][goal.name] for goal in goals])
        rows = [row for goal in goals for row in self._goal(goal, most)]
        head = [say("goal"), say("reached"), say("of runs"), "", say("target"), say("cost of each")]
        return table(head, ((row[0], row[1], row[2], row[5], row[3], row[4]) for row in rows), numbers=2)

    def _goal(self, goal: Goal, most: float) -> Iterator[tuple[str, ...]]:
        numbers, own = self._numbers, self._figures["goals"][goal.name]
        target = Markup()
        if goal.target is not None:
            target = joined(numbers.target(goal.target), " ", verdict(own["met"], numbers))
        each = {
            currency: amount / own["reached"] for currency, amount in self._figures["cost"].items() if own["reached"]
        }
        wanted = float(goal.target.value) if goal.target is not None and goal.target.unit == "%" else None
        yield name(goal.label), *self._shared(own), target, numbers.money(each), self._interval(own, wanted, most)
        held_out = self._figures["hold_out"]["goals"][goal.name]
        if held_out["rate"] is not None and own["rate"] is not None:
            others = held_out["reached"], self._figures["attempts"]["held_out"]
            compared = self._compared((own["reached"], self._entered), others)
            label = joined(name(goal.label), f" ({self._say('held_out')})")
            yield label, *self._shared(held_out), compared, "", self._interval(held_out, None, most)

    def _shared(self, one: Json) -> tuple[str, str]:
        numbers = self._numbers
        if one["rate"] is None:
            return numbers.count(one["reached"]), numbers.say("none")
        interval = numbers.interval(one["low"], one["high"])
        return numbers.count(one["reached"]), f"{numbers.share(one['rate'])} ({interval})"

    def _most(self, rates: list[Json]) -> float:
        highs = [one["high"] for one in rates if one["high"] is not None]
        wanted = [float(g.target.value) for g in self._program.journey.goals if g.target and g.target.unit == "%"]
        return min(1.0, _ROOM * max((*highs, *wanted), default=1.0))

    def _interval(self, one: Json, wanted: float | None, most: float) -> Markup:
        if one["rate"] is None:
            return Markup()
        chart = self._charts.interval((one["low"], one["rate"], one["high"]), wanted, most)
        return tag("div", chart, class_="chart")

    def _compared(self, ours: tuple[int, int], others: tuple[int, int]) -> Markup:
        return phrase(self._numbers.difference(ours, others)) if ours[1] and others[1] else Markup()

    def times(self) -> Markup:
        """How soon goals were reached, as curves."""
        return joined(*(self._curve(goal) for goal in self._program.journey.goals))

    def _curve(self, goal: Goal) -> Markup:
        times, quantiles = self._times.get(goal.name), self._figures["goals"][goal.name]["time"]["quantiles"]
        if times is None or not times.count:
            return Markup()
        longest = times.quantile(Fraction(1)) or 0
        half, late = (self._numbers.duration(quantiles[share]) for share in ("0.5", "0.9"))
        ends = (tag("span", self._numbers.duration(at)) for at in (0, longest // 2, longest))
        axis = tag("div", *ends, class_="axis")
        told = tag("figcaption", tag("strong", name(goal.label)), ": ", self._say("time told", half=half, late=late))
        return tag("figure", told, self._charts.curve(times, longest), axis)

    # --- the way through

    def funnel(self) -> Markup:
        say, numbers = self._say, self._numbers
        labels = {stage.name: name(stage.label) for stage in self._program.journey.stages}
        rows: list[tuple[str, ...]] = []
        for stage, one in self._figures["stages"].items():
            if stage or one["came"]:
                label = labels.get(stage) or Markup(say("outside"))
                counts = numbers.count(one["came"]), numbers.part(one["came"], self._entered)
                rows.append((label, *counts, self._then(one), self._bar(one["came"])))
        return self._with_bars([say("stage"), say("came"), say("of runs")], rows, say("then"))

    def _with_bars(self, head: list[str], rows: list[tuple[str, ...]], last: str = "") -> Markup:
        """The chart beside the figures, what is told last at the end."""
        heads = [*head, "", *([last] if last else [])]
        return table(heads, ((*row[:3], row[-1], *row[3:-1]) for row in rows), numbers=2)

    def _bar(self, count: int) -> Markup:
        return tag("div", self._charts.bar(min(1, count / self._entered) if self._entered else 0), class_="chart")

    def _then(self, one: Json) -> Markup:
        left = sorted(one["left"].items(), key=lambda item: (-item[1], item[0]))
        ways = [(Markup(self._say("went_on")), one["went_on"]), *((self.outcome(key), count) for key, count in left)]
        ways.append((Markup(self._say("still inside")), one["inside"]))
        said = [joined(word, f" {self._numbers.count(count)}") for word, count in ways if count]
        return listed(said, self._numbers)

    def outcome(self, key: str) -> Markup:
        return name(pretty(key))

    def outcomes(self) -> Markup:
        say, numbers = self._say, self._numbers
        counts = [(self.outcome(key), count) for key, count in self._figures["outcomes"].items()]
        counts.append((Markup(say("unfinished")), self._figures["unfinished"]))
        rows: list[tuple[str, ...]] = [
            (key, numbers.count(count), numbers.part(count, self._entered), self._bar(count)) for key, count in counts
        ]
        return self._with_bars([say("outcome"), say("count"), say("of runs")], rows)

    # --- groups

    def splits(self) -> Markup:
        """The arms of each split with their goals, and each against the last."""
        return joined(*(self._split(split, arms) for split, arms in self._figures["splits"].items()))

    def _split(self, split: str, arms: Json) -> Markup:
        titles = {getattr(p.step, "name", ""): getattr(p.step, "title", "") for p in self._program.places}
        rows = list(self._groups(((name(pretty(arm)), one) for arm, one in arms.items())))
        *others, last = arms
        for arm in others:
            if arms[arm]["entered"] and arms[last]["entered"]:
                label = self._say("against", one=pretty(arm), other=pretty(last))
                rows += self._differences(label, arms[arm], arms[last])
        return tag("h3", name(titles.get(split) or pretty(split))) + self._group_table(self._say("arm"), rows)

    def _differences(self, label: str, ours: Json, others: Json) -> Iterator[tuple[str, ...]]:
        for goal in self._program.journey.goals:
            counts = ((one["goals"][goal.name], one["entered"]) for one in (ours, others))
            yield label, "", "", name(goal.label), self._compared(*counts), ""

    def personas(self) -> Markup:
        declared = self._program.project.vocabulary.personas
        groups = ((name(declared[key].label), one) for key, one in self._figures["personas"].items())
        return self._group_table(self._say("persona"), list(self._groups(groups)))

    def _groups(self, groups: Iterator[tuple[Markup, Json]]) -> Iterator[tuple[str, ...]]:
        found = list(groups)
        most = self._most([_rate(one, goal) for _, one in found for goal in self._program.journey.goals])
        for label, one in found:
            for goal in self._program.journey.goals:
                rate = _rate(one, goal)
                wanted = float(goal.target.value) if goal.target and goal.target.unit == "%" else None
                chart = self._interval(rate, wanted, most)
                yield label, self._numbers.count(one["entered"]), *self._shared(rate), name(goal.label), chart

    def _group_table(self, head: str, rows: list[tuple[str, ...]]) -> Markup:
        say = self._say
        heads = [head, say("runs"), say("reached"), say("goal"), say("share"), ""]
        ordered = ((r[0], r[1], r[2], r[4], r[3], r[5]) if len(rows[0]) == len(r) and r[1] else r for r in rows)
        return table(heads, ordered, numbers=2)

    # --- messages and measures

    def messages(self) -> Markup:
        say, numbers = self._say, self._numbers
        sent = marketing(self._program, self._figures)
        told = say("messages told", sent=numbers.count(sent), each=numbers.each(sent, self._entered))
        return tag("p", told) + self._per_customer() + self.channels(self._figures, self._entered) + self._touchpoints()

    def _per_customer(self) -> Markup:
        """What one customer gets, of all messages, over all of his runs."""
        one = self._figures["per_customer"]["messages"]
        if one["low"] is None:
            return Markup()
        mean, low, high = (self._numbers.written(f"{one[key]:.2f}") for key in ("mean", "low", "high"))
        return tag("p", self._say("per customer", mean=mean, low=low, high=high))

    def channels(self, figures: Json, runs: int) -> Markup:
        say, numbers = self._say, self._numbers
        declared = self._program.project.vocabulary.channels
        rows = [
            (
                name(declared[key].label),
                numbers.count(one["delivered"]),
                numbers.each(one["delivered"], runs) if runs else "",
                numbers.money(one["cost"]),
                unsent(one, numbers),
            )
            for key, one in figures["channels"].items()
        ]
        return table([say("channel"), say("delivered"), say("each run"), say("cost"), say("not sent")], rows, numbers=3)

    def _touchpoints(self) -> Markup:
        say, numbers = self._say, self._numbers
        events = self._program.project.vocabulary.events
        rows = []
        for touchpoint in touchpoints(self._program):
            one = self._figures["touchpoints"][touchpoint.name]
            answers = [
                joined(name(events[event].label if event in events else event), f" {numbers.part(n, one['delivered'])}")
                for event, n in one["answers"].items()
            ]
            said = listed(answers, numbers)
            rows.append((name(touchpoint.label), numbers.count(one["delivered"]), said, unsent(one, numbers)))
        return table([say("touchpoint"), say("delivered"), say("answers"), say("not sent")], rows, numbers=1)

    def measures(self) -> Markup:
        say, numbers = self._say, self._numbers
        rows = []
        for measure, figures, owner in self._all_measures():
            share = measure.target is not None and measure.target.unit == "%"
            target = Markup()
            if measure.target is not None:
                said = numbers.target(measure.target, figures["unit"])
                target = joined(said, " ", verdict(figures["met"], numbers))
            label = joined(name(measure.label), *([" – ", name(owner)] if owner else []))
            rows.append((label, numbers.value(figures, share=share), target))
        return table([say("measure"), say("value"), say("target")], rows, numbers=1)

    def _all_measures(self) -> Iterator[tuple[Measure, Json, str]]:
        for measure in self._program.journey.measures:
            yield measure, self._figures["measures"][measure.name], ""
        for touchpoint in touchpoints(self._program):
            own = self._figures["touchpoints"][touchpoint.name]["measures"]
            yield from ((measure, own[measure.name], touchpoint.label) for measure in touchpoint.measures)


def _rate(one: Json, goal: Goal) -> Json:
    """The share of a group that reached a goal, with its interval."""
    count, runs = one["goals"][goal.name], one["entered"]
    if not runs:
        return {"reached": count, "rate": None, "low": None, "high": None}
    low, high = wilson(count, runs)
    return {"reached": count, "rate": count / runs, "low": float(low), "high": float(high)}


def touchpoints(program: Program) -> list[Touchpoint]:
    """Each once, in file order."""
    met = [place.move.touchpoint for place in program.places if isinstance(place.move, Deliver)]
    return list({one.name: one for one in met}.values())


def marketing(program: Program, figures: Json) -> int:
    """How many marketing messages were delivered."""
    return sum(
        figures["touchpoints"][one.name]["delivered"]
        for one in touchpoints(program)
        if isinstance(one.contact, Send) and not one.transactional
    )
