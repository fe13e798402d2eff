"""One customer in the world of one journey, as a person asks for him."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import msgspec

from safar import people
from safar.checking import Ground
from safar.choosing import Chosen, choose
from safar.engine.program import lower
from safar.engine.simulate.world import Customer, World
from safar.tables.location import located


class Asked(TypedDict, total=False):
    """Which customer is meant: of the files, or the made-up one with that seed and start, of `n`."""

    n: int | None
    customers: str | Path | None
    events: str | Path | None
    seed: int | None
    start: str | None


class Person(msgspec.Struct, frozen=True):
    """A customer, and the journey that he is sent through."""

    chosen: Chosen
    world: World
    customer: Customer


def find(journey: str | Path, customer: str, asked: Asked, ground: Ground) -> Person:
    """The customer of that key; what is not said is as in a simulation.  Raises as `simulate` of the API does."""
    chosen = choose(journey, ground)
    defaults, given = chosen.home.simulation, asked.get("seed")
    crowd = people.Crowd(customers=located(asked.get("customers")), events=located(asked.get("events")))
    seed = defaults.seed if given is None else given
    begin = people.instant(asked.get("start") or defaults.start, chosen.project.settings.timezone)
    one, number = people.person(chosen.project, crowd, customer, (seed, begin))
    program = lower(chosen.project, chosen.project.journeys[chosen.name])
    size = asked.get("n") or number or defaults.customers
    return Person(chosen, World(programs=(program,), seed=seed, start=begin, customers=size), one)
