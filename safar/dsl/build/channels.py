"""Channels and limits: directions, consent, caps, quiet hours, closed days."""

from __future__ import annotations

from typing import Any

from safar.dsl import tree
from safar.dsl.build import amounts, rules
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, calendar_unit
from safar.engine.diagnostic import Related
from safar.engine.model import Cap, Channel, Closed, Limit, Quiet, Refusal

_CHECKS = ("only_if", "at_most", "quiet", "closed")


def channel(context: Context, statement: tree.Statement, declared: dict[str, Any]) -> Channel:
    lines = said.lines(statement)
    _direction(context, lines, declared["name"])
    typing = Typing(context)
    consent = [typing.condition(c) for line in lines.get("only_if", ()) if (c := said.expression(line)) is not None]
    return Channel(
        **declared,
        outbound="inbound" not in lines,
        costs=amounts.costs(context, lines.get("cost", ())),
        consent=consent[0] if consent else None,
        caps=caps(context, lines),
        quiet=tuple(one for line in lines.get("quiet", ()) if (one := _quiet(line)) is not None),
        closed=tuple(days for line in lines.get("closed", ()) if (days := _closed(context, line)) is not None),
    )


def _direction(context: Context, lines: dict[str, list[tree.Statement]], name: str) -> None:
    if "inbound" not in lines:
        return
    inbound = lines["inbound"][0]
    for other in lines.get("outbound", ()):
        context.add(
            rules.TWO_DIRECTIONS.at(
                other.span,
                f"channel `{name}` is outbound and inbound at once",
                label="the other direction",
                help="declare two channels, one for each direction",
                related=(Related("the first direction", inbound.span),),
            )
        )
        return
    for form in _CHECKS:
        for line in lines.get(form, ()):
            context.add(
                rules.CHECK_ON_INBOUND_CHANNEL.at(
                    line.span,
                    f"channel `{name}` is inbound, and nothing holds a customer back who comes by himself",
                    label="never asked",
                    help="leave the line out, or make the channel `outbound`",
                    related=(Related("inbound", inbound.span),),
                )
            )


def limit(context: Context, statement: tree.Statement, declared: dict[str, Any]) -> Limit:
    lines = said.lines(statement)
    named = tuple(name for line in lines.get("channels", ()) for name in said.names(line, "channels"))
    found = []
    for name in named:
        symbol = context.find(context.scope, name, "channel")
        if symbol is not None and not symbol.outbound:
            _not_limited(context, name, symbol.name)
        elif symbol is not None:
            found.append(symbol.name)
    return Limit(**declared, channels=tuple(found), caps=caps(context, lines))


def _not_limited(context: Context, name: tree.Name, channel: str) -> None:
    context.add(
        rules.CHECK_ON_INBOUND_CHANNEL.at(
            name.span,
            f"channel `{channel}` is inbound, and a limit holds for messages that we send",
            label="never limited",
            help="leave it out",
        )
    )


def _refusal(line: tree.Statement) -> Refusal:
    node = line.values.get("refusal")
    if not isinstance(node, tree.Refusal):
        return Refusal(span=line.span, wait=False)
    if node.up_to is None:
        return Refusal(span=node.span, wait=node.wait)
    return Refusal(span=node.span, wait=node.wait, up_to=node.up_to.seconds)


def caps(context: Context, lines: dict[str, list[tree.Statement]]) -> tuple[Cap, ...]:
    return tuple(
        Cap(
            span=line.span,
            count=node.count.value,
            refusal=_refusal(line),
            window=node.window.seconds if node.window is not None else None,
            calendar=calendar_unit(context, node.calendar) or "day" if node.calendar is not None else None,
        )
        for line in lines.get("at_most", ())
        if isinstance(node := line.values.get("cap"), tree.Cap)
    )


def _quiet(line: tree.Statement) -> Quiet | None:
    start, end = said.seconds(line, "start"), said.seconds(line, "end")
    if start is None or end is None:
        return None
    return Quiet(span=line.span, start=start, end=end, refusal=_refusal(line))


def _closed(context: Context, line: tree.Statement) -> Closed | None:
    days = line.values.get("days")
    if not isinstance(days, tree.Closed):
        return None
    if days.occasion is None:
        country = "".join(p for p in days.country.parts if isinstance(p, str)) if days.country is not None else ""
        return Closed(span=line.span, refusal=_refusal(line), country=country)
    occasion = said.reference(context, "occasion", days.occasion)
    return Closed(span=line.span, refusal=_refusal(line), occasion=occasion) if occasion else None
