"""What rules speak of: touchpoints, channels, tags, actions, events, messages."""

from __future__ import annotations

from collections.abc import Iterator

from safar.dsl import tree
from safar.dsl.build import events, rules
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Symbol
from safar.engine.diagnostic import Related
from safar.engine.names import fold
from safar.engine.promises import Deed

ENTRY = "entry"
_OURS = ("touchpoint", "channel", "tag", "action")
MESSAGES = "messages"


def deed(typing: Typing, node: object) -> Deed | None:
    """What the shop does: a touchpoint met, a channel, tag or action, or `messages`; None, with a finding, if none."""
    return _deed(typing, node, _OURS)


def occurrence(typing: Typing, node: object) -> Deed | None:
    """The same, an event, or `entry`: the beginning of a run."""
    if isinstance(node, tree.Word) and fold(node.text) == ENTRY:
        return Deed(span=node.span, kind=ENTRY)
    return _deed(typing, node, (*_OURS, "event"))


def _deed(typing: Typing, node: object, kinds: tuple[str, ...]) -> Deed | None:
    if isinstance(node, tree.AnyOf):
        return _every(typing, node)
    if isinstance(node, tree.Event):
        return _event(typing, node, kinds)
    if not isinstance(node, tree.Word):
        if isinstance(node, tree.Expr):
            typing.mistyped(node.span, "a rule speaks of what is done or happens", "not a name")
        return None
    if fold(node.text) == MESSAGES:
        return Deed(span=node.span, kind=MESSAGES)
    symbol = _find(typing, node, kinds)
    return Deed(span=node.span, kind=symbol.kind, name=symbol.name) if symbol is not None else None


def _every(typing: Typing, node: tree.AnyOf) -> Deed | None:
    if fold(node.name.text) == MESSAGES:
        return Deed(span=node.span, kind=MESSAGES, every=True)
    typing.mistyped(node.span, "`any` stands before `messages` only", "not messages", f"write `{node.name.text}` alone")
    return None


def _event(typing: Typing, node: tree.Event, kinds: tuple[str, ...]) -> Deed | None:
    if _find(typing, node.name, kinds) is None:
        return None
    form = events.form(typing, node)
    if form is None:
        return None
    return Deed(span=node.span, kind=form.kind.value, name=form.name, answers=form.answers, where=form.where)


def _find(typing: Typing, name: tree.Name | tree.Word, kinds: tuple[str, ...]) -> Symbol | None:
    context, journey = typing.context, typing.scene.journey
    symbol = context.scope.get(name.text)
    if journey is not None:
        own = journey.touchpoints.get(name.text) or journey.symbols.get(name.text)
        if symbol is not None and symbol.kind == "touchpoint" and own is None:
            events.not_met(typing, name, symbol)
            return None
        symbol = own or symbol or journey.outcomes.get(name.text)
    if symbol is None:
        _undeclared(typing, name, kinds)
        return None
    if symbol.kind not in kinds and not (symbol.kind == "step" and symbol.meets):
        context.wrong_kind(name, symbol, _either(kinds), _candidates(typing, kinds))
        return None
    context.refer(name, symbol.name, symbol.span)
    return symbol


def _undeclared(typing: Typing, name: tree.Name | tree.Word, kinds: tuple[str, ...]) -> None:
    """No such name; a touchpoint of one journey is told as what it is."""
    context = typing.context
    for journey, names in context.routes.items():
        met = names.touchpoints.get(name.text) if typing.scene.journey is None else None
        if met is not None:
            context.add(
                rules.UNKNOWN_NAME.at(
                    name.span,
                    f"`{name.text}` is a touchpoint of the journey `{journey}`, and this rule is the project's",
                    label="not the project's",
                    help="move the rule into the journey, or the touchpoint out of it",
                    related=(Related("declared here", met.span),),
                )
            )
            return
    context.undeclared(name, _either(kinds), _candidates(typing, kinds))


def _candidates(typing: Typing, kinds: tuple[str, ...]) -> Iterator[Symbol | str]:
    if typing.scene.journey is not None:
        yield from typing.scene.journey.touchpoints
    yield from (s for s in typing.context.scope if s.kind in kinds)
    yield MESSAGES


def _either(kinds: tuple[str, ...]) -> str:
    """
    >>> _either(_OURS)
    'touchpoint, channel, tag or action'
    """
    return ", ".join(kinds[:-1]) + f" or {kinds[-1]}"
