"""What an attribute becomes when it is set: for each class of its values the classes that may follow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from safar.engine.expression import Arithmetic, Base, Expression, Literal, Value
from safar.engine.expression import Attribute as Asked
from safar.engine.model import Attribute
from safar.engine.prove.space import GROWING, Variable
from safar.engine.simulate.arithmetic import kept

WHOLE = {Base.INTEGER, Base.MONEY, Base.DURATION, Base.TIME}

Table = Sequence[Iterable[int]]


def becomes(variable: Variable, value: Expression, attribute: Attribute) -> Table | None:
    """The table of `set customer.x = e`; None where anything may follow."""
    table = _turned(variable, value, attribute)
    if variable.change != GROWING:
        return table
    return [_kept(old, row) for old, row in enumerate(table)] if table is not None else grown(variable)


def grown(variable: Variable) -> Table:
    """Anything that is not less."""
    return [range(old, len(variable.values)) for old in range(len(variable.values))]


def _kept(old: int, row: Iterable[int]) -> set[int]:
    """A growing attribute keeps what is more."""
    return {max(old, new) for new in row}


def _turned(variable: Variable, value: Expression, attribute: Attribute) -> Table | None:
    classes = range(len(variable.values))
    match value:
        case Literal():
            known = kept(value.value, attribute.type)
            if known is None and not attribute.type.unknown:
                return [(old,) for old in classes]
            number = variable.class_of(known)
            return None if number is None else [(number,) for _ in classes]
        case Arithmetic(op="+" | "-" as op, left=Asked(name=name), right=Literal(value=int() as by)) if (
            name == attribute.name and attribute.type.base in WHOLE and not isinstance(by, bool)
        ):
            return _moved(variable, by if op == "+" else -by)
    return None


def _moved(variable: Variable, by: int) -> Table:
    """For each class where its values are after so much is added; unknown stays unknown."""
    known = [(number, stretch(variable, number)) for number, value in enumerate(variable.values) if value is not None]
    moved = {old: [new for new, there in known if _meets((low + by, high + by), there)] for old, (low, high) in known}
    return [moved.get(old, [old]) for old in range(len(variable.values))]


def stretch(variable: Variable, number: int) -> tuple[float, float]:
    """The whole numbers of a class, from the least to the greatest."""
    value: Value = variable.values[number]
    assert isinstance(value, int | float)
    cuts = [one for one in variable.cuts if isinstance(one, int | float)]
    if value in cuts:
        return value, value
    below = max((one for one in cuts if one < value), default=-math.inf)
    above = min((one for one in cuts if one > value), default=math.inf)
    return below + 1, above - 1


def _meets(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
