"""Values that tell all comparisons with constants apart: below, at, between and above them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Collection, Iterator

from safar.engine.expression import Base, Type, Value

_STEPPED = {Base.INTEGER, Base.MONEY, Base.TIME, Base.DURATION}


def stretches(constants: Collection[Value], type: Type, lowest: int | None = None) -> Iterator[Value]:
    """A value of each stretch that the constants leave, in order; none is below `lowest`.

    Raises `TypeError` for constants that have no order or no neighbours.

    >>> list(stretches({3, 5}, Type(Base.INTEGER)))
    [2, 3, 4, 5, 6]
    """
    if not constants:
        yield datetime.date(2000, 1, 1) if type.base is Base.DATE else lowest or 0
        return
    ordered = sorted(constants)  # type: ignore[type-var]
    if lowest is None or ordered[0] > lowest:  # type: ignore[operator]
        yield _moved(ordered[0], -1)
    for here, after in itertools.pairwise(ordered):
        yield here
        between = _between(here, after, type)
        if between is not None:
            yield between
    yield ordered[-1]
    yield _moved(ordered[-1], 1)


def _moved(constant: Value, by: int) -> Value:
    if isinstance(constant, datetime.date):
        return datetime.date.fromordinal(min(max(constant.toordinal() + by, 1), datetime.date.max.toordinal()))
    if isinstance(constant, int | float):
        return constant + by
    raise TypeError(f"{constant!r} has no neighbours")


def _between(low: Value, high: Value, type: Type) -> Value:
    if isinstance(low, datetime.date) and isinstance(high, datetime.date):
        return low + datetime.timedelta(days=1) if (high - low).days > 1 else None
    assert isinstance(low, int | float) and isinstance(high, int | float)
    if type.base in _STEPPED:
        return low + 1 if high - low > 1 else None
    return (low + high) / 2
