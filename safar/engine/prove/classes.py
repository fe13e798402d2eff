"""Value classes: the values of one thing, cut at every constant that it is compared with.

All values of a class answer every question of the journey alike, so that one value stands for them all.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Collection, Iterator, Sequence

from safar.engine.expression import Base, Type, Value

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OTHER = "anything else"
_STEPPED = {Base.INTEGER, Base.MONEY, Base.TIME, Base.DURATION}
_ORDERED = {Base.INTEGER, Base.MONEY, Base.TIME, Base.DURATION, Base.NUMBER, Base.PERCENT, Base.DATE}


def is_ordered(type: Type) -> bool:
    """Whether the classes of a type stand in the order of its values."""
    return type.base in _ORDERED or type.base is Base.YES_NO


def values(
    type: Type, constants: Collection[Value], personas: Sequence[str], lowest: int | None = None
) -> tuple[Value, ...]:
    """One value of each class, unknown first and then the lowest; no value is below `lowest`.

    A list has no classes.

    >>> values(Type(Base.INTEGER, unknown=True), {3, 4}, ())
    (None, 2, 3, 4, 5)
    """
    missing: tuple[Value, ...] = (None,) if type.unknown else ()
    known = {one for one in constants if one is not None}
    match type.base:
        case Base.YES_NO:
            return (*missing, False, True)
        case Base.ONE_OF:
            return (*missing, *type.options)
        case Base.WEEKDAY:
            return WEEKDAYS
        case Base.PERSONA:
            return (None, *personas)
        case Base.LIST | Base.UNKNOWN:
            return ()
        case base if base in _ORDERED:
            return (*missing, *_stretches(known, type, lowest))
        case _:
            return (*missing, *sorted(map(str, known)), _other(known))


def _other(known: Collection[Value]) -> str:
    """A text that is none of those known."""
    return next(text for n in itertools.count() if (text := OTHER + "." * n) not in known)


def _stretches(constants: Collection[Value], type: Type, lowest: int | None) -> Iterator[Value]:
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
    assert isinstance(constant, int | float)
    return constant + by


def _between(low: Value, high: Value, type: Type) -> Value:
    if isinstance(low, datetime.date) and isinstance(high, datetime.date):
        return low + datetime.timedelta(days=1) if (high - low).days > 1 else None
    assert isinstance(low, int | float) and isinstance(high, int | float)
    if type.base in _STEPPED:
        return low + 1 if high - low > 1 else None
    return (low + high) / 2
