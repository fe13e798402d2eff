"""A customer's life written down as a script: what he does, and nothing that the shop does."""

from __future__ import annotations

from typing import Any

import msgspec

from safar.engine.expression import Heard, Value
from safar.engine.names import fold
from safar.engine.simulate import arrivals
from safar.engine.simulate.draw import customer_zone
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.life import Life
from safar.engine.simulate.plain import shared_of, story_of
from safar.engine.simulate.run import Run
from safar.engine.simulate.world import Customer, Occurrence, World


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A life: how the customer was when it began, what he did, and what came of it.  Private values are not masked."""

    customer: Customer
    attributes: dict[str, Value]
    occurrences: tuple[Occurrence, ...]
    story: Story


def record(world: World, customer: Customer) -> Recorded:
    """Live through a customer's life and write down what he does; raises `LimitExceededError` as `live` does."""
    shared = shared_of(world)
    attributes = {**shared.defaults, **customer.attributes}
    life = _Life(shared, customer, dict(attributes), customer_zone(attributes.get(shared.zone_attribute), shared.zone))
    life.did = []
    arrivals.plan(life, customer)
    life.live()
    told = customer.occurrences
    return Recorded(
        customer=customer,
        attributes=attributes,
        occurrences=tuple(life.did) if told is None else told,
        story=story_of(life, customer),
    )


class _Life(Life):
    """A life that keeps what the customer does."""

    __slots__ = ("did",)
    did: list[Occurrence]

    def note(self, what: What, run: Run | None = None, **parts: Any) -> None:
        super().note(what, run, **parts)
        if what is What.EVENT:
            happening = self.happenings[-1]
            event = happening.event or ""
            payload = next(self.history.latest((Heard.EVENT, fold(event)))).payload
            touchpoint = happening.touchpoint or None
            self.did.append(Occurrence(at=self.now, event=event, payload=payload, touchpoint=touchpoint))
