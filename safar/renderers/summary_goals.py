"""Who reached the goals: all, by persona and by arm, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safar.engine.model import Goal
from safar.engine.program import Program
from safar.engine.simulate import words
from safar.engine.simulate.results import Json
from safar.engine.simulate.statistics import wilson
from safar.renderers.summary_words import Frame, compared, met, money, rate
from safar.renderers.table import shown

Row = tuple[str, ...]


def each_goal(program: Program, figures: Json, frame: Frame) -> Iterator[Row]:
    """How many runs reached it and how soon, what each of them cost, and how many would have without the journey."""
    for goal in program.journey.goals:
        own = figures["goals"][goal.name]
        target = "" if goal.target is None else met(frame, goal.target, own["met"])
        yield (shown(goal.label), f"{own['reached']:,}", rate(own), target)
        if own["reached"]:
            yield ("    " + ", ".join((*_times(own), _each(figures["cost"], own["reached"]))),)
            yield (f"    {_mean(own['time'])}",)
        held_out = figures["hold_out"]["goals"][goal.name]
        if held_out["rate"] is not None:
            ours = own["reached"], figures["entered"]
            others = held_out["reached"], figures["attempts"]["held_out"]
            yield ("  held out", f"{held_out['reached']:,}", rate(held_out), compared(ours, others))


def _times(goal: Json) -> Iterator[str]:
    middle, late = (goal["time"]["quantiles"][share] for share in ("0.5", "0.9"))
    yield f"half within {words.duration(middle)}"
    yield f"nine in ten within {words.duration(late)}"


def _mean(time: Json) -> str:
    """The mean time with its interval."""
    low, high = time["low"], time["high"]
    around = "" if low is None else f" ({words.duration(max(0, int(low)))} to {words.duration(int(high))})"
    return f"after {words.duration(int(time['mean']))} on average{around}"


def _each(cost: Mapping[str, float], reached: int) -> str:
    return f"cost of each {money({currency: amount / reached for currency, amount in cost.items()})}"


class Groups:
    """Runs by persona and by arm: how many of each reached each goal."""

    def __init__(self, program: Program, figures: Json) -> None:
        self._program, self._figures, self._goals = program, figures, program.journey.goals

    @property
    def head(self) -> Row:
        """What stands above the columns."""
        return ("runs", *(shown(goal.label) for goal in self._goals))

    def personas(self) -> Iterator[Row]:
        declared = self._program.project.vocabulary.personas
        for name, one in self._figures["personas"].items():
            yield self._group(shown(declared[name].label), one)

    def splits(self) -> Iterator[Row]:
        """The arms of each split, and each of them against the last."""
        for split, arms in self._figures["splits"].items():
            yield (shown(split),)
            yield from (self._group(f"  {shown(arm)}", one) for arm, one in arms.items())
            *others, last = arms
            for arm in others:
                if arms[arm]["entered"] and arms[last]["entered"]:
                    differences = (self._difference(goal, arms[arm], arms[last]) for goal in self._goals)
                    yield (f"  {shown(arm)} against {shown(last)}", "", *differences)

    def _group(self, label: str, one: Json) -> Row:
        return (label, f"{one['entered']:,}", *(_reached(one, goal) for goal in self._goals))

    def _difference(self, goal: Goal, ours: Json, others: Json) -> str:
        counts = ((one["goals"][goal.name], one["entered"]) for one in (ours, others))
        return compared(*counts)


def _reached(group: Json, goal: Goal) -> str:
    count, runs = group["goals"][goal.name], group["entered"]
    low, high = wilson(count, runs)
    return rate({"rate": count / runs if runs else None, "low": low, "high": high})
