"""The plain interpreter: the meaning of the language, one customer at a time."""

from __future__ import annotations

import functools

from safar.engine.simulate import arrivals
from safar.engine.simulate.draw import customer_zone
from safar.engine.simulate.happening import Passage, Story
from safar.engine.simulate.happening import Run as RunTold
from safar.engine.simulate.life import Life, LimitExceededError
from safar.engine.simulate.make import make
from safar.engine.simulate.run import Run, State
from safar.engine.simulate.track import Shared
from safar.engine.simulate.world import Customer, World

__all__ = ["LimitExceededError", "live", "shared_of", "story_of"]


@functools.lru_cache(maxsize=4)
def shared_of(world: World) -> Shared:
    """What all customers of a world share, made once."""
    return make(world)


@functools.lru_cache(maxsize=65_536)
def _passage(way: tuple[str, str, str]) -> Passage:
    return Passage(*way)


def live(world: World, customer: Customer) -> Story:
    """All that happens to one customer.

    The result depends on the world and the customer alone: not on other customers, nor on the order in which they are
    asked for.  Raises `LimitExceededError` where a run takes more than 10,000 steps at one instant, or where more than
    a million things become due for the customer.
    """
    shared = shared_of(world)
    attributes = {**shared.defaults, **customer.attributes}
    zone = customer_zone(attributes.get(shared.zone_attribute), shared.zone)
    life = Life(shared, customer, attributes, zone)
    arrivals.plan(life, customer)
    life.live()
    return story_of(life, customer)


def story_of(life: Life, customer: Customer) -> Story:
    """What a life gives, when it is over."""
    return Story(
        customer=customer.key,
        persona=customer.persona,
        happenings=tuple(life.happenings),
        runs=tuple(_told(run) for run in life.runs),
        attributes=life.attributes,
    )


def _told(run: Run) -> RunTold:
    return RunTold(
        journey=run.track.name,
        entry=run.entry,
        began=run.began,
        ended=run.ended,
        outcome=run.outcome,
        held_out=run.state is State.OUT,
        visits=tuple(run.visits),
        passages=tuple(_passage(way) for way in run.passages),
        arms=run.arms,
    )
