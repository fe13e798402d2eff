"""What deliveries, answers and actions cost, looked up once per journey.

A message costs at its delivery, an answer when it comes, a customer once, at the first delivery there; what a
touchpoint costs to build is no cost of running it.
"""

from __future__ import annotations

import msgspec

from safar.engine.model import At, Cost, Project, Send, Touchpoint
from safar.engine.names import fold

_PERIODS = {"day": 86_400, "month": 30 * 86_400}

Charge = tuple[str, int]
"""Currency and units."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What is charged for one touchpoint; `channel` is empty where it has none.

    `marketing`: its deliveries count as messages.  `customer` is what is charged once per customer, by the name of
    the channel or touchpoint that says so; `answers` by the event's name.
    """

    channel: str
    marketing: bool
    message: tuple[Charge, ...]
    customer: tuple[tuple[str, Charge], ...]
    answers: dict[str, tuple[Charge, ...]]
    standing: tuple[Cost, ...]


def _charges(costs: tuple[Cost, ...], *per: str) -> tuple[Charge, ...]:
    return tuple((cost.currency, cost.amount) for cost in costs if cost.per in per)


def is_marketing(touchpoint: Touchpoint) -> bool:
    """Whether its deliveries count as messages."""
    return isinstance(touchpoint.contact, Send) and not touchpoint.transactional


def contact(project: Project, touchpoint: Touchpoint) -> Contact:
    """The prices of a touchpoint: its channel's and its own."""
    where = touchpoint.contact
    channel = project.vocabulary.channels.get(where.channel) if isinstance(where, Send | At) else None
    shared = channel.costs if channel else ()
    costs = (*shared, *touchpoint.costs)
    once = [(f"channel {channel.name}", charge) for charge in _charges(shared, "customer")] if channel else []
    once += [(f"touchpoint {touchpoint.name}", charge) for charge in _charges(touchpoint.costs, "customer")]
    return Contact(
        channel=channel.name if channel else "",
        marketing=is_marketing(touchpoint),
        message=_charges(costs, "message", ""),
        customer=tuple(once),
        answers=_by_event(costs),
        standing=tuple(cost for cost in touchpoint.costs if cost.per in _PERIODS),
    )


class Doing(msgspec.Struct, frozen=True):
    """What an action costs: each time it is done, once per customer, and at events that follow in the same run."""

    done: tuple[Charge, ...] = ()
    customer: tuple[tuple[str, Charge], ...] = ()
    events: dict[str, tuple[Charge, ...]] = {}


def action(project: Project, name: str) -> Doing:
    """The prices of an action; of what is no action, none."""
    declared = project.vocabulary.actions.get(name)
    if declared is None:
        return Doing()
    once = tuple((f"action {name}", charge) for charge in _charges(declared.costs, "customer"))
    return Doing(_charges(declared.costs, "message", ""), once, _by_event(declared.costs))


def _by_event(costs: tuple[Cost, ...]) -> dict[str, tuple[Charge, ...]]:
    events = {cost.event for cost in costs if cost.per == "event"}
    return {fold(event): _charges(tuple(cost for cost in costs if cost.event == event), "event") for event in events}


def standing(costs: tuple[Cost, ...], seconds: int) -> tuple[Charge, ...]:
    """What a thing costs for being there so long: each day begun, each thirty days begun; at least one of each.

    >>> from safar.engine.source import NOWHERE
    >>> standing((Cost(span=NOWHERE, amount=100, currency="EUR", per="day"),), 86_401)
    (('EUR', 200),)
    """
    return tuple(
        (cost.currency, cost.amount * max(1, -(-seconds // _PERIODS[cost.per])))
        for cost in costs
        if cost.per in _PERIODS
    )
