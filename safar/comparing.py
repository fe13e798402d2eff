"""What is worked out about journeys: exact answers, experiments, sensitivity, comparisons.  Part of `safar.api`.

All raise `SelectionError` for wrong arguments, `JourneyError` for a journey with errors, `RowsError` where customers
cannot be made up, and `RuntimeLimitError` for a run without end or a limit exceeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

import msgspec

from safar import people
from safar.checking import Ground
from safar.choosing import Chosen, choose
from safar.engine.model import Project
from safar.engine.names import fold, nearest
from safar.engine.program import lower
from safar.engine.simulate import experiments, lifetime, population
from safar.engine.simulate import sensitivity as sensitivities
from safar.engine.simulate.batches import People, Side
from safar.engine.simulate.customers import without_default
from safar.engine.simulate.exact import figures as expected
from safar.engine.simulate.exact.chain import Solution, solve
from safar.engine.simulate.exact.refusal import NotExactError, TooManyStatesError
from safar.errors import RowsError, RuntimeLimitError, SelectionError

Where = str | Path
Found = TypeVar("Found")

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class Asked(TypedDict, total=False):
    """How many made-up customers, by which seed, from when; what is left out is what the project's settings say.

    `progress` is told how much is done, and of how much.
    """

    n: int | None
    seed: int | None
    start: str | None
    project: Where | None
    limits: Mapping[str, int | str] | None
    progress: Callable[[int, int], None] | None


class Exact(msgspec.Struct, frozen=True):
    """The exact answer for a journey: what is expected of `customers`, without a sample."""

    solution: Solution
    customers: int

    @property
    def figures(self) -> dict[str, Any]:
        """Expected figures under the keys of `safar simulate --json`; what has no exact value is None."""
        return expected.as_json(self.solution, self.customers)


class Experiment(msgspec.Struct, frozen=True):
    told: experiments.Experiment

    @property
    def figures(self) -> dict[str, Any]:
        """As `safar experiment --json` writes them."""
        return experiments.as_json(self.told)


class Sensitivity(msgspec.Struct, frozen=True):
    told: sensitivities.Sensitivity

    @property
    def figures(self) -> dict[str, Any]:
        """As `safar sensitivity --json` writes them."""
        return sensitivities.as_json(self.told)


class Compared(msgspec.Struct, frozen=True):
    """Two journeys, `first` and `second` by the names they were asked for."""

    told: lifetime.Compared
    first: str
    second: str

    @property
    def figures(self) -> dict[str, Any]:
        """As `safar compare --json` writes them."""
        return lifetime.as_json(self.told, self.first, self.second)


def exact(
    journey: Where,
    *,
    n: int | None = None,
    project: Where | None = None,
    limits: Mapping[str, int | str] | None = None,
) -> Exact:
    """What is expected of n customers of a journey, exactly: visits, goals, times, messages, cost, revenue.

    Raises `SelectionError` where there is no exact answer, with the place and the reason, and `RuntimeLimitError` where
    it takes more states than the limit `states`.
    """
    chosen = choose(journey, _ground(project, limits))
    program = lower(chosen.project, chosen.project.journeys[chosen.name])
    try:
        solution = solve(program, population.default_start(chosen.project), chosen.home.limits.states)
    except NotExactError as wrong:
        path, line, column = sensitivities.place(wrong.span)
        where = f"{path}:{line}:{column}: " if path else ""
        raise SelectionError(f"no exact answer: {where}{wrong}; simulate it instead") from None
    except TooManyStatesError as wrong:
        raise RuntimeLimitError(f"{wrong}; allow more by --limit states=N, or simulate it") from None
    return Exact(solution, n or chosen.home.simulation.customers)


def experiment(
    journey: Where,
    *,
    split: str | None = None,
    goal: str | None = None,
    margin: float = 0.0,
    power: float = 0.8,
    per_day: float | None = None,
    **asked: Unpack[Asked],
) -> Experiment:
    """The arms of a split compared by the rate of a goal, each with the last: as a real experiment would, and with
    every customer in every arm; and how many customers and days a real test takes to find that difference.

    `split` and `goal` may be left out where there is one only.  Differences within `margin` (0.01: one point) count for
    nothing.  `per_day` customers enter a day; else as many as `arrive` says.
    """
    chosen = _chosen(journey, asked)
    declared = dict.fromkeys(one.name for one in experiments.splits(chosen.project, chosen.name))
    wanted = experiments.Wanted(
        split=_one("split", split, declared, chosen),
        goal=_goal(goal, chosen),
        margin=margin,
        power=power,
        per_day=per_day,
    )
    if not 0 < power < 1:
        raise SelectionError(f"a power of {power:g} cannot be had; it lies between 0 and 1")
    crowd = _people(chosen, asked)
    told = asked.get("progress")
    return Experiment(_limited(lambda: experiments.experiment(chosen.project, chosen.name, wanted, crowd, told)))


def sensitivity(journey: Where, *, goal: str | None = None, **asked: Unpack[Asked]) -> Sensitivity:
    """How far each chance, rate and delay that a journey assumes moves a goal, if it is a tenth less or more."""
    chosen = _chosen(journey, asked)
    wanted, crowd = _goal(goal, chosen), _people(chosen, asked)
    if next(sensitivities.assumptions(chosen.project, chosen.name), None) is None:
        raise SelectionError(f"journey `{chosen.name}` assumes no chances or delays: nothing can be moved")
    told = asked.get("progress")
    return Sensitivity(_limited(lambda: sensitivities.sensitivity(chosen.project, chosen.name, wanted, crowd, told)))


def compare(
    first: Where, second: Where, *, period: str | int = "365d", discount: float = 0.0, **asked: Unpack[Asked]
) -> Compared:
    """Two journeys, or two versions of one, by the same customers: goals, messages, orders, cost, revenue and lifetime
    value, over a period from each entry (`365d`, or seconds), money discounted by that rate of a year.

    The files may be of two projects; settings and defaults are those of the second.
    """
    ours, theirs = _chosen(first, asked), _chosen(second, asked)
    seconds = period if isinstance(period, int) else _seconds(period)
    sides = [Side(project=one.project, journey=one.name) for one in (ours, theirs)]
    crowd = _people(theirs, asked)
    _drawable(ours.project)
    length = lifetime.Period(seconds=seconds, discount=discount)
    told = asked.get("progress")
    found = _limited(lambda: lifetime.compare(sides[0], sides[1], length, crowd, told))
    names = (ours.name, theirs.name) if ours.name != theirs.name else (str(first), str(second))
    return Compared(found, *names)


# --- what was asked for


def _ground(project: Where | None, limits: Mapping[str, int | str] | None) -> Ground:
    return Ground(None if project is None else Path(project), limits or {})


def _chosen(journey: Where, asked: Asked) -> Chosen:
    return choose(journey, _ground(asked.get("project"), asked.get("limits")))


def _people(chosen: Chosen, asked: Asked) -> People:
    defaults, seed = chosen.home.simulation, asked.get("seed")
    _drawable(chosen.project)
    return People(
        n=asked.get("n") or defaults.customers,
        seed=defaults.seed if seed is None else seed,
        start=people.instant(asked.get("start") or defaults.start, chosen.project.settings.timezone),
    )


def _drawable(project: Project) -> None:
    if lacking := without_default(project):
        raise RowsError(lacking)


def _limited(work: Callable[[], Found]) -> Found:
    with people.limits():
        return work()


def _seconds(text: str) -> int:
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in _UNITS or not int(number):
        raise SelectionError(f"`{text}` is no period; write it as 365d, 26w or 48h")
    return int(number) * _UNITS[unit]


def _goal(goal: str | None, chosen: Chosen) -> str:
    return _one("goal", goal, [one.name for one in chosen.project.journeys[chosen.name].goals], chosen)


def _one(kind: str, named: str | None, declared: Iterable[str], chosen: Chosen) -> str:
    """The thing that is named, or the only one."""
    names = list(declared)
    if not names:
        raise SelectionError(f"journey `{chosen.name}` has no {kind}")
    if not named and len(names) > 1:
        raise SelectionError(f"journey `{chosen.name}` has several {kind}s: {', '.join(names)}; say --{kind} NAME")
    for one in names:
        if not named or fold(one) == fold(named):
            return one
    near = nearest(named or "", names)
    hint = f"; did you mean `{near}`?" if near else f"; it has {', '.join(names)}"
    raise SelectionError(f"no {kind} `{named}` in journey `{chosen.name}`{hint}")
