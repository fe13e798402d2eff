"""Experiments: the arms of a split compared twice, and how many customers a real test would take.

Once as a real experiment would: the customers of one arm against those of another.  And once as only a simulation can:
every customer goes through every arm, with the same chance in all else, so that far fewer customers tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from safar.engine.model import Project, within
from safar.engine.names import fold
from safar.engine.simulate.batches import Batches, Books, Estimate, People, Side, run
from safar.engine.simulate.chance import normal_quantile
from safar.engine.simulate.money import rounded
from safar.engine.simulate.population import Progress
from safar.engine.simulate.results import FORMAT_VERSION, Json
from safar.engine.simulate.rewriting import rewritten
from safar.engine.simulate.sequence import Verdict, decide
from safar.engine.simulate.statistics import LEVEL, Z, difference, wilson
from safar.engine.steps.split import Arm, Split

DAY = 86_400


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an experiment: differences within `margin` are as good as none; `power` is the chance that the
    test finds the difference there is; `per_day` customers enter a day (None: the journey's `arrive`).
    """

    split: str
    goal: str
    margin: float = 0.0
    power: float = 0.8
    per_day: float | None = None


class ArmFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One arm: its runs in a real experiment with how many reached the goal, and its rate with every customer in it."""

    name: str
    share: Fraction
    runs: int
    reached: int
    rate: float | None
    low: float
    high: float
    everyone: Estimate | None


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """An arm against the last one: differences of the goal's rate, as a real experiment tells them and paired.

    `needed` customers in the arm, `other` in the last one, and `customers` in the journey tell them apart with the
    power wanted; `days` until so many have come and the goal's time is over; None where there is no difference.
    """

    arm: str
    against: str
    independent: tuple[float, float, float] | None
    independent_verdict: Verdict
    paired: Estimate | None
    verdict: Verdict
    needed: int | None = None
    other: int | None = None
    customers: int | None = None
    days: int | None = None


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    split: str
    goal: str
    customers: int
    seed: int
    margin: float
    power: float
    per_day: float | None
    arms: tuple[ArmFigures, ...]
    contrasts: tuple[Contrast, ...]


def splits(project: Project, journey: str) -> Iterator[Split]:
    """The splits of a journey, in file order."""
    for stage in project.journeys[journey].stages:
        yield from (step for step in within(stage.steps) if isinstance(step, Split))


def experiment(
    project: Project, journey: str, wanted: Wanted, people: People, progress: Progress | None = None
) -> Experiment:
    """Both comparisons for the arms of a split of a journey, each arm against the last."""
    split = next(one for one in splits(project, journey) if fold(one.name) == fold(wanted.split))
    sides = [Side(project=project, journey=journey)]
    sides += [Side(project=only(project, split, arm), journey=journey) for arm in split.arms]
    seen = Batches()
    for results in run(sides, people, progress):
        seen.add(results)
    counts = seen.books()[0].counts
    arms = tuple(_arm(seen, split, arm, number, wanted.goal) for number, arm in enumerate(split.arms, 1))
    reach = counts.get("entered") and sum(arm.runs for arm in arms) / counts.get("customers")
    contrasts = tuple(_contrast(seen, arms, number, wanted, (split, reach)) for number in range(len(arms) - 1))
    found = [_planned(one, arms, wanted, (project, journey, reach)) for one in contrasts]
    return Experiment(
        split=split.name,
        goal=wanted.goal,
        customers=seen.customers,
        seed=people.seed,
        margin=wanted.margin,
        power=wanted.power,
        per_day=_per_day(project, journey, wanted),
        arms=arms,
        contrasts=tuple(found),
    )


def only(project: Project, split: Split, arm: Arm) -> Project:
    """The project in which every customer goes into one arm; all other chances stay as they are."""
    arms = tuple(msgspec.structs.replace(one, share=Fraction(int(one is arm))) for one in split.arms)
    return rewritten(project, {id(split): msgspec.structs.replace(split, arms=arms)})


def _arm(seen: Batches, split: Split, arm: Arm, number: int, goal: str) -> ArmFigures:
    counts = seen.books()[0].counts
    runs, reached = counts.get("arm", split.name, arm.name), counts.get("arm_goal", split.name, arm.name, goal)
    low, high = wilson(reached, runs)
    return ArmFigures(
        name=arm.name,
        share=arm.share,
        runs=runs,
        reached=reached,
        rate=reached / runs if runs else None,
        low=low,
        high=high,
        everyone=seen.estimate(lambda books: _rate(books, number, (split.name, arm.name, goal))),
    )


def _rate(books: Books, side: int, which: tuple[str, str, str]) -> Fraction | None:
    split, arm, goal = which
    runs = books[side].counts.get("arm", split, arm)
    return Fraction(books[side].counts.get("arm_goal", split, arm, goal), runs) if runs else None


def _contrast(
    seen: Batches, arms: tuple[ArmFigures, ...], number: int, wanted: Wanted, where: tuple[Split, float]
) -> Contrast:
    first, last = arms[number], arms[-1]
    split = where[0].name

    def gap(books: Books) -> Fraction | None:
        ours = _rate(books, number + 1, (split, first.name, wanted.goal))
        theirs = _rate(books, len(arms), (split, last.name, wanted.goal))
        return None if ours is None or theirs is None else ours - theirs

    paired = seen.estimate(gap)
    independent = None
    if first.runs and last.runs:
        low, high = difference((first.reached, first.runs), (last.reached, last.runs))
        independent = first.reached / first.runs - last.reached / last.runs, low, high
    return Contrast(
        arm=first.name,
        against=last.name,
        independent=independent,
        independent_verdict=decide(independent[1:] if independent else None, wanted.margin),
        paired=paired,
        verdict=decide(_bounds(paired), wanted.margin),
    )


def _bounds(estimate: Estimate | None) -> tuple[float, float] | None:
    if estimate is None or estimate.low is None or estimate.high is None:
        return None
    return estimate.low, estimate.high


def _planned(
    contrast: Contrast, arms: tuple[ArmFigures, ...], wanted: Wanted, where: tuple[Project, str, float]
) -> Contrast:
    """With how many customers, and in how many days, a real experiment would tell the two apart."""
    project, journey, reach = where
    by_name = {arm.name: arm for arm in arms}
    first, last = by_name[contrast.arm], by_name[contrast.against]
    rates = [arm.everyone.value if arm.everyone is not None else None for arm in (first, last)]
    if rates[0] is None or rates[1] is None or rates[0] == rates[1] or not first.share or not last.share or not reach:
        return contrast
    needed, other = sample_size(rates[0], rates[1], float(last.share / first.share), wanted.power)
    customers = math.ceil(max(needed / float(first.share), other / float(last.share)) / reach)
    per_day = _per_day(project, journey, wanted)
    goal = next(one for one in project.journeys[journey].goals if one.name == wanted.goal)
    window = goal.within or (goal.on.within if goal.on is not None and goal.on.within else 0)
    days = math.ceil(customers / per_day + window / DAY) if per_day else None
    return msgspec.structs.replace(contrast, needed=needed, other=other, customers=customers, days=days)


def _per_day(project: Project, journey: str, wanted: Wanted) -> float | None:
    """Customers who enter in a day: as said, else as the journey assumes; None where neither says it."""
    if wanted.per_day is not None:
        return wanted.per_day
    arrive = project.journeys[journey].arrive
    if arrive is not None:
        return float(arrive.count * DAY / arrive.period)
    rates = [one.arrive for one in project.vocabulary.personas.values() if one.arrive is not None]
    return float(sum(one.count * DAY / one.period for one in rates)) if rates else None


def sample_size(first: float, second: float, ratio: float = 1.0, power: float = 0.8) -> tuple[int, int]:
    """Customers in each arm (`ratio` of them in the second for one in the first) so that a two-sided test at 5% finds
    the difference of these shares with that power; without continuity correction.

    J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd edition (2003), sections
    4.3 and 4.4.

    >>> sample_size(0.40, 0.45)
    (1534, 1534)
    >>> sample_size(0.10, 0.12, power=0.9)
    (5142, 5142)
    """
    pooled = (first + ratio * second) / (1 + ratio)
    alike = Z * math.sqrt((ratio + 1) * pooled * (1 - pooled))
    apart = normal_quantile(power) * math.sqrt(ratio * first * (1 - first) + second * (1 - second))
    needed = (alike + apart) ** 2 / (ratio * (first - second) ** 2)
    return math.ceil(needed), math.ceil(ratio * needed)


def as_json(found: Experiment) -> Json:
    """The experiment as plain data.  Every key is always there; rates are shares of 1."""
    return {
        "format_version": FORMAT_VERSION,
        "split": found.split,
        "goal": found.goal,
        "customers": found.customers,
        "seed": found.seed,
        "level": LEVEL,
        "margin": found.margin,
        "power": found.power,
        "per_day": found.per_day,
        "arms": {arm.name: _arm_json(arm) for arm in found.arms},
        "comparisons": [_contrast_json(one) for one in found.contrasts],
    }


def _arm_json(arm: ArmFigures) -> Json:
    return {
        "share": float(arm.share),
        "entered": arm.runs,
        "reached": arm.reached,
        "rate": rounded(arm.rate),
        "low": rounded(arm.low),
        "high": rounded(arm.high),
        "everyone": arm.everyone.as_json() if arm.everyone is not None else None,
    }


def _contrast_json(one: Contrast) -> Json:
    names = ("difference", "low", "high")
    bounds = dict(zip(names, map(rounded, one.independent or (None, None, None)), strict=True))
    return {
        "arm": one.arm,
        "against": one.against,
        "independent": {**bounds, "method": "newcombe", "verdict": one.independent_verdict.value},
        "paired": one.paired.as_json() if one.paired is not None else None,
        "verdict": one.verdict.value,
        "customers_in_arm": one.needed,
        "customers_in_other_arm": one.other,
        "customers_in_all": one.customers,
        "days": one.days,
    }
