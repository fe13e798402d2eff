"""Expressions made ready to be evaluated: each becomes a function, once.  None is unknown, of whatever type."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from safar.engine import expression as e
from safar.engine.expression import EventForm, Expression, Heard, Value
from safar.engine.names import fold
from safar.engine.simulate import arithmetic
from safar.engine.simulate.history import Name, Record, heard
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Reading, Situation

Matching = Callable[[Situation, Run | None, Record], bool]


def form_name(form: EventForm) -> Name:
    return form.kind, fold(form.name)


def matching(form: EventForm) -> Matching:
    """Whether a record of the form's name is one of the form, in a run.  Its window is not looked at."""
    place = fold(form.answers) if form.answers else ""
    where = ready(form.where) if form.where is not None else None

    def matches(now: Situation, run: Run | None, record: Record) -> bool:
        if run is not None and run.per and not heard(record, run):
            return False
        if place and not record.answers(run, place):
            return False
        return where is None or where(now, run, record.payload) is True

    return matches


def _records(form: EventForm) -> Callable[[Situation, Run | None], Iterator[Record]]:
    """The records of a form within its window (all that is known, if it has none), the last first."""
    name, within, matches = form_name(form), form.within, matching(form)

    def records(now: Situation, run: Run | None) -> Iterator[Record]:
        for record in now.history.latest(name):
            if within is not None and now.now - record.at >= within:
                return
            if matches(now, run, record):
                yield record

    return records


# --- readings, by kind of node


def _literal(node: e.Literal) -> Reading:
    value = node.value
    return lambda now, run, payload: value


def _attribute(node: e.Attribute) -> Reading:
    name = node.name
    return lambda now, run, payload: now.attributes.get(name)


def _persona(node: e.Persona) -> Reading:
    return lambda now, run, payload: now.persona


def _stage(node: e.StageName) -> Reading:
    return lambda now, run, payload: (run.stage or None) if run is not None else None


def _now(node: e.Now) -> Reading:
    return lambda now, run, payload: now.now


def _today(node: e.Today) -> Reading:
    return lambda now, run, payload: now.zone.date(now.now)


def _weekday(node: e.Weekday) -> Reading:
    return lambda now, run, payload: now.zone.weekday(now.now)


def _feed(node: e.FeedField) -> Reading:
    """The shop's own data is not known in a simulation."""
    return lambda now, run, payload: None


def _entry_field(node: e.EntryField) -> Reading:
    field = node.field
    return lambda now, run, payload: (payload if run is None else run.payload).get(field)


def _payload_field(node: e.PayloadField) -> Reading:
    field = node.field
    return lambda now, run, payload: payload.get(field)


def _event_field(node: e.EventField) -> Reading:
    name, field = (Heard.EVENT, fold(node.event)), node.field

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        for record in now.history.latest(name):
            if heard(record, run):
                return record.payload.get(field)
        return None

    return read


def _happened(node: e.Happened) -> Reading:
    form = node.form
    if form.within is not None:
        records = _records(form)
        return lambda now, run, payload: next(records(now, run), None) is not None
    name, matches = form_name(form), matching(form)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        known = run.known if run is not None else 0
        for record in now.history.latest(name):
            if record.number <= known:
                return False
            if matches(now, run, record):
                return True
        return False

    return read


def _count(node: e.Count) -> Reading:
    records = _records(node.form)
    return lambda now, run, payload: sum(1 for _ in records(now, run))


def _last(node: e.Last) -> Reading:
    records, field = _records(node.form), node.field

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        record = next(records(now, run), None)
        return None if record is None else record.payload.get(field)

    return read


def _first(node: e.First) -> Reading:
    records, field = _records(node.form), node.field

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        found = None
        for found in records(now, run):  # noqa: B007 - the last that comes is the first that happened
            pass
        return None if found is None else found.payload.get(field)

    return read


