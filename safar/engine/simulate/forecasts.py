"""Forecasts judged by populations: each expectation passes, fails or stays undecided, by an interval over customers.

Customers come in batches, and after each batch one looks whether all is decided; the intervals are confidence
sequences (`sequence.py`), so that stopping early is no cheating.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from safar.engine.model import Journey, Measure, Project, Quantity
from safar.engine.names import fold
from safar.engine.promises import Comparison, Forecast
from safar.engine.simulate import population
from safar.engine.simulate.batches import Batches, Books, People, Side, run
from safar.engine.simulate.measures import Figure, evaluate
from safar.engine.source import NOWHERE

PASSED, FAILED, UNDECIDED = "passed", "failed", "undecided"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One `expect` of a forecast.

    `left` and `right` are its sides; `low` and `high` hold left - right, in the unit of `left` (of shares: 0.01 is a
    percentage point); None where a side cannot be told.  `customers` were simulated; of an undecided one `needed` is
    about how many would do, None where no number would.
    """

    comparison: Comparison
    verdict: str
    left: Figure | None
    right: Figure | None
    low: float | None
    high: float | None
    customers: int
    needed: int | None = None


def judge(
    project: Project, forecast: Forecast, people: People, progress: population.Progress | None = None
) -> tuple[Judgement, ...]:
    """All expectations of a forecast, in order; customers stop coming once all are decided.

    `people` says how many may come at most.  Both journeys are sent the same customers, with chances keyed by the
    second's name.
    """
    seen = Batches()
    judged: tuple[Judgement, ...] = ()
    for results in run(sides(project, forecast), people, progress):
        seen.add(results)
        judged = tuple(_judged(seen, one) for one in forecast.expects)
        if all(one.verdict != UNDECIDED for one in judged):
            break
    return judged


def sides(project: Project, forecast: Forecast) -> list[Side]:
    """The journeys of a forecast, in a project in which they measure what is compared."""
    names = [forecast.journey, *([forecast.against] if forecast.against else [])]
    journeys = dict(project.journeys)
    for name in names:
        journeys[name] = _measuring(journeys[name], forecast)
    watched = msgspec.structs.replace(project, journeys=journeys)
    return [Side(project=watched, journey=name, keyed_by=names[-1] if name != names[-1] else "") for name in names]


def _measuring(journey: Journey, forecast: Forecast) -> Journey:
    own = fold(journey.name) == fold(forecast.journey)
    asked = [part for one in forecast.expects for side in (one.left, one.right) for part in _of(side, journey, own)]
    measures = tuple(Measure(span=NOWHERE, name=f"expected {n}", quantity=part) for n, part in enumerate(asked))
    return msgspec.structs.replace(journey, measures=(*journey.measures, *measures))


def _of(quantity: Quantity, journey: Journey, own: bool) -> Iterator[Quantity]:
    """The parts of a formula that speak of this journey."""
    if quantity.kind == "journey":
        if fold(quantity.name) == fold(journey.name):
            yield from quantity.parts
    elif not any(_elsewhere(part) for part in quantity.parts):
        if own:
            yield quantity
    else:
        for part in quantity.parts:
            around = msgspec.structs.replace(quantity, parts=(part,))
            for found in _of(part, journey, own):
                yield found if quantity.kind == "arithmetic" else msgspec.structs.replace(around, parts=(found,))


def _elsewhere(quantity: Quantity) -> bool:
    return quantity.kind == "journey" or any(_elsewhere(part) for part in quantity.parts)


def is_share(comparison: Comparison) -> bool:
    """Whether counts mean their shares, since they are compared with a percentage."""
    return any(_percent(side) for side in (comparison.left, comparison.right))


def _percent(quantity: Quantity) -> bool:
    return (quantity.kind == "number" and quantity.unit == "%") or any(_percent(part) for part in quantity.parts)


def _judged(seen: Batches, one: Comparison) -> Judgement:
    share = is_share(one)
    gap = Quantity(span=NOWHERE, kind="arithmetic", op="-", parts=(one.left, one.right))

    def difference(books: Books) -> Fraction | None:
        found = evaluate(books[0], gap, share=share)
        return None if found is None else found.value

    watched = seen.watch(difference)
    interval = watched.interval() if watched is not None else None
    book = seen.books()[0]
    verdict = verdict_of(one.op, interval)
    return Judgement(
        comparison=one,
        verdict=verdict,
        left=evaluate(book, one.left, share=share),
        right=evaluate(book, one.right, share=share),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        customers=seen.customers,
        needed=_needed(seen.customers, interval) if verdict == UNDECIDED else None,
    )


def verdict_of(op: str, interval: tuple[float, float] | None) -> str:
    """What an interval of left - right says of `left OP right`.

    >>> verdict_of(">=", (0.0, 0.1)), verdict_of("<", (0.0, 0.1)), verdict_of("==", (-1, 1)), verdict_of("!=", (1, 2))
    ('passed', 'failed', 'undecided', 'passed')
    """
    if interval is None:
        return UNDECIDED
    low, high = interval
    if op in ("==", "!="):
        equal = PASSED if low == high == 0 else FAILED if low > 0 or high < 0 else UNDECIDED
        return {PASSED: FAILED, FAILED: PASSED}.get(equal, equal) if op == "!=" else equal
    if op in ("<", "<="):
        low, high = -high, -low
    strict = op in ("<", ">")
    if low > 0 or (low == 0 and not strict):
        return PASSED
    return FAILED if high < 0 or (high == 0 and strict) else UNDECIDED


def _needed(customers: int, interval: tuple[float, float] | None) -> int | None:
    """As many as make the interval so narrow that it ends before nil; it narrows with the root of their number."""
    if interval is None:
        return None
    middle, half = (interval[0] + interval[1]) / 2, (interval[1] - interval[0]) / 2
    return int(customers * (half / middle) ** 2 * 1.1) + 1 if middle else None
