"""Operators: which types they take and which they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safar.dsl import tree
from safar.dsl.build import rules, types
from safar.dsl.build.names import PREDECLARED
from safar.engine.expression import (
    And,
    Arithmetic,
    Base,
    Compare,
    Contains,
    Count,
    Expression,
    Happened,
    In,
    Literal,
    Or,
    OrElse,
    Shift,
    Type,
)
from safar.engine.names import fold

if TYPE_CHECKING:
    from safar.dsl.build.expressions import Typing

CALENDAR = {"hour": (0, 0), "day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
"""Calendar periods, in months and days."""
_EQUAL = ("==", "!=")
_MOST_COUNTED = 100


def binary(typing: Typing, node: tree.Binary, hint: Type | None) -> Expression:
    if node.op in ("and", "or"):
        return _logic(typing, node)
    if node.op == "or else":
        return _or_else(typing, node, hint)
    if node.op == "in":
        return _in(typing, node)
    if node.op == "contains":
        return _contains(typing, node)
    if node.op in ("+", "-", "*", "/"):
        return _arithmetic(typing, node)
    if node.op == "per":
        return typing._measure(node, hint)
    return _compare(typing, node)


def _logic(typing: Typing, node: tree.Binary) -> Expression:
    if node.op == "or" and isinstance(node.right, tree.Quoted | tree.Literal) and not _is_yes_no(node.right):
        help = f"write `{node.left.span.text} or else {node.right.span.text}`"
        return typing.mistyped(node.span, "`or` joins conditions; `or else` stands in for what is unknown", help=help)
    left = typing.condition(node.left)
    if isinstance(left, Compare) and isinstance(node.left, tree.Binary) and isinstance(node.right, tree.Word):
        folded = fold(node.right.text)
        if node.op == "or" and left.op == "==" and folded in map(fold, left.left.type.options):
            listed = f"{node.left.left.span.text} in [{node.left.right.span.text}, {node.right.text}]"
            message = f"`{node.right.text}` is a value, and `or` joins conditions"
            return typing.mistyped(node.right.span, message, "no condition", f"write `{listed}`")
    right = typing.condition(node.right)
    type = types.maybe(types.YES_NO, left.type.unknown or right.type.unknown)
    return (And if node.op == "and" else Or)(span=node.span, type=type, left=left, right=right)


def _is_yes_no(node: tree.Expr) -> bool:
    return isinstance(node, tree.Literal) and node.kind in ("yes_no", "unknown")


def _or_else(typing: Typing, node: tree.Binary, hint: Type | None) -> Expression:
    left = typing.typed(node.left, hint)
    shown = hint is types.SHOWN and isinstance(node.right, tree.Quoted)
    right = typing.typed(node.right, hint if shown else left.type)
    if types.is_open(left.type) or types.is_open(right.type):
        return types.nothing(node.span)
    type = left.type
    if hint is types.SHOWN and right.type.base is Base.TEXT:
        type = types.TEXT
    elif types.comparable(left.type, right.type):
        left, right = _one_currency(typing, left, right)
        if {left.type.base, right.type.base} == {Base.INTEGER, Base.NUMBER}:
            type = types.NUMBER
        elif left.type.base is Base.ONE_OF and right.type.base is Base.TEXT:
            type = types.TEXT
    else:
        return typing.mistyped(
            right.span,
            f"`or else` gives {types.said(right.type)} in place of {types.said(left.type)}",
            help=types.help_between(right.type, left.type),
        )
    return OrElse(span=node.span, type=types.maybe(type, right.type.unknown), left=left, right=right)


# --- comparisons


def _stands_alone(typing: Typing, node: tree.Expr) -> bool:
    """Whether a side says its own type; a bare name may be a value of the other side's."""
    if not isinstance(node, tree.Word) or node.text in ("persona", "stage") or node.text in PREDECLARED:
        return True
    owner = typing.scene.at_hand if typing.scene.bare else None
    return owner is not None and node.text in owner.fields


def _sides(typing: Typing, one: tree.Expr, other: tree.Expr) -> tuple[Expression, Expression]:
    """Both sides, each with the other's type as a hint where it needs one."""
    if not _stands_alone(typing, one) and _stands_alone(typing, other):
        second = _side(typing, other, None)
        if types.is_open(second.type):
            return types.nothing(one.span), second
        return _side(typing, one, second.type), second
    first = _side(typing, one, None)
    if types.is_open(first.type) and not _stands_alone(typing, other):
        return first, types.nothing(other.span)
    return first, _side(typing, other, first.type)


