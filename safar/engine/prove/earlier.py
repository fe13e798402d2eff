"""What must have happened for something of the past to be as it is wanted: the events, with fields that are settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from safar.engine.expression import Alternative, Count, EventForm, First, Happened, Heard, Last, Type, Value
from safar.engine.model import Event, Vocabulary
from safar.engine.prove.space import Variable

_MOST = 12
"""Times that one event comes for one thing, at most."""


class Came(NamedTuple):
    """An event that is to have come, so that it is what `one` says, with these fields."""

    event: Event
    one: Alternative
    fields: dict[str, Value]


def came(thing: Variable, want: int, vocabulary: Vocabulary) -> Iterator[Came]:
    """The events that make a thing of the past what a box wants; answers come from runs, and are none of them."""
    values = [value for value in thing.left(want) if value is not None and value is not False]
    asked = thing.expression
    if not values:
        return
    times = values[0] if isinstance(asked, Count) and isinstance(values[0], int) else 1
    fields: dict[str, Value] = {asked.field: values[0]} if isinstance(asked, Last | First) else {}
    forms = [asked.form] if isinstance(asked, Happened | Count | Last | First) else list(_named(asked))
    for form in forms:
        event = vocabulary.events.get(form.name)
        if form.kind is Heard.EVENT and not form.answers and event is not None:
            for _ in range(min(times, _MOST)):
                yield Came(event, Alternative(span=form.span, form=form), fields)


def _named(node: object) -> Iterator[EventForm]:
    match node:
        case EventForm():
            yield node
        case Type():
            return
        case tuple():
            for one in node:
                yield from _named(one)
        case msgspec.Struct():
            for field in node.__struct_fields__:
                yield from _named(getattr(node, field))
