"""What a part of a journey refers to by name: one table of the fields that hold names, and one walk over the model."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine import expression, model, moves, parts, promises
from safar.engine.source import Span
from safar.engine.steps.start import Start
from safar.engine.steps.task import Task

Reference = tuple[str, str]
"""The table of the vocabulary (or `journeys`), and a name in it."""

_FIELDS: dict[type, tuple[tuple[str, str], ...]] = {
    expression.Attribute: (("name", "attributes"),),
    expression.FeedField: (("feed", "feeds"),),
    expression.EventField: (("event", "events"),),
    expression.Condition: (("name", "conditions"),),
    parts.Assign: (("attribute", "attributes"),),
    parts.Cost: (("event", "events"),),
    model.AttributeDraw: (("attribute", "attributes"),),
    model.Limit: (("channels", "channels"),),
    model.Closed: (("occasion", "occasions"),),
    model.Action: (("tags", "tags"),),
    model.Response: (("event", "events"),),
    model.Behaviour: (("event", "events"),),
    model.MapLine: (("personas", "personas"),),
    model.Send: (("channel", "channels"),),
    model.At: (("channel", "channels"),),
    model.Do: (("action", "actions"),),
    model.Touchpoint: (("tags", "tags"), ("owner", "teams")),
    model.Entry: (("event", "events"), ("attribute", "attributes"), ("occasion", "occasions")),
    model.Stage: (("owner", "teams"),),
    model.Journey: (("owner", "teams"),),
    moves.FromOccasion: (("occasion", "occasions"),),
    promises.Scenario: (("persona", "personas"), ("journey", "journeys")),
    promises.Trait: (("attribute", "attributes"),),
    promises.Start: (("event", "events"),),
    promises.Scripted: (("event", "events"), ("answers", "touchpoints")),
    promises.Forecast: (("journey", "journeys"), ("against", "journeys")),
    promises.Change: (("owner", "teams"),),
    promises.Plan: (("start", "journeys"), ("goal", "journeys")),
    Task: (("team", "teams"),),
    Start: (("journey", "journeys"),),
}

_OF_DEEDS = {
    "event": "events",
    "touchpoint": "touchpoints",
    "step": "touchpoints",
    "action": "actions",
    "channel": "channels",
    "tag": "tags",
    "condition": "conditions",
}
"""The table in which the name of a deed, a quantity or what is reachable stands, by its kind."""


def parts_of(node: object) -> Iterator[object]:
    """What stands directly inside a node; in a declared condition nothing: what it refers to is its own affair."""
    if isinstance(node, tuple):
        yield from node
    elif isinstance(node, msgspec.Struct) and not isinstance(node, expression.Condition | expression.Type | Span):
        yield from (getattr(node, field) for field in node.__struct_fields__)


def named(node: object) -> Iterator[Reference]:
    """What one node itself refers to, without what stands inside it."""
    for field, table in _FIELDS.get(type(node), ()):
        value = getattr(node, field)
        for name in value if isinstance(value, tuple) else (value,):
            if name:
                yield table, name
    yield from _by_kind(node)


def _by_kind(node: object) -> Iterator[Reference]:
    """Names whose table another field tells."""
    match node:
        case expression.EventForm(name=name, answers=answers):
            yield f"{node.kind.value}s", name
            yield from _answered(answers)
        case promises.Deed(kind=kind, name=name, answers=answers) if kind in _OF_DEEDS:
            yield _OF_DEEDS[kind], name
            yield from _answered(answers)
        case parts.Quantity(of=of, name=name, field=answers) if of in _OF_DEEDS:
            yield _OF_DEEDS[of], name
            yield from _answered(answers if of == "event" else "")
        case parts.Quantity(kind="for" | "average" as kind, name=name):
            yield "personas" if kind == "for" else "events", name
        case promises.Reachable(kind="touchpoint", name=name):
            yield "touchpoints", name
        case expression.Literal(type=expression.Type(base=expression.Base.PERSONA), value=str(name)):
            yield "personas", name


def _answered(touchpoint: str | None) -> Iterator[Reference]:
    if touchpoint:
        yield "touchpoints", touchpoint
