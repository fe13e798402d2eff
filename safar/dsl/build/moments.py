"""Moments: what `wait until` waits for."""

from __future__ import annotations

from safar.dsl import tree
from safar.dsl.build import events, types
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import WEEKDAYS
from safar.engine.expression import Base
from safar.engine.moves import Clock, Deadline, FromDate, FromInstant, FromOccasion
from safar.engine.names import nearest

_DAY = 86_400
MORNING = 9 * 3_600
"""The time of day where none is said."""


def deadline(typing: Typing, node: tree.Moment) -> Deadline | None:
    """The deadline of a `wait until`; None, with a finding, where there is none."""
    at = node.at.seconds if node.at is not None else None
    of = node.of
    if node.weekday is not None:
        return Clock(MORNING if at is None else at, node.weekday.text)
    if of is None:
        return Clock(at) if at is not None else None
    if isinstance(of, tree.Word) and of.text in WEEKDAYS and not node.offset:
        return Clock(MORNING if at is None else at, of.text)
    if isinstance(of, tree.Word):
        symbol = typing.context.scope.get(of.text)
        if symbol is not None and symbol.kind == "occasion":
            typing.context.refer(of, symbol.name, symbol.span)
            days = _days(typing, node)
            return FromOccasion(symbol.name, days, MORNING if at is None else at) if days is not None else None
        if of.text not in ("now", "today"):
            return _from_event(typing, node, of)
    if isinstance(of, tree.Event):
        return _from_event(typing, node, of)
    return _from_value(typing, node, of, at)


def _from_event(typing: Typing, node: tree.Moment, of: tree.Expr) -> Deadline | None:
    is_new = isinstance(of, tree.Word) and typing.context.scope.get(of.text) is None
    if isinstance(of, tree.Word) and is_new and nearest(of.text, WEEKDAYS) is not None:
        typing.context.undeclared(of, "weekday, occasion or event", WEEKDAYS)
        return None
    form = events.form(typing, of, also="occasion" if isinstance(of, tree.Word) else "")
    if form is None or _no_time(typing, node):
        return None
    return FromInstant(form, node.offset)


def _no_time(typing: Typing, node: tree.Moment) -> bool:
    """Whether a time of day stands where an instant says its own: that is a finding."""
    if node.at is None:
        return False
    typing.mistyped(node.at.span, "an instant has its own time of day", "not here", "leave `at` out")
    return True


def _from_value(typing: Typing, node: tree.Moment, of: tree.Expr, at: int | None) -> Deadline | None:
    value = typing.typed(of)
    match value.type.base:
        case Base.UNKNOWN:
            return None
        case Base.DATE:
            days = _days(typing, node)
            return FromDate(value, days, MORNING if at is None else at) if days is not None else None
        case Base.TIME:
            return None if _no_time(typing, node) else FromInstant(value, node.offset)
    help = _INSTEAD.get(value.type.base, "")
    typing.mistyped(of.span, f"{types.said(value.type)} is no time to wait for", "not a date or instant", help)
    return None


_INSTEAD = {
    Base.DURATION: "write `wait` alone for a duration",
    **dict.fromkeys((Base.INTEGER, Base.NUMBER), "write a time of day such as `09:00`, a weekday or a date"),
}


def _days(typing: Typing, node: tree.Moment) -> int | None:
    if node.offset % _DAY == 0:
        return node.offset // _DAY
    help = "write whole days, and the time of day behind `at`"
    typing.mistyped(node.span, "from a date whole days are counted", "not whole days", help)
    return None
