"""Reasons in words: values as the language spells them, and which values decided a condition."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from safar.engine import expression as e
from safar.engine import spelling
from safar.engine.expression import Base, Expression, Type, Value
from safar.engine.model import Action, Event, Feed, Project
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Situation

PRIVATE = "(private)"
"""What stands for a private value in every output."""

Reason = Callable[[Situation, Run | None, Payload], str]


def duration(seconds: int) -> str:
    """A duration in its two largest units.

    >>> duration(90_061), duration(-7_200), duration(0)
    ('1d 1h', '-2h', '0s')
    """
    parts, left = [], abs(seconds)
    for letter, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        if left >= size:
            parts.append(f"{left // size}{letter}")
            left %= size
    return ("-" if seconds < 0 else "") + (" ".join(parts[:2]) or "0s")


def instant(at: int, zone: Zone) -> str:
    """A local date and time with its zone.

    >>> from safar.engine.simulate.clock import utc
    >>> instant(0, utc())
    '1970-01-01 00:00 UTC'
    """
    time = zone.time(at)
    seconds = f":{time % 60:02}" if time % 60 else ""
    return f"{zone.date(at)} {spelling.time_of_day(time)}{seconds} {zone.name}"


def value(value: Value, type: Type) -> str:
    """A value in the language's own spelling."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        item = type.item or Type(Base.TEXT)
        return "[" + ", ".join(_one(one, item) for one in value) + "]"
    return _one(value, type)


def _one(value: Value, type: Type) -> str:
    if type.base is Base.MONEY and isinstance(value, int):
        return spelling.money(value, type.currency)
    if type.base is Base.DURATION and isinstance(value, int):
        return duration(value)
    if type.base is Base.PERCENT and isinstance(value, float):
        return f"{value * 100:g}%"
    if type.base is Base.TIME and isinstance(value, int):
        return datetime.datetime.fromtimestamp(value, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return f"{value:g}"
    return f'"{value}"' if type.base is Base.TEXT else str(value)


def _private_names(project: Project) -> tuple[set[str], set[str]]:
    """Private attributes, and fields that are private in some event, action or feed."""
    vocabulary = project.vocabulary
    attributes = {one.name for one in vocabulary.attributes.values() if one.private}
    holders: list[Event | Action | Feed] = [*vocabulary.events.values(), *vocabulary.actions.values()]
    holders += vocabulary.feeds.values()
    return attributes, {field.name for holder in holders for field in holder.fields if field.private}


def is_private(node: Expression, project: Project) -> bool:
    """Whether an expression shows something private."""
    attributes, fields = _private_names(project)
    return any(_hidden(leaf, attributes, fields) for leaf in _leaves(node))


def _hidden(leaf: Expression, attributes: set[str], fields: set[str]) -> bool:
    if isinstance(leaf, e.Attribute):
        return leaf.name in attributes
    return getattr(leaf, "field", "") in fields


_LEAVES = (
    *(e.Attribute, e.Persona, e.StageName, e.Now, e.Today, e.Weekday, e.FeedField, e.EntryField, e.PayloadField),
    *(e.EventField, e.Happened, e.Count, e.Last, e.First, e.Since),
)


def _leaves(node: Expression) -> Iterator[Expression]:
    """The parts that are looked up, in order."""
    if isinstance(node, _LEAVES):
        yield node
        return
    for name in node.__struct_fields__:
        part = getattr(node, name)
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, Expression):
                yield from _leaves(one)


_PLAIN = {
    e.Persona: "persona",
    e.StageName: "stage",
    e.Now: "now",
    e.Today: "today",
    e.Weekday: "weekday",
}


def _name(leaf: Expression) -> str:  # noqa: PLR0911 - one line per kind
    match leaf:
        case e.Attribute(name=name):
            return f"customer.{name}"
        case e.EntryField(field=field):
            return f"entry.{field}"
        case e.PayloadField(field=field):
            return field
        case e.FeedField(feed=feed, field=field):
            return f"{feed}.{field}"
        case e.EventField(event=event, field=field):
            return f"{event}.{field}"
        case e.Happened(form=form):
            return spelling.event_form(form)
        case e.Count(form=form):
            return f"count({spelling.event_form(form)})"
        case e.Last(form=form, field=field):
            return f"last({spelling.event_form(form)}).{field}"
        case e.First(form=form, field=field):
            return f"first({spelling.event_form(form)}).{field}"
        case e.Since(form=form):
            return f"since({spelling.event_form(form)})"
        case _:
            return _PLAIN[type(leaf)]


def words(node: Expression) -> str:
    """The expression as written, on one line."""
    return " ".join(node.span.text.split())


class Because:
    """Which values decide a condition: `leaves` are the parts that are looked up and may be shown, with their types."""

    def __init__(self, node: Expression, project: Project) -> None:
        attributes, fields = _private_names(project)
        shown = {_name(leaf): None if _hidden(leaf, attributes, fields) else leaf for leaf in _leaves(node)}
        self._names = tuple(shown)
        self._leaves = tuple(shown.values())
        self._text = words(node)

    @property
    def leaves(self) -> list[Expression]:
        return [leaf for leaf in self._leaves if leaf is not None]

    def say(self, values: Iterable[Value], *, known: bool) -> str:
        """`customer.orders >= 3 (customer.orders = 2)`, with the values of the leaves; `known`: of the condition."""
        coming = iter(values)
        said = [
            f"{name} = {PRIVATE if leaf is None else value(next(coming), leaf.type)}"
            for name, leaf in zip(self._names, self._leaves, strict=True)
        ]
        detail = ", ".join(said) + ("" if known else ", unknown counts as false")
        return f"{self._text} ({detail})" if self._text and detail else self._text or detail


def reason(node: Expression, project: Project) -> Reason:
    """Which values decided, for the plain interpreter."""
    because, whole = Because(node, project), ready(node)
    readings = [ready(leaf) for leaf in because.leaves]

    def say(now: Situation, run: Run | None, payload: Payload) -> str:
        values = (reading(now, run, payload) for reading in readings)
        return because.say(values, known=whole(now, run, payload) is not None)

    return say
