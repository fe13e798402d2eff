"""What must have happened before a run begins, where an `enter` line asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.expression import Alternative, Compare, Count, EventForm, Expression, Heard, Literal, Type
from safar.engine.model import Event, Vocabulary

_MOST = 12
"""Times that one event comes before a run, at most."""


def asked_before(condition: Expression, vocabulary: Vocabulary) -> Iterator[tuple[Event, Alternative]]:
    """The events that a condition names, as often as it counts them; answers come from runs that there are none of."""
    for form, times in _named(condition):
        event = vocabulary.events.get(form.name)
        if form.kind is Heard.EVENT and not form.answers and event is not None:
            for _ in range(min(times, _MOST)):
                yield event, Alternative(span=form.span, form=form)


def _named(node: object) -> Iterator[tuple[EventForm, int]]:
    """The event forms in an expression, and how often each is wanted."""
    match node:
        case EventForm():
            yield node, 1
        case Compare(op=op, left=Count(form=form), right=Literal(value=int(times))):
            yield form, times + (op == ">")
        case Type():
            return
        case tuple():
            for one in node:
                yield from _named(one)
        case msgspec.Struct():
            for field in node.__struct_fields__:
                yield from _named(getattr(node, field))
