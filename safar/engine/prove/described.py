"""Who is in a box, in words: of one thing the values that are left."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from safar.engine import spelling
from safar.engine.expression import Base, Type, Value
from safar.engine.prove.atoms import NEVER
from safar.engine.prove.classes import is_ordered
from safar.engine.prove.space import Variable

_MOST_NAMED = 3


def described(thing: Variable, box: int, type: Type) -> str:
    """What a box leaves of a thing of a type: "`customer.orders` is at most 2"; empty where it leaves everything."""
    left = thing.classes(box)
    if len(left) == len(thing.values):
        return ""
    if thing.form is not None:
        return f"`{thing.name}` has {'not ' if left == [NEVER] else ''}come since the run began"
    match thing.key:
        case ("met", _):
            return "the message has been delivered" if left == [1] else "the message has not been delivered"
        case ("refused", channel):
            return (
                f"`{channel}` {'refuses' if left == [1] else 'lets'} messages{'' if left == [1] else ' through'} then"
            )
        case ("arm", split):
            return f"the arm of `{split}` is {_listed([f'`{thing.values[one]}`' for one in left])}"
        case ("entry", field) if thing.values[left[0]] is None and len(left) == 1:
            return f"`entry.{field}` is unknown"
    return f"`{thing.name}` is {_values(thing, left, type)}"


def _values(thing: Variable, left: list[int], type: Type) -> str:
    gone = [one for one in range(len(thing.values)) if one not in left]
    if [thing.values[one] for one in gone] == [None]:
        return "known"
    if is_ordered(type) and type.base is not Base.YES_NO:
        return _listed(list(_stretches(thing, type, left)))
    if type.base is Base.TEXT or (len(gone) < len(left) and len(gone) <= _MOST_NAMED):
        other = len(thing.values) - 1 if type.base is Base.TEXT else -1
        if other in left or type.base is not Base.TEXT:
            return "not " + _listed([_said(type, thing.values[one]) for one in gone])
    return _listed([_said(type, thing.values[one]) for one in left])


def _listed(words: list[str]) -> str:
    if len(words) > _MOST_NAMED + 1:
        return f"{', '.join(words[:_MOST_NAMED])} or {len(words) - _MOST_NAMED} more"
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _stretches(thing: Variable, type: Type, left: list[int]) -> Iterator[str]:
    """The values of neighbouring classes as one stretch."""
    if thing.values[left[0]] is None:
        yield "unknown"
        left = left[1:]
    begin = 0
    for at, one in enumerate(left):
        if at + 1 == len(left) or left[at + 1] != one + 1:
            yield _stretch(thing, type, left[begin], one)
            begin = at + 1


def _stretch(thing: Variable, type: Type, first: int, last: int) -> str:
    """From one class to another, by the constants at their ends."""
    cuts = sorted(thing.cuts - {None})  # type: ignore[type-var]
    low, high = thing.values[first], thing.values[last]
    if first == last and low in cuts:
        return _said(type, low)
    words = []
    if low in cuts:
        words.append(f"at least {_said(type, low)}")
    elif below := [one for one in cuts if one < low]:  # type: ignore[operator]
        words.append(f"above {_said(type, below[-1])}")
    if high in cuts:
        words.append(f"at most {_said(type, high)}")
    elif above := [one for one in cuts if one > high]:  # type: ignore[operator]
        words.append(f"below {_said(type, above[0])}")
    return " and ".join(words) or "known"


def _said(type: Type, value: Value) -> str:
    """A value as the language spells it, in backticks where it is a name."""
    match type.base:
        case _ if value is None:
            return "unknown"
        case Base.YES_NO:
            return "yes" if value is True else "no"
        case Base.MONEY:
            return spelling.money(int(value), type.currency)  # type: ignore[arg-type]
        case Base.DURATION:
            return spelling.duration(int(value))  # type: ignore[arg-type]
        case Base.PERCENT:
            return spelling.percent(Fraction(str(value)))
        case Base.ONE_OF | Base.PERSONA | Base.WEEKDAY:
            return f"`{value}`"
        case Base.TEXT:
            return f'"{value}"'
    return str(value)
