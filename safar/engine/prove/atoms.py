"""What a condition asks: each smallest question is about one thing, and is true for some of its values.

What cannot be told from one thing alone (two attributes compared, a sum, what happened lately) is a thing of its own,
of which any answer is possible.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

import msgspec

from safar.engine import expression as e
from safar.engine.expression import Base, Expression, Heard, Type, Value
from safar.engine.names import fold

Key = tuple[object, ...]
"""What tells things apart: a kind and what it is of."""

NEVER, AT_ENTRY, SINCE = 0, 1, 2
"""Of an event: not yet, only as the one that began the run, since the run began."""

_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Form(msgspec.Struct, frozen=True):
    """What tells event forms from one another, their windows aside: names are folded, `answers` may be empty."""

    kind: Heard
    name: str
    answers: str
    where: Expression | None


class Atom(msgspec.Struct, frozen=True):
    """`test` gives True, False or None (unknown) for a value of the thing; `constants` are what it is cut at."""

    key: Key
    type: Type
    test: Callable[[Value], Value]
    constants: tuple[Value, ...] = ()
    expression: Expression | None = None


def atom(condition: Expression, *, entering: bool = False) -> Atom:
    """The question of a condition that is not made of others.

    `entering` where the event that begins a run is at hand: its fields are those of `entry`, and what has happened
    has done so before, in a time of which nothing is known.
    """
    match condition:
        case e.Compare(op=op, left=left, right=e.Literal(value=value)) if not isinstance(left, e.Literal):
            return _compared(left, op, value, entering)
        case e.Compare(op=op, left=e.Literal(value=value), right=right) if not isinstance(right, e.Literal):
            return _compared(right, _MIRROR.get(op, op), value, entering)
        case e.In(item=item, options=options) if all(isinstance(one, e.Literal) for one in options):
            wanted = tuple(one.value for one in options if isinstance(one, e.Literal))
            return _about(item, lambda value: None if value is None else value in wanted, wanted, entering)
        case e.Known(item=item, known=known):
            return _about(item, lambda value: (value is not None) == known, (), entering)
        case e.Happened(form=form) if form.within is None and not entering:
            return Atom(("happened", normal(form)), Type(Base.INTEGER), lambda value: value == SINCE, ())
        case _:
            return _about(condition, lambda value: value, (), entering)


def _compared(item: Expression, op: str, constant: Value, entering: bool) -> Atom:
    compare = _COMPARE[op]

    def test(value: Value) -> Value:
        return None if value is None or constant is None else compare(value, constant)

    return _about(item, test, () if constant is None else (constant,), entering)


def _about(item: Expression, test: Callable[[Value], Value], constants: tuple[Value, ...], entering: bool) -> Atom:
    if isinstance(item, e.OrElse) and isinstance(item.right, e.Literal):
        instead, inner = item.right.value, test
        return _about(item.left, lambda value: inner(instead if value is None else value), constants, entering)
    key, type = subject(item, entering=entering)
    return Atom(key, type, test, constants, item)


def subject(item: Expression, *, entering: bool = False) -> tuple[Key, Type]:
    """The thing that an expression is the value of."""
    match item:
        case e.Attribute(name=name):
            return ("attribute", name), item.type
        case e.Persona():
            return ("persona",), Type(Base.PERSONA)
        case e.EntryField(field=field):
            return ("entry", field), item.type.but(unknown=True)
        case e.PayloadField(field=field):
            return ("entry" if entering else "payload", field), item.type.but(unknown=True)
        case e.StageName():
            return ("stage",), item.type
        case e.Happened(form=form) if form.within is None and not entering:
            return ("happened", normal(form)), Type(Base.INTEGER)
        case e.Weekday():
            return ("expression", item), Type(Base.WEEKDAY)
        case e.Count():
            return ("expression", item), Type(Base.INTEGER)
        case _:
            return ("expression", item), item.type.but(unknown=True)


def normal(form: e.EventForm) -> Form:
    """An event form as what tells it from others."""
    return Form(form.kind, fold(form.name), fold(form.answers or ""), form.where)


def leaves(node: object) -> Iterator[Expression]:
    """The parts of an expression that have none themselves, and event forms' conditions."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, msgspec.Struct) and not isinstance(one, Type):
            inner = [getattr(one, field) for field in one.__struct_fields__ if field not in ("span", "type")]
            parts = [part for part in inner if isinstance(part, tuple | msgspec.Struct)]
            if isinstance(one, Expression) and not any(isinstance(part, Expression) for part in parts):
                yield one
            waiting += parts
