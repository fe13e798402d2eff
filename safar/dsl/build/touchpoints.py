"""Touchpoints: the message, what is shown and done, what it costs, and how customers answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from safar.dsl import tree
from safar.dsl.build import amounts, measures, rules, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Symbol
from safar.engine.diagnostic import Related
from safar.engine.model import At, Behaviour, Do, Response, Send, Shown, Touchpoint


def touchpoint(typing: Typing, statement: tree.Statement, declared: dict[str, Any]) -> Touchpoint:
    context, lines = typing.context, said.lines(statement)
    priority = [name.text for name in said.values(lines.get("priority", ()), "level", tree.Name)]
    owners = [said.reference(context, "team", said.name(line, "team")) for line in lines.get("owner", ())]
    return Touchpoint(
        **declared,
        contact=_contact(typing, lines),
        shows=tuple(_shown(typing, line) for line in lines.get("shows", ())),
        actions=tuple(c for line in lines.get("touchpoint_do", ()) if (c := call(typing, line)) is not None),
        tags=said.tags(context, lines.get("tag_line", ())),
        transactional="transactional" in lines,
        priority=priority[0] if priority else "normal",
        map_lines=said.map_lines(context, statement),
        owner=owners[0] if owners else "",
        costs=amounts.costs(context, lines.get("cost", ())),
        measures=measures.of_touchpoint(typing, lines.get("measure", ())),
        responds=tuple(r for line in lines.get("responds", ()) for r in _responses(typing, said.block(line))),
    )


# --- the contact


def _contact(typing: Typing, lines: dict[str, list[tree.Statement]]) -> Send | At | None:
    contacts = [*lines.get("send", ()), *lines.get("at", ())]
    if len(contacts) > 1:
        first, second = sorted(contacts, key=lambda line: line.span.start)[:2]
        typing.context.add(
            rules.TWO_CONTACTS.at(
                second.head,
                "a touchpoint is one contact, and this one has two",
                label="the second",
                help="make two touchpoints of it",
                related=(Related("the first", first.head),),
            )
        )
    if not contacts:
        return None
    return _send(typing, contacts[0]) if contacts[0].form == "send" else _at(typing.context, contacts[0])


def _channel(context: Context, line: tree.Statement, outbound: bool) -> str:
    name = said.name(line, "channel")
    symbol = context.find(context.scope, name, "channel") if name is not None else None
    if symbol is None or name is None:
        return ""
    if symbol.outbound is not outbound:
        way = ("we reach the customer", "at") if outbound is False else ("the customer comes to us", "send")
        context.add(
            rules.WRONG_DIRECTION.at(
                name.span,
                f"on channel `{symbol.name}` {way[0]}",
                label="outbound" if symbol.outbound else "inbound",
                help=f"write `{'send' if symbol.outbound else 'at'} {symbol.name}`",
                related=(Related("declared here", symbol.span),),
            )
        )
        return ""
    return symbol.name


def _send(typing: Typing, line: tree.Statement) -> Send | None:
    channel = _channel(typing.context, line, outbound=True)
    parts, path = [], ""
    for part in said.block(line):
        node = part.values.get("text")
        if part.form == "body_file":
            path = said.text(part, "path")
        elif isinstance(node, tree.Text):
            parts.append((part.form, typing.template(node)))
    return Send(span=line.span, channel=channel, parts=tuple(parts), body_file=path) if channel else None


def _at(context: Context, line: tree.Statement) -> At | None:
    channel = _channel(context, line, outbound=False)
    return At(span=line.span, channel=channel) if channel else None


def _shown(typing: Typing, line: tree.Statement) -> Shown:
    node = said.expression(line, "value")
    value = typing.typed(node, types.SHOWN) if node is not None else types.nothing(line.span)
    return Shown(span=line.span, label=said.text(line, "label"), value=value)


# --- actions


def call(typing: Typing, line: tree.Statement) -> Do | None:
    """`do ACTION(key = value, ...)`."""
    node, context = line.values.get("call"), typing.context
    action = context.find(context.scope, node.name, "action") if isinstance(node, tree.Action) else None
    if not isinstance(node, tree.Action) or action is None:
        return None
    given: dict[str, tree.Argument] = {}
    arguments = []
    for argument in node.arguments:
        field = typing.field(action, argument.name)
        value = typing.value(argument.value, field.type if field is not None else types.UNKNOWN)
        if field is None:
            continue
        first = given.setdefault(field.name, argument)
        if first is not argument:
            names = (Symbol("argument", a.name.text, a.name.span) for a in (argument, first))
            context.duplicate(*names)
            continue
        arguments.append((field.name, value))
    _missing(context, node, action, given)
    return Do(span=node.span, action=action.name, arguments=tuple(arguments))


def _missing(context: Context, node: tree.Action, action: Symbol, given: dict[str, tree.Argument]) -> None:
    missing = [f.name for f in action.fields.values() if f.name not in given and not f.type.unknown]
    unread = any(argument.name.text not in given for argument in node.arguments)
    if missing and not unread:
        listed = ", ".join(f"`{name}`" for name in missing)
        context.add(
            rules.MISSING_ARGUMENT.at(
                node.span,
                f"`{action.name}` is done without {listed}",
                label=f"needs {listed}",
                help=f"write `{action.name}({', '.join(f'{name} = ...' for name in missing)})`",
                related=(Related("declared here", action.span),),
            )
        )


# --- assumptions


def _responses(typing: Typing, lines: Iterable[tree.Statement]) -> tuple[Response, ...]:
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        event = _event(typing.context, line)
        if event is None:
            continue
        number = seen[event.name] = seen.get(event.name, 0) + 1
        found.append(
            Response(
                span=line.span,
                event=event.name,
                key=event.name if number == 1 else f"{event.name}#{number}",
                chance=amounts.chance(typing, line.values.get("chance")),
                delay=amounts.delay(typing.context, line.values.get("delay"), line.span),
                payload=amounts.payload(typing, line.values.get("payload"), event),
                then=_responses(typing, said.block(line)),
            )
        )
    return tuple(found)


def behaves(typing: Typing, blocks: Iterable[tree.Statement]) -> tuple[Behaviour, ...]:
    """What customers do by themselves."""
    seen: dict[str, int] = {}
    found = []
    for line in (line for block in blocks for line in said.block(block)):
        event = _event(typing.context, line)
        if event is None:
            continue
        seen[event.name] = seen.get(event.name, 0) + 1
        found.append(
            Behaviour(
                span=line.span,
                event=event.name,
                line=seen[event.name],
                rates=amounts.rates(typing, line.values.get("rate")),
                payload=amounts.payload(typing, line.values.get("payload"), event),
            )
        )
    return tuple(found)


def _event(context: Context, line: tree.Statement) -> Symbol | None:
    name = said.name(line, "event")
    return context.find(context.scope, name, "event") if name is not None else None
