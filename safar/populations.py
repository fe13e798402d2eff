"""A population through a journey that a person names: which customers, who does the work, where it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec

from safar import choosing, people
from safar.checking import Ground
from safar.choosing import Chosen
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate import fast, population
from safar.engine.simulate.results import Result
from safar.errors import SelectionError
from safar.people import People
from safar.rejected import setting_aside
from safar.tables.location import located
from safar.tables.write import results_to


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What may be said of a population; see `simulate` of the API."""

    n: int | None
    seed: int | None
    start: str | None
    days: int | None
    customers: str | Path | None
    events: str | Path | None
    strict: bool
    together: bool
    progress: Callable[[int, int], None] | None
    traces: Callable[[str], object] | None
    out: str | Path | None
    rejected: str | Path | None
    workers: int | None
    partitions: int | None
    cluster: str
    engine: fast.Wanted


def simulate(
    journey: str | Path, ground: Ground, asked: Asked
) -> tuple[Result, tuple[Diagnostic, ...], tuple[Path, ...]]:
    """The result, what is said about rows, and the files of the journeys."""
    if asked.engine not in get_args(fast.Wanted):
        raise SelectionError(f"there is no engine `{asked.engine}`; take one of {', '.join(get_args(fast.Wanted))}")
    chosen = choosing.choose_all(journey, ground) if asked.together else choosing.choose(journey, ground)
    crowd = people.Crowd(
        n=asked.n, customers=located(asked.customers), events=located(asked.events), strict=asked.strict
    )
    with setting_aside(_path(asked.rejected)) as aside:
        crowd = msgspec.structs.replace(crowd, aside=aside)
        who = people.found(chosen.project, crowd, otherwise=chosen.home.simulation.customers)
    options = _options(asked, chosen, who)
    with people.limits(), results_to(_path(asked.out)) as options["results"]:
        if asked.cluster or (asked.workers or 1) > 1 or (asked.partitions or 1) > 1:
            result = _divided(journey, ground, asked, crowd)(chosen, who, options)
        elif asked.together:
            result = population.simulate_all(chosen.project, **options)
        else:
            result = population.simulate(chosen.project, chosen.name, **options)
    files = dict.fromkeys(program.journey.span.source.path for program in result.programs)
    return result, who.findings, tuple(chosen.home.root / file for file in files)


def _options(asked: Asked, chosen: Chosen, who: People) -> population.Options:
    defaults = chosen.home.simulation
    return {
        "customers": who.customers,
        "n": who.n,
        "seed": defaults.seed if asked.seed is None else asked.seed,
        "start": people.instant(asked.start or defaults.start, chosen.project.settings.timezone),
        "days": asked.days,
        "rejected": lambda: who.rejected,
        "progress": asked.progress,
        "traces": asked.traces,
        "engine": asked.engine,
    }


def _divided(
    journey: str | Path, ground: Ground, asked: Asked, crowd: people.Crowd
) -> Callable[[Chosen, People, population.Options], Result]:
    """By several workers, or in several portions."""
    from safar.scale import divided

    by = divided.By(
        workers=asked.workers or 1, partitions=asked.partitions, cluster=asked.cluster, out=_path(asked.out)
    )
    order = divided.Order(journey=str(journey), together=asked.together, ground=ground, crowd=crowd, by=by)
    return lambda chosen, who, options: divided.simulate(order, chosen, who, options)


def _path(path: str | Path | None) -> Path | None:
    return Path(path) if path is not None else None
