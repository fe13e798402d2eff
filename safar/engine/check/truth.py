"""Whether a condition can be true at all, and whether it can be anything else.

Every part that is compared with constants has finitely many cases: below, at, between and above them, the options of
a `one of`, unknown.  What is not compared with constants is a case of its own (true, false, unknown).
A condition is tried in all combinations, with the three values of the language; where there are too many, or where a
part could not be typed, nothing is said.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence

from safar.engine.expression import (
    And,
    Base,
    Compare,
    Condition,
    Count,
    Expression,
    In,
    Known,
    Literal,
    Not,
    Or,
    Value,
)
from safar.engine.prove.stretches import stretches

Answered = tuple[Expression, bool]
"""A condition, and whether it was true."""
Case = Mapping[Expression, Value]
"""One combination: a value for every part that is free."""

_MOST_CASES = 512
_ORDER = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TooManyError(Exception):
    """More combinations than are tried, or a part without a type."""


def cases(conditions: Sequence[Expression], personas: Sequence[str]) -> Iterator[Case]:
    """All combinations of what the conditions ask about.  Raises `TooManyError`."""
    constants: dict[Expression, set[Value]] = {}
    for condition in conditions:
        for part, values in _asked(condition):
            constants.setdefault(part, set()).update(values)
    columns = [_values(part, values, personas) for part, values in constants.items()]
    total = 1
    for column in columns:
        total *= len(column)
    if total > _MOST_CASES:
        raise TooManyError
    for row in itertools.product(*columns):
        yield dict(zip(constants, row, strict=True))


def outcomes(condition: Expression, personas: Sequence[str], known: Sequence[Answered] = ()) -> set[bool]:
    """What a condition can be after others at the same instant, false and unknown being one; empty where that
    cannot be told."""
    found: set[bool] = set()
    try:
        for case in cases((condition, *(asked for asked, _ in known)), personas):
            true = value(condition, case) is True
            if true not in found and all((value(asked, case) is True) == was for asked, was in known):
                found.add(true)
                if len(found) > 1:
                    break
    except TooManyError:
        return set()
    return found


def value(condition: Expression, case: Case) -> Value:
    """A condition's value in one case: True, False, or None for unknown."""
    match condition:
        case Literal():
            return _literal(condition)
        case Condition(item=item):
            return value(item, case)
        case Not(item=item):
            return _flip(value(item, case))
        case And(left=left, right=right):
            return _both(value(left, case), value(right, case))
        case Or(left=left, right=right):
            return _flip(_both(_flip(value(left, case)), _flip(value(right, case))))
        case _:
            return _part(condition, case)


def _part(condition: Expression, case: Case) -> Value:
    """The value of a condition that is not made of others."""
    match condition:
        case Compare() if (against := _against(condition)) is not None:
            part, op, constant = against
            return _compare(op, case[part], constant)
        case Known(item=item, known=known) if not _constant(item):
            return (case[item] is not None) == known
        case In(item=item, options=options) if all(map(_constant, options)):
            here = case[item]
            return None if here is None else any(here == _literal(option) for option in options)
        case Compare(op=op, left=Literal() as left, right=Literal() as right):
            return _compare(op, _literal(left), _literal(right))
        case Compare(op=op, left=left, right=right) if left == right and not left.type.unknown:
            return op in ("==", "<=", ">=")
        case _:
            return case[condition]


def _asked(condition: Expression) -> Iterator[tuple[Expression, Iterable[Value]]]:
    """The free parts of a condition, with the constants they are compared with."""
    match condition:
        case Literal():
            pass
        case Condition(item=item) | Not(item=item):
            yield from _asked(item)
        case And(left=left, right=right) | Or(left=left, right=right):
            yield from _asked(left)
            yield from _asked(right)
        case Known(item=item) if not _constant(item):
            yield item, ()
        case In(item=item, options=options) if all(map(_constant, options)):
            yield item, map(_literal, options)
        case Compare() if (against := _against(condition)) is not None:
            yield against[0], (against[2],)
        case Compare(left=Literal(), right=Literal()):
            pass
        case Compare(left=left, right=right) if left == right and not left.type.unknown:
            pass
        case _:
            yield condition, ()


def _against(compare: Compare) -> tuple[Expression, str, Value] | None:
    """`part op constant`, whichever side the constant stands on; None where none or both are constant."""
    left, right = compare.left, compare.right
    if isinstance(right, Literal):
        return None if isinstance(left, Literal) else (left, compare.op, _literal(right))
    return (right, _MIRROR.get(compare.op, compare.op), _literal(left)) if isinstance(left, Literal) else None


def _constant(part: Expression) -> bool:
    return isinstance(part, Literal)


def _literal(part: Expression) -> Value:
    """The value of a constant that has a type."""
    assert isinstance(part, Literal)
    if part.type.base is Base.UNKNOWN:
        raise TooManyError
    return part.value


def _flip(truth: Value) -> Value:
    return None if truth is None else not truth


def _both(left: Value, right: Value) -> Value:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _compare(op: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    try:
        return bool(_ORDER[op](left, right))
    except TypeError:
        raise TooManyError from None


def _values(part: Expression, constants: set[Value], personas: Sequence[str]) -> tuple[Value, ...]:
    """Values that stand for all that a part can be."""
    known: set[Value] = {constant for constant in constants if constant is not None}
    missing: tuple[Value, ...] = (None,) if part.type.unknown or None in constants else ()
    match part.type.base:
        case Base.UNKNOWN:
            raise TooManyError
        case Base.YES_NO:
            return (True, False, *missing)
        case Base.ONE_OF:
            return (*part.type.options, *missing)
        case Base.WEEKDAY:
            return _WEEKDAYS
        case Base.PERSONA:
            return (*personas, None)
        case Base.TEXT | Base.STAGE | Base.LIST:
            return (*known, "\0 another", *missing)
        case _:
            lowest = 0 if isinstance(part, Count) or part.type.base is Base.DURATION else None
            try:
                return (*stretches(known, part.type, lowest), *missing)
            except TypeError:
                raise TooManyError from None