def _side(typing: Typing, node: tree.Expr, hint: Type | None) -> Expression:
    if isinstance(node, tree.Call) and node.function.text == "count" and not typing.scene.only_fields:
        return typing.count(node)
    return typing.typed(node, hint)


def _compare(typing: Typing, node: tree.Binary) -> Expression:
    left, right = _sides(typing, node.left, node.right)
    if types.is_open(left.type) or types.is_open(right.type):
        return _with_unknown(typing, node, left, right)
    if isinstance(left, Count) or isinstance(right, Count):
        return _count(typing, node, left, right)
    if not types.comparable(left.type, right.type):
        return _not_comparable(typing, node, left, right)
    if node.op not in _EQUAL and left.type.base not in types.ORDERED:
        return typing.mistyped(
            node.span, f"{types.said(left.type)} has no order", help="only `==`, `!=` and `in` compare it"
        )
    left, right = _one_currency(typing, left, right)
    if types.is_open(left.type) or types.is_open(right.type):
        return types.nothing(node.span)
    if left.type.base is not right.type.base:
        left, right = _as_other(typing, left, right), _as_other(typing, right, left)
    if types.is_open(left.type) or types.is_open(right.type):
        return types.nothing(node.span)
    type = types.maybe(types.YES_NO, left.type.unknown or right.type.unknown)
    return Compare(span=node.span, type=type, op=node.op, left=left, right=right)


def _with_unknown(typing: Typing, node: tree.Binary, left: Expression, right: Expression) -> Expression:
    """A comparison with the literal `unknown` is never true; with what was not understood nothing more is said."""
    for side in (node.left, node.right):
        if isinstance(side, tree.Literal) and side.kind == "unknown":
            help = "ask `is unknown`" if node.op == "==" else "ask `is known`"
            return typing.mistyped(node.span, "comparing with `unknown` is never true", "never true", help)
    return types.nothing(node.span)


def _not_comparable(typing: Typing, node: tree.Binary, left: Expression, right: Expression) -> Expression:
    literal = isinstance(left, Literal) and not isinstance(right, Literal)
    wrong, wanted = (left, right) if literal else (right, left)
    help = types.help_between(wrong.type, wanted.type) or types.help_between(wanted.type, wrong.type)
    if isinstance(left, Happened) and right.type.base is Base.INTEGER:
        help = f"write `count({node.left.span.text}) {node.op} {node.right.span.text}`"
    message = f"{types.said(left.type)} is compared with {types.said(right.type)}"
    return typing.mistyped(wrong.span, message, f"this is {types.said(wrong.type)}", help)


def _as_other(typing: Typing, item: Expression, other: Expression) -> Expression:
    """A literal written as the other side's type: `3` beside a number, `"gold"` beside a `one of`."""
    if not isinstance(item, Literal) or isinstance(other, Literal):
        return item
    if item.type.base is Base.NUMBER or item.type.base is Base.ONE_OF:
        return item
    return types.fits(typing.context, typing.context.settings, item, other.type)