def _since(node: e.Since) -> Reading:
    records = _records(node.form)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        record = next(records(now, run), None)
        return None if record is None else now.now - record.at

    return read


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare(node: e.Compare) -> Reading:
    left, right, compare = ready(node.left), ready(node.right), _COMPARE[node.op]

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a, b = left(now, run, payload), right(now, run, payload)
        return None if a is None or b is None else compare(a, b)

    return read


def _and(node: e.And) -> Reading:
    left, right = ready(node.left), ready(node.right)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a = left(now, run, payload)
        if a is False:
            return False
        b = right(now, run, payload)
        return b if a is True or b is False else None

    return read


def _or(node: e.Or) -> Reading:
    left, right = ready(node.left), ready(node.right)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a = left(now, run, payload)
        if a is True:
            return True
        b = right(now, run, payload)
        return b if a is False or b is True else None

    return read


def _not(node: e.Not) -> Reading:
    item = ready(node.item)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        value = item(now, run, payload)
        return None if value is None else not value

    return read


def _or_else(node: e.OrElse) -> Reading:
    left, right = ready(node.left), ready(node.right)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        value = left(now, run, payload)
        return right(now, run, payload) if value is None else value

    return read


def _arithmetic(node: e.Arithmetic) -> Reading:
    left, right, op, base = ready(node.left), ready(node.right), node.op, node.type.base

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a, b = left(now, run, payload), right(now, run, payload)
        return None if a is None or b is None else arithmetic.calculate(op, a, b, base)

    return read


def _on_known(item: Expression, function: Callable[[Any], Value]) -> Reading:
    """The function of an item that is known; of unknown, unknown."""
    inner = ready(item)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        value = inner(now, run, payload)
        return None if value is None else function(value)

    return read


def _shift(node: e.Shift) -> Reading:
    return _on_known(node.date, lambda date: arithmetic.shifted(date, node.months, node.days))


def _negate(node: e.Negate) -> Reading:
    return _on_known(node.item, operator.neg)


def _whole(node: e.Whole) -> Reading:
    return _on_known(node.item, lambda seconds: arithmetic.whole_units(seconds, node.seconds))


def _convert(node: e.Convert) -> Reading:
    return _on_known(node.item, lambda units: arithmetic.converted(units, node.rate))


def _in(node: e.In) -> Reading:
    item, options = ready(node.item), [ready(option) for option in node.options]

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        value = item(now, run, payload)
        if value is None:
            return None
        values = [option(now, run, payload) for option in options]
        return True if value in values else (None if None in values else False)

    return read


def _contains(node: e.Contains) -> Reading:
    whole, item = ready(node.whole), ready(node.item)

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a: Any = whole(now, run, payload)
        b: Any = item(now, run, payload)
        return None if a is None or b is None else b in a

    return read


def _known(node: e.Known) -> Reading:
    item, known = ready(node.item), node.known
    return lambda now, run, payload: (item(now, run, payload) is not None) is known


def _round(node: e.Round) -> Reading:
    item, unit, down, base = ready(node.item), ready(node.unit), node.down, node.type.base

    def read(now: Situation, run: Run | None, payload: Payload) -> Value:
        a, b = item(now, run, payload), unit(now, run, payload)
        return None if a is None or b is None else arithmetic.rounded(a, b, down, base)

    return read


def _condition(node: e.Condition) -> Reading:
    return ready(node.item)


_READY: dict[type[Expression], Callable[[Any], Reading]] = {
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
    e.EventField: _event_field,
    e.Happened: _happened,
    e.Count: _count,
    e.Last: _last,
    e.First: _first,
    e.Since: _since,
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


def ready(node: Expression) -> Reading:
    """The expression as a function of the situation, the run and the payload at hand.

    >>> from safar.engine.expression import Base, Literal, Not, Type
    >>> from safar.engine.source import NOWHERE
    >>> yes_no = Type(Base.YES_NO)
    >>> no = Not(span=NOWHERE, type=yes_no, item=Literal(span=NOWHERE, type=yes_no, value=True))
    >>> ready(no)(None, None, {})
    False
    """
    return _READY[type(node)](node)
