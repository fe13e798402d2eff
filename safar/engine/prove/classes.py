"""Value classes: the values of one thing, cut at every constant that it is compared with.

All values of a class answer every question of the journey alike, so that one value stands for them all.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from safar.engine.expression import Base, Type, Value
from safar.engine.prove.stretches import stretches

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OTHER = "anything else"
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
            return (*missing, *stretches(known, type, lowest))
        case _:
            return (*missing, *sorted(map(str, known)), _other(known))


def _other(known: Collection[Value]) -> str:
    """A text that is none of those known."""
    return next(text for n in itertools.count() if (text := OTHER + "." * n) not in known)
