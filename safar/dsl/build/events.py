"""Event forms: `EVENT[(TOUCHPOINT)] [within D] [where C]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.dsl import tree
from safar.dsl.build import rules
from safar.dsl.build.names import WEEKDAYS, Symbol, kind_with_article
from safar.engine.diagnostic import Related
from safar.engine.expression import EventForm, Heard
from safar.engine.names import fold

if TYPE_CHECKING:
    from safar.dsl.build.expressions import Typing

_ELSEWHERE = {"true": "yes", "false": "no", "null": "unknown", "none": "unknown", "nil": "unknown"}
"""Values as other languages write them."""

_MOMENTS = {"tomorrow": "09:00", "tonight": "20:00", "noon": "12:00", "midday": "12:00", "midnight": "00:00"}

_HEARD = {"event": Heard.EVENT, "touchpoint": Heard.TOUCHPOINT, "action": Heard.ACTION}


def form(typing: Typing, node: tree.Expr, *, also: str = "") -> EventForm | None:
    """The event form that a name or a form with more than its name says; None, with a finding, if it is none.

    `also` names what else could have stood here, for the finding.
    """
    if isinstance(node, tree.Word):
        symbol = heard(typing, node, also)
        if symbol is None:
            return None
        return EventForm(span=node.span, kind=_HEARD[symbol.kind], name=symbol.name)
    if not isinstance(node, tree.Event):
        typing.mistyped(node.span, "an event is wanted here", "not an event")
        return None
    symbol = heard(typing, node.name, also)
    if symbol is None:
        return None
    where = None
    if node.where is not None:
        where = type(typing)(typing.context, typing.scene.where(symbol)).condition(node.where)
    return EventForm(
        span=node.span,
        kind=_HEARD[symbol.kind],
        name=symbol.name,
        answers=_answers(typing, symbol, node.answers) if node.answers is not None else None,
        within=node.within.seconds if node.within is not None else None,
        where=where,
    )


def heard(typing: Typing, name: tree.Name | tree.Word, also: str = "") -> Symbol | None:
    """The event, touchpoint or action of a name.  A journey's own touchpoint goes before the project's names."""
    context, journey = typing.context, typing.scene.journey
    symbol = journey.touchpoints.get(name.text) if journey is not None else None
    symbol = symbol or context.scope.get(name.text)
    if symbol is not None and symbol.kind in _HEARD:
        context.refer(name, symbol.name, symbol.span)
        return symbol
    if symbol is None and journey is not None:
        symbol = journey.symbols.get(name.text) or journey.outcomes.get(name.text)
    wanted = f"{also} or event" if also else "event"
    if symbol is not None:
        context.wrong_kind(name, symbol, wanted, _candidates(typing, also))
        return None
    attribute = context.attributes.get(name.text) if also else None
    help = f"did you mean `customer.{attribute.name}`?" if attribute is not None else _said_elsewhere(typing, name)
    context.undeclared(name, wanted, _candidates(typing, also), help)
    return None


def _said_elsewhere(typing: Typing, name: tree.Name | tree.Word) -> str | None:
    """What is meant by a word of other languages, by a field without its event, by a text without quotes."""
    meant = _ELSEWHERE.get(name.text.lower())
    event = typing.scene.at_hand
    if name.text.lower() in _MOMENTS:
        return f"write a time of day such as `{_MOMENTS[name.text.lower()]}`: the next one is meant"
    short = name.text.lower().removesuffix(".")
    days = [day for day in WEEKDAYS if len(short) > 1 and day.startswith(short)]
    if name.text not in WEEKDAYS and len(days) == 1:
        return f"write `{days[0]}`"
    if name.text in WEEKDAYS:
        return f"write `weekday == {name.text}`"
    if meant is not None:
        return f"write `{meant}`"
    if event is not None and fold(name.text) in event.fields:
        return f"did you mean `{event.name}.{name.text}`?"
    return None


def _candidates(typing: Typing, also: str) -> Iterator[Symbol]:
    if typing.scene.journey is not None:
        yield from typing.scene.journey.touchpoints
    yield from (s for s in typing.context.scope if s.kind in _HEARD or s.kind == also)


def _answers(typing: Typing, symbol: Symbol, name: tree.Name) -> str:
    """The touchpoint, or the step at which one is met, that an event answers."""
    context, journey = typing.context, typing.scene.journey
    if symbol.kind != "event":
        context.add(
            rules.WRONG_KIND.at(
                name.span,
                f"only events answer a touchpoint, and `{symbol.name}` is {kind_with_article(symbol.kind)}",
                label="not answered",
                help=f"write `{symbol.name}` alone",
            )
        )
        return name.text
    if journey is None:
        declared = context.find(context.scope, name, "touchpoint")
        return declared.name if declared is not None else name.text
    met = journey.symbols.get(name.text)
    if met is None or met.kind not in ("touchpoint", "step"):
        met = journey.touchpoints.get(name.text) or met
    if met is not None and (met.kind == "touchpoint" or (met.kind == "step" and met.meets)):
        context.refer(name, met.name, met.span)
        return met.name
    not_met(typing, name, met or context.scope.get(name.text))
    return name.text


def not_met(typing: Typing, name: tree.Name | tree.Word, symbol: Symbol | None) -> None:
    """Say that a touchpoint that is named has no place in this journey."""
    journey = typing.scene.journey
    assert journey is not None
    if symbol is not None and symbol.kind != "touchpoint":
        typing.context.wrong_kind(name, symbol, "touchpoint", journey.touchpoints)
        return
    places = [s for s in journey.symbols if s.kind == "step" and s.meets]
    near, there = typing.context.nearest(name.text, [*journey.touchpoints, *places])
    typing.context.add(
        rules.UNKNOWN_NAME.at(
            name.span,
            f"no touchpoint `{name.text}` is met in this journey",
            label="not met here",
            near=near,
            related=(Related("declared here", symbol.span),) if symbol is not None else there,
        )
    )
