"""Patterns: what `wait for` waits for and a `repeat` is left by."""

from __future__ import annotations

from collections.abc import Iterator

from safar.dsl import tree
from safar.dsl.build import events, rules
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Findings
from safar.dsl.build.scene import Scene
from safar.engine.expression import (
    Alternative,
    And,
    Condition,
    Count,
    EventForm,
    Expression,
    First,
    Happened,
    Last,
    Now,
    Pattern,
    Since,
    Today,
    Weekday,
)
from safar.engine.source import Span


def pattern(context: Context, scene: Scene, node: tree.Pattern) -> Pattern:
    alternatives = tuple(_alternative(context, scene, one) for one in node.alternatives)
    return Pattern(span=node.span, alternatives=alternatives)


def _alternative(context: Context, scene: Scene, node: tree.Alternative) -> Alternative:
    typing = Typing(context, scene)
    if not _is_form(context, node.what):
        condition = checked(context, typing.condition(node.what))
        if node.condition is not None:
            other = checked(context, typing.condition(node.condition))
            condition = And(span=node.span, type=condition.type, left=condition, right=other)
        return Alternative(span=node.span, condition=condition)
    form, met = heard(context, scene, node.what, node.condition, also="condition")
    return Alternative(span=node.span, form=form, condition=met)


def heard(
    context: Context, scene: Scene, what: tree.Expr, condition: tree.Expr | None, *, also: str = ""
) -> tuple[EventForm | None, Expression | None]:
    """`EVENT [if C]`: the form, which has no window here, and the condition, which sees the event at hand.

    `also` names what else could have stood here, for the finding.
    """
    form = events.form(Typing(context, scene), what, also=also if isinstance(what, tree.Word) else "")
    if form is not None and form.within is not None:
        window = what.within if isinstance(what, tree.Event) and what.within is not None else what
        context.add(
            rules.WINDOW_IN_PATTERN.at(
                window.span,
                "`within` looks back, and here only what comes counts",
                label="no window here",
                help="leave `within` out: `up to` says how long is waited",
            )
        )
    if condition is None:
        return form, None
    event = context.scope.get(form.name) if form is not None else None
    return form, Typing(context, scene.on(event)).condition(condition)


def _is_form(context: Context, node: tree.Expr) -> bool:
    if isinstance(node, tree.Event):
        return True
    if not isinstance(node, tree.Word) or node.text in ("now", "today", "weekday", "persona", "stage"):
        return False
    symbol = context.scope.get(node.text)
    return symbol is None or symbol.kind != "condition"


def checked(context: Context, condition: Expression) -> Expression:
    """A condition in a pattern: without events of its own, and not made true by time alone."""
    for part, at in parts(condition, None):
        if isinstance(part, Happened) and part.form.within is None:
            _event(context, part, at)
            break
        word = _by_time(part)
        if word:
            _time(context, at, word)
            break
    return condition


def _event(found: Findings, part: Happened, at: Span) -> None:
    found.add(
        rules.EVENT_IN_PATTERN_CONDITION.at(
            at,
            f"`{part.form.name}` stands inside a condition, where it means what has happened before",
            label="an event inside a condition",
            help=f"write `{part.form.name} if ...`, or join alternatives by `or`",
        )
    )


def _time(found: Findings, at: Span, word: str) -> None:
    found.add(
        rules.TIME_CONDITION_IN_PATTERN.at(
            at,
            f"`{word}` can become true by time alone, and nothing happens then that could be waited for",
            label="changes by time alone",
            help="use `wait until` for a time",
        )
    )


def _by_time(part: Expression) -> str:
    """The word by which time alone changes an expression, or nothing."""
    match part:
        case Now():
            return "now"
        case Today():
            return "today"
        case Weekday():
            return "weekday"
        case Since():
            return "since"
        case Happened(form=form) | Count(form=form) | Last(form=form) | First(form=form) if form.within is not None:
            return "within"
    return ""


def parts(item: Expression, at: Span | None) -> Iterator[tuple[Expression, Span]]:
    """The expression and all inside it, with the place that a finding shows: a declared condition's is its name."""
    yield item, at or item.span
    inner = item.span if isinstance(item, Condition) and at is None else at
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, Expression):
            yield from parts(value, inner)
        elif name == "options":
            for one in value:
                yield from parts(one, inner)
