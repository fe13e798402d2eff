"""Declarations of the project: all names first, then what they say."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import msgspec

from safar.dsl import tree
from safar.dsl.build import amounts, channels, fields, rules, touchpoints
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing, declared_condition
from safar.dsl.build.names import Context, Symbol
from safar.dsl.build.scene import Scene
from safar.dsl.syntax_rules import MISSING
from safar.engine.diagnostic import Related
from safar.engine.model import (
    Action,
    AttributeDraw,
    Channel,
    Declared,
    Event,
    Feed,
    Limit,
    Occasion,
    PersonaDeclared,
    Tag,
    Team,
    Touchpoint,
    Vocabulary,
)

_KINDS = {
    "event": "event",
    "channel": "channel",
    "limit": "limit",
    "action": "action",
    "condition": "condition",
    "team": "team",
    "tag": "tag",
    "feed": "feed",
    "occasion": "occasion",
    "touchpoint_declared": "touchpoint",
    "persona": "persona",
    "journey": "journey",
}

Declarations = list[tuple[Symbol, tree.Statement]]


def declare(context: Context, file: tree.File) -> Declarations:
    """Enter the names of a file, with attributes and fields; what is left to build, in file order."""
    found: Declarations = []
    for statement in file.statements:
        if statement.form == "customer":
            for line in said.block(statement):
                if line.form == "attribute":
                    fields.attribute(context, line)
            continue
        kind, name = _KINDS.get(statement.form), said.name(statement)
        if kind is None or name is None:
            continue
        symbol = Symbol(kind, name.text, name.span, title=said.text(statement), statement=statement)
        if kind in ("event", "action", "feed"):
            symbol.fields = fields.fields(context, statement)
        elif kind == "channel":
            symbol.outbound = all(line.form != "inbound" for line in said.block(statement))
        if context.declare(context.scope, symbol):
            found.append((symbol, statement))
    return found


def build(context: Context, declarations: Declarations, base: Vocabulary) -> Vocabulary:
    """The vocabulary of the files a file uses, and its own declarations behind them."""
    own: dict[str, dict[str, Declared]] = {}
    for symbol, statement in declarations:
        if symbol.kind in _BUILDERS:
            own.setdefault(symbol.kind + "s", {})[symbol.name] = _BUILDERS[symbol.kind](context, symbol, statement)
    attributes = {s.name: s.attribute for s in context.attributes.own.values() if s.attribute is not None}
    if attributes:
        own["attributes"] = {**attributes}
    _shares(context, declarations, base)
    return msgspec.structs.replace(base, **{field: {**getattr(base, field), **new} for field, new in own.items()})


def _shares(context: Context, declarations: Declarations, base: Vocabulary) -> None:
    """All personas together are all customers."""
    own = [
        share
        for symbol, statement in declarations
        if symbol.kind == "persona"
        for line in said.block(statement)
        if line.form == "share" and isinstance(share := line.values.get("share"), tree.Percent)
    ]
    if own:
        others = sum((persona.share for persona in base.personas.values()), Fraction(0))
        amounts.whole(context, own, own[-1].span, "the personas", others)


# --- one builder for each kind of declaration


def _declared(symbol: Symbol, statement: tree.Statement) -> dict[str, Any]:
    return {"span": statement.span, "name": symbol.name, "name_span": symbol.span, "title": symbol.title}


def _needs(context: Context, statement: tree.Statement, message: str, help: str) -> None:
    context.add(MISSING.at(statement.head, message, help=help))


def _event(context: Context, symbol: Symbol, statement: tree.Statement) -> Event:
    typing = Typing(context, Scene(at_hand=symbol, bare=True))
    sets = [amounts.assign(typing, line) for line in said.block(statement) if line.form == "then_set"]
    return Event(
        **_declared(symbol, statement),
        fields=tuple(symbol.fields.values()),
        then_set=tuple(one for one in sets if one is not None),
    )


def _channel(context: Context, symbol: Symbol, statement: tree.Statement) -> Channel:
    return channels.channel(context, statement, _declared(symbol, statement))


def _limit(context: Context, symbol: Symbol, statement: tree.Statement) -> Limit:
    return channels.limit(context, statement, _declared(symbol, statement))


def _action(context: Context, symbol: Symbol, statement: tree.Statement) -> Action:
    lines = said.lines(statement)
    return Action(
        **_declared(symbol, statement),
        fields=tuple(symbol.fields.values()),
        costs=amounts.costs(context, lines.get("cost", ())),
        tags=said.tags(context, lines.get("tag_line", ())),
    )


def _condition(context: Context, symbol: Symbol, statement: tree.Statement) -> Declared:
    declared = declared_condition(context, symbol)
    assert declared is not None
    return declared


def _team(context: Context, symbol: Symbol, statement: tree.Statement) -> Team:
    return Team(**_declared(symbol, statement))


def _tag(context: Context, symbol: Symbol, statement: tree.Statement) -> Tag:
    return Tag(**_declared(symbol, statement))


def _feed(context: Context, symbol: Symbol, statement: tree.Statement) -> Feed:
    if not symbol.fields:
        _needs(context, statement, f"feed `{symbol.name}` has no field", "add what it tells, such as `left: integer?`")
    return Feed(**_declared(symbol, statement), fields=tuple(symbol.fields.values()))


def _occasion(context: Context, symbol: Symbol, statement: tree.Statement) -> Occasion:
    dates = [date for line in said.block(statement) if isinstance(date := line.values.get("date"), tree.Date)]
    for before, after in itertools.pairwise(dates):
        if after.value <= before.value:
            context.add(
                rules.DATES_OUT_OF_ORDER.at(
                    after.span,
                    f"{after.value} is not after {before.value}",
                    label="out of order",
                    help="write each date once, the earliest first",
                    related=(Related("the date before", before.span),),
                )
            )
    if not dates:
        _needs(context, statement, f"occasion `{symbol.name}` has no date", "add its dates, such as `2027-03-21`")
    return Occasion(**_declared(symbol, statement), dates=tuple(sorted({date.value for date in dates})))


def _touchpoint(context: Context, symbol: Symbol, statement: tree.Statement) -> Touchpoint:
    symbol.touchpoint = touchpoints.touchpoint(Typing(context), statement, _declared(symbol, statement))
    return symbol.touchpoint


def _persona(context: Context, symbol: Symbol, statement: tree.Statement) -> PersonaDeclared:
    typing, lines = Typing(context), said.lines(statement)
    shares = [amounts.share(context, s) for s in said.values(lines.get("share", ()), "share", tree.Percent)]
    arrivals = [amounts.arrival(typing, line, None) for line in lines.get("arrive", ())]
    return PersonaDeclared(
        **_declared(symbol, statement),
        share=shares[0] if shares else Fraction(0),
        map_lines=said.map_lines(context, statement),
        draws=tuple(d for line in lines.get("persona_set", ()) for d in _draw(typing, line)),
        behaves=touchpoints.behaves(typing, lines.get("behaves", ())),
        arrive=arrivals[0] if arrivals else None,
    )


def _draw(typing: Typing, line: tree.Statement) -> Iterator[AttributeDraw]:
    """`set customer.x = AMOUNT`; a persona may give the value of a fixed attribute."""
    symbol = amounts.attribute(typing.context, line.values.get("target"))
    if symbol is not None and symbol.attribute is not None:
        type = symbol.attribute.type
        cases = amounts.amount(typing, line.values.get("amount"), type)
        yield AttributeDraw(span=line.span, attribute=symbol.name, type=type, cases=cases)


_BUILDERS: dict[str, Callable[[Context, Symbol, tree.Statement], Declared]] = {
    "event": _event,
    "channel": _channel,
    "limit": _limit,
    "action": _action,
    "condition": _condition,
    "team": _team,
    "tag": _tag,
    "feed": _feed,
    "occasion": _occasion,
    "touchpoint": _touchpoint,
    "persona": _persona,
}
