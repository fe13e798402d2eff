"""Which engine lives a population through a journey: columns of NumPy, or the plain interpreter.

Both give the same figures, bit by bit.  What columns cannot do is left to the plain interpreter, and said: of a whole
journey, or of the few customers to whom two things happen in an order that columns do not keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Happening
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer, World

Wanted = Literal["auto", "fast", "plain"]

WORTH_IT = 1_000
"""Customers from which on columns are taken by themselves: loading NumPy takes longer than living fewer through."""

FAST, STEPPED = "fast", "stepped"
"""Keys of the total's counts: how many customers were lived through in columns, and how many, by reason, were not."""


Trace = Callable[[Sequence[Happening]], object]
"""Told what happened to each customer."""


def live_in_columns(
    world: World, customers: Iterable[Customer], fold: Fold, done: Callable[[int], None], trace: Trace | None = None
) -> str:
    """Live the customers into the counts of `fold`.  Why that cannot be, where it cannot: then nothing was done.

    `done` is told how many customers are.  With `trace`, or where the fold tells of runs, customers are told of in
    their order.
    """
    from safar.engine.simulate.columns.chronicle import Chronicle, Told
    from safar.engine.simulate.columns.column import NotInColumns
    from safar.engine.simulate.columns.engine import Engine
    from safar.engine.simulate.population import Generated

    def plainly(customer: Customer) -> None:
        story = live(world, customer)
        fold.add(story)
        if trace is not None:
            trace(story.happenings)

    try:
        if trace is None and fold.record is None:
            engine = Engine(world, plainly)
        else:
            engine = Chronicle(world, plainly, Told(fold.record, trace))
    except NotInColumns as reason:
        return str(reason)
    if isinstance(customers, Generated):
        engine.generated(customers.first, customers.last, done)
    else:
        engine.given(customers, done)
    for name, counts in fold.journeys.items():
        counts.merge(engine.counts[name])
    fold.total.merge(engine.total)
    stepped = sum(engine.reasons.values())
    fold.total.add(FAST, by=counts.get("customers") - stepped)
    for counts in fold.journeys.values():
        counts.last = fold.total.last  # of all journeys together
    for why, number in engine.reasons.items():
        fold.total.add(STEPPED, why, by=number)
    return ""