def _one_currency(typing: Typing, left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """Money of both sides in the currency of the left, or of the side that is no literal."""
    if left.type.base is not Base.MONEY or right.type.base is not Base.MONEY:
        return left, right
    context = typing.context
    if isinstance(left, Literal) and not isinstance(right, Literal):
        return types.converted(context, context.settings, left, right.type.currency), right
    return left, types.converted(context, context.settings, right, left.type.currency)


def _count(typing: Typing, node: tree.Binary, left: Expression, right: Expression) -> Expression:
    count, other = (left, right) if isinstance(left, Count) else (right, left)
    number = other.value if isinstance(other, Literal) and other.type.base is Base.INTEGER else None
    if isinstance(number, int) and 0 <= number <= _MOST_COUNTED:
        return Compare(span=node.span, type=types.YES_NO, op=node.op, left=left, right=right)
    return _bad_count(typing, other, count)


def _bad_count(typing: Typing, at: Expression, count: Expression) -> Expression:
    typing.context.add(
        rules.COUNT_COMPARISON.at(
            at.span,
            f"`count` is compared with whole numbers up to {_MOST_COUNTED} only",
            label="not such a number" if at is not count else "not compared",
            help="keep larger figures in an attribute: `then set customer.orders = customer.orders + 1`",
        )
    )
    return types.nothing(at.span)


def lonely_count(typing: Typing, node: tree.Call) -> Expression:
    """`count(E)` where nothing compares it."""
    count = typing.count(node)
    return count if types.is_open(count.type) else _bad_count(typing, count, count)


def _in(typing: Typing, node: tree.Binary) -> Expression:
    item = typing.typed(node.left)
    if not isinstance(node.right, tree.Listing):
        whole = typing.typed(node.right)
        return _held(typing, node, whole, item)
    options = []
    for option in node.right.items:
        value = typing.typed(option, item.type)
        if types.is_open(item.type) or types.is_open(value.type):
            continue
        if not types.comparable(item.type, value.type):
            _not_comparable(typing, node, item, value)
            continue
        _, value = _one_currency(typing, item, _as_other(typing, value, item))
        options.append(value)
    if types.is_open(item.type):
        return types.nothing(node.span)
    type = types.maybe(types.YES_NO, item.type.unknown or any(o.type.unknown for o in options))
    return In(span=node.span, type=type, item=item, options=tuple(options))


def _contains(typing: Typing, node: tree.Binary) -> Expression:
    whole = typing.typed(node.left)
    return _held(typing, node, whole, typing.typed(node.right, whole.type.item))


def _held(typing: Typing, node: tree.Binary, whole: Expression, item: Expression) -> Expression:
    if types.is_open(whole.type) or types.is_open(item.type):
        return types.nothing(node.span)
    type = types.maybe(types.YES_NO, whole.type.unknown or item.type.unknown)
    if whole.type.base is Base.TEXT and item.type.base is Base.TEXT:
        return Contains(span=node.span, type=type, whole=whole, item=item)
    if whole.type.item is None:
        return typing.mistyped(
            whole.span, f"{types.said(whole.type)} contains nothing", "not a list", "only a list or a text contains"
        )
    item = types.fits(typing.context, typing.context.settings, item, whole.type.item)
    return Contains(span=node.span, type=type, whole=whole, item=item)


# --- arithmetic


def _period(node: tree.Expr) -> tuple[int, int] | None:
    """Months and days of a calendar period such as `1 month`."""
    if not isinstance(node, tree.Literal) or node.kind not in CALENDAR or not isinstance(node.value, int):
        return None
    months, days = CALENDAR[node.kind]
    return node.value * months, node.value * days


def lonely_period(typing: Typing, node: tree.Literal) -> Expression:
    typing.context.add(
        rules.CALENDAR_PERIOD.at(
            node.span,
            "a calendar period exists only in arithmetic on dates",
            label="added to no date",
            help="write a duration, such as `30d`, or add the period to a date: `today + 1 month`",
        )
    )
    return types.nothing(node.span)


def _arithmetic(typing: Typing, node: tree.Binary) -> Expression:
    period = _period(node.right)
    if period is not None and node.op in ("+", "-"):
        return _shift(typing, node, period)
    left, right = _sides(typing, node.left, node.right)
    if types.is_open(left.type) or types.is_open(right.type):
        return types.nothing(node.span)
    for side in (left, right):
        if isinstance(side, Count):
            return _bad_count(typing, side, side)
    if node.op == "+" and left.type.base is Base.LIST:
        return _append(typing, node, left, right)
    if node.op in ("+", "-"):
        left, right = _one_currency(typing, left, right)
        if types.is_open(left.type) or types.is_open(right.type):
            return types.nothing(node.span)  # of currencies without a rate is told already
    result = _RESULTS.get((left.type.base, node.op, right.type.base))
    if result is None:
        return _no_arithmetic(typing, node, left, right)
    type = result(left.type, right.type)
    if type is types.DATE and not _whole_days(right):
        return typing.mistyped(right.span, "a date moves by whole days only", "not whole days")
    unknown = left.type.unknown or right.type.unknown or (node.op == "/" and not _surely_not_zero(right))
    return Arithmetic(span=node.span, type=types.maybe(type, unknown), op=node.op, left=left, right=right)


def _surely_not_zero(item: Expression) -> bool:
    return isinstance(item, Literal) and bool(item.value)


def _whole_days(item: Expression) -> bool:
    return not isinstance(item, Literal) or not isinstance(item.value, int) or item.value % 86_400 == 0


def _shift(typing: Typing, node: tree.Binary, period: tuple[int, int]) -> Expression:
    date = typing.typed(node.left)
    if types.is_open(date.type):
        return date
    if date.type.base is not Base.DATE:
        help = "`today` is the date of now" if date.type.base is Base.TIME else ""
        return typing.mistyped(node.span, f"a calendar period is added to {types.said(date.type)}", "not a date", help)
    if isinstance(node.right, tree.Literal) and node.right.kind == "hour":
        return lonely_period(typing, node.right)
    sign = 1 if node.op == "+" else -1
    return Shift(span=node.span, type=date.type, date=date, months=sign * period[0], days=sign * period[1])


def _append(typing: Typing, node: tree.Binary, left: Expression, right: Expression) -> Expression:
    if left.type.item is not None:
        if right.type.base is not Base.LIST and isinstance(node.right, tree.Word):
            right = typing.typed(node.right, left.type.item)
        right = types.fits(typing.context, typing.context.settings, right, left.type.item)
    if types.is_open(right.type):
        return types.nothing(node.span)
    type = types.maybe(left.type, left.type.unknown or right.type.unknown)
    return Arithmetic(span=node.span, type=type, op="+", left=left, right=right)


def _no_arithmetic(typing: Typing, node: tree.Binary, left: Expression, right: Expression) -> Expression:
    verb = {"+": "added to", "-": "taken from", "*": "multiplied with", "/": "divided by"}[node.op]
    one, other = (right, left) if node.op in ("+", "-") else (left, right)
    message = f"{types.said(one.type)} is {verb} {types.said(other.type)}"
    help = types.help_between(right.type, left.type) or types.help_between(left.type, right.type)
    return typing.mistyped(node.span, message, "these do not go together", help)


def _left(left: Type, right: Type) -> Type:
    return left


def _right(left: Type, right: Type) -> Type:
    return right


def _always(type: Type) -> Callable[[Type, Type], Type]:
    return lambda left, right: type


_NUMBER = _always(types.NUMBER)
_RESULTS: dict[tuple[Base, str, Base], Callable[[Type, Type], Type]] = {
    (Base.DATE, "+", Base.DURATION): _always(types.DATE),
    (Base.DATE, "-", Base.DURATION): _always(types.DATE),
    (Base.DATE, "-", Base.DATE): _always(types.DURATION),
    (Base.TIME, "+", Base.DURATION): _always(types.TIME),
    (Base.TIME, "-", Base.DURATION): _always(types.TIME),
    (Base.TIME, "-", Base.TIME): _always(types.DURATION),
    (Base.INTEGER, "*", Base.INTEGER): _always(types.INTEGER),
    (Base.PERCENT, "*", Base.PERCENT): _always(types.PERCENT),
}
for _base in (Base.INTEGER, Base.MONEY, Base.DURATION, Base.PERCENT, Base.NUMBER):
    for _op in "+-":
        _RESULTS[_base, _op, _base] = _left
    _RESULTS[_base, "/", _base] = _NUMBER
for _factor in (Base.INTEGER, Base.NUMBER, Base.PERCENT):
    for _base in (Base.MONEY, Base.DURATION):
        _RESULTS[_base, "*", _factor] = _left
        _RESULTS[_factor, "*", _base] = _right
        _RESULTS[_base, "/", _factor] = _left
    for _other in types.NUMERIC:
        _RESULTS.setdefault((_factor, "*", _other), _NUMBER)
        _RESULTS.setdefault((_other, "*", _factor), _NUMBER)
        _RESULTS.setdefault((_factor, "/", _other), _NUMBER)
        _RESULTS.setdefault((_other, "/", _factor), _NUMBER)
for _factor in types.NUMERIC:
    _RESULTS[Base.PERCENT, "*", _factor] = _RESULTS[Base.PERCENT, "/", _factor] = _left
for _op in "+-":
    _RESULTS[Base.INTEGER, _op, Base.NUMBER] = _RESULTS[Base.NUMBER, _op, Base.INTEGER] = _NUMBER
