"""Expressions over columns: the values of `simulate/evaluate.py` for many customers at once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from safar.engine import expression as e
from safar.engine.expression import Base, Expression
from safar.engine.simulate import arithmetic as plain
from safar.engine.simulate.clock import WEEKDAYS
from safar.engine.simulate.columns import arithmetic, calendar
from safar.engine.simulate.columns.arithmetic import Each, both, constant
from safar.engine.simulate.columns.calendar import Zones
from safar.engine.simulate.columns.column import UNKNOWN, Column, Interner, NotInColumns


class Look(Protocol):
    """What an expression may look at: some customers at one place and instant each."""

    @property
    def n(self) -> int: ...
    def attribute(self, name: str) -> Column: ...
    def persona(self) -> Column: ...
    def stage(self) -> Column: ...
    def now(self) -> Any: ...
    def zones(self) -> Zones: ...
    def payload(self, field: str) -> Column: ...
    def entry(self, field: str) -> Column: ...
    def history(self, node: Expression) -> Column:
        """The whole node: `Happened`, `Count`, `Last`, `First`, `Since`, `EventField`."""
        ...


Reading = Callable[[Any], Column]
_HISTORY = (e.Happened, e.Count, e.Last, e.First, e.Since, e.EventField)
_CLOCK = (e.Now, e.Today, e.Weekday)


class Expr:
    """An expression made ready, and what it asks for: names of attributes and fields, questions about events."""

    __slots__ = ("_read", "attributes", "clock", "entry", "forms", "node", "payload")

    def __init__(self, node: Expression, read: Reading) -> None:
        self.node = node
        self._read = read
        inside = list(_inside(node))
        self.attributes = frozenset(one.name for one in inside if isinstance(one, e.Attribute))
        self.payload = frozenset(one.field for one in inside if isinstance(one, e.PayloadField))
        self.entry = frozenset(one.field for one in inside if isinstance(one, e.EntryField))
        self.forms = tuple(one for one in inside if isinstance(one, _HISTORY))
        self.clock = any(isinstance(one, _CLOCK) for one in inside)

    def __call__(self, look: Look) -> Column:
        return self._read(look)


def in_columns(node: Expression, codes: Interner) -> Expr:
    """The expression as a function of rows.  Raises `NotInColumns` for what arrays cannot say."""
    return Expr(node, _ready(node, codes))


def _inside(node: Expression) -> Iterator[Expression]:
    """The expression and those in it; not those in the `where` of an event form."""
    yield node
    for name in node.__struct_fields__:
        value = getattr(node, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Expression):
                yield from _inside(one)


# --- readings, by kind of node


def _literal(node: e.Literal, codes: Interner) -> Reading:
    value = node.value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        raise NotInColumns("a number beyond 2^63")
    column = constant(value, node.type.base, codes)
    return lambda look: column


def _attribute(node: e.Attribute, codes: Interner) -> Reading:
    name = node.name
    return lambda look: look.attribute(name)


def _persona(node: e.Persona, codes: Interner) -> Reading:
    return lambda look: look.persona()


def _stage(node: e.StageName, codes: Interner) -> Reading:
    return lambda look: look.stage()


def _now(node: e.Now, codes: Interner) -> Reading:
    return lambda look: Column(look.now())


def _today(node: e.Today, codes: Interner) -> Reading:
    return lambda look: Column(calendar.date(look.now(), look.zones()))


def _weekday(node: e.Weekday, codes: Interner) -> Reading:
    names = np.array([codes.code(name) for name in WEEKDAYS])

    def read(look: Look) -> Column:
        weekday = calendar.weekday(look.now(), look.zones())
        return Column(names[weekday] if isinstance(weekday, np.ndarray) else int(names[weekday]))

    return read


def _feed(node: e.FeedField, codes: Interner) -> Reading:
    return lambda look: UNKNOWN


def _entry_field(node: e.EntryField, codes: Interner) -> Reading:
    field = node.field
    return lambda look: look.entry(field)


def _payload_field(node: e.PayloadField, codes: Interner) -> Reading:
    field = node.field
    return lambda look: look.payload(field)


def _history(node: Expression, codes: Interner) -> Reading:
    return lambda look: look.history(node)


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compared(op: str, bases: tuple[Base, Base], codes: Interner) -> Callable[[Column, Column], Column]:
    compare = _COMPARE[op]
    each = Each(compare, bases, Base.YES_NO, codes)
    if Base.LIST in bases:
        return each
    mixed = (arithmetic.dtype(bases[0]) is np.float64) != (arithmetic.dtype(bases[1]) is np.float64)

    def compared(left: Column, right: Column) -> Column:
        if left.known is False or right.known is False:
            return UNKNOWN
        if mixed and not arithmetic.exact(left, right):
            return each(left, right)
        found = compare(left.values, right.values)
        return Column(found if isinstance(found, np.ndarray) else bool(found), both(left.known, right.known))

    return compared


def _compare(node: e.Compare, codes: Interner) -> Reading:
    left, right = _ready(node.left, codes), _ready(node.right, codes)
    compared = _compared(node.op, (node.left.type.base, node.right.type.base), codes)
    return lambda look: compared(left(look), right(look))


def _and(node: e.And, codes: Interner) -> Reading:
    left, right = _ready(node.left, codes), _ready(node.right, codes)

    def read(look: Look) -> Column:
        a = left(look)
        if a.known is True and a.values is False:
            return a
        b = right(look)
        true, false = _true(a) & _true(b), _false(a) | _false(b)
        return _decided(true, false, a.known is True and b.known is True)

    return read


def _or(node: e.Or, codes: Interner) -> Reading:
    left, right = _ready(node.left, codes), _ready(node.right, codes)

    def read(look: Look) -> Column:
        a = left(look)
        if a.known is True and a.values is True:
            return a
        b = right(look)
        true, false = _true(a) | _true(b), _false(a) & _false(b)
        return _decided(true, false, a.known is True and b.known is True)

    return read


def _true(column: Column) -> Any:
    return column.values if column.known is True else np.logical_and(column.values, column.known)


def _false(column: Column) -> Any:
    not_true = np.logical_not(column.values)
    return not_true if column.known is True else not_true & column.known


def _decided(true: Any, false: Any, all_known: bool) -> Column:
    true = true if isinstance(true, np.ndarray) else bool(true)
    if all_known:
        return Column(true)
    known = true | false
    return Column(true, known if isinstance(known, np.ndarray) else bool(known))


def _not(node: e.Not, codes: Interner) -> Reading:
    item = _ready(node.item, codes)

    def read(look: Look) -> Column:
        values, known = item(look)
        return Column(np.logical_not(values) if isinstance(values, np.ndarray) else not values, known)

    return read


def _or_else(node: e.OrElse, codes: Interner) -> Reading:
    left, right = _ready(node.left, codes), _ready(node.right, codes)

    def read(look: Look) -> Column:
        a = left(look)
        if a.known is True:
            return a
        b = right(look)
        if a.known is False:
            return b
        known = True if b.known is True else a.known | b.known
        return Column(np.where(a.known, a.values, b.values), known)

    return read


def _arithmetic(node: e.Arithmetic, codes: Interner) -> Reading:
    left, right = _ready(node.left, codes), _ready(node.right, codes)
    bases = node.left.type.base, node.right.type.base
    calculate = arithmetic.calculator(node.op, bases, node.type.base, codes)
    return lambda look: calculate(left(look), right(look))


def _shift(node: e.Shift, codes: Interner) -> Reading:
    item = _ready(node.date, codes)
    months, days = node.months, node.days
    each = Each(lambda date: plain.shifted(date, months, days), (Base.DATE,), Base.DATE, codes)
    return lambda look: each(item(look))


def _negate(node: e.Negate, codes: Interner) -> Reading:
    item = _ready(node.item, codes)

    def read(look: Look) -> Column:
        values, known = item(look)
        return Column(-values, known)

    return read


def _whole(node: e.Whole, codes: Interner) -> Reading:
    item, seconds = _ready(node.item, codes), node.seconds
    return lambda look: arithmetic.whole_units(item(look), seconds)


def _convert(node: e.Convert, codes: Interner) -> Reading:
    item, converted = _ready(node.item, codes), arithmetic.converter(node.rate, codes)
    return lambda look: converted(item(look))


def _in(node: e.In, codes: Interner) -> Reading:
    item, options = _ready(node.item, codes), [_ready(option, codes) for option in node.options]
    base = node.item.type.base
    equal = [_compared("==", (base, option.type.base), codes) for option in node.options]

    def read(look: Look) -> Column:
        value = item(look)
        if value.known is False:
            return UNKNOWN
        true: Any = False
        false: Any = True
        for option, same in zip(options, equal, strict=True):
            found = same(value, option(look))
            true, false = true | _true(found), false & _false(found)
        known = both(_decided(true, false, False).known, value.known)
        return Column(true if isinstance(true, np.ndarray) else bool(true), known)

    return read


def _contains(node: e.Contains, codes: Interner) -> Reading:
    whole, item = _ready(node.whole, codes), _ready(node.item, codes)
    bases = node.whole.type.base, node.item.type.base
    each = Each(lambda a, b: b in a, bases, Base.YES_NO, codes)
    return lambda look: each(whole(look), item(look))


def _known(node: e.Known, codes: Interner) -> Reading:
    item, wanted = _ready(node.item, codes), node.known

    def read(look: Look) -> Column:
        known = item(look).known
        if isinstance(known, np.ndarray):
            return Column(known if wanted else ~known)
        return Column(known is wanted)

    return read


def _round(node: e.Round, codes: Interner) -> Reading:
    item, unit = _ready(node.item, codes), _ready(node.unit, codes)
    bases = node.item.type.base, node.unit.type.base
    rounded = arithmetic.rounder(node.down, bases, node.type.base, codes)
    return lambda look: rounded(item(look), unit(look))


def _condition(node: e.Condition, codes: Interner) -> Reading:
    return _ready(node.item, codes)


_READY: dict[type[Expression], Callable[[Any, Interner], Reading]] = {
    e.Literal: _literal,
    e.Attribute: _attribute,
    e.Persona: _persona,
    e.StageName: _stage,
    e.Now: _now,
    e.Today: _today,
    e.Weekday: _weekday,
    e.FeedField: _feed,
    e.EntryField: _entry_field,
    e.PayloadField: _payload_field,
    e.EventField: _history,
    e.Happened: _history,
    e.Count: _history,
    e.Last: _history,
    e.First: _history,
    e.Since: _history,
    e.Compare: _compare,
    e.And: _and,
    e.Or: _or,
    e.Not: _not,
    e.OrElse: _or_else,
    e.Arithmetic: _arithmetic,
    e.Shift: _shift,
    e.Negate: _negate,
    e.In: _in,
    e.Contains: _contains,
    e.Known: _known,
    e.Round: _round,
    e.Whole: _whole,
    e.Convert: _convert,
    e.Condition: _condition,
}


def _ready(node: Expression, codes: Interner) -> Reading:
    return _READY[type(node)](node, codes)
