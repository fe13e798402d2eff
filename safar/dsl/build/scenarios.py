"""Scenarios: one customer's story, told whole, and what shall come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.dsl import tree
from safar.dsl.build import amounts, claims, events, moments, rules, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.journeys import names_of
from safar.dsl.build.names import Context, Symbol
from safar.dsl.build.scene import Scene
from safar.dsl.syntax_rules import MISSING
from safar.engine.expression import Base, Convert, Expression, Heard, Literal, Type
from safar.engine.names import fold
from safar.engine.promises import Claim, Given, LeavesBy, Scenario, Scripted, Start, Take, TakesPath, Trait
from safar.engine.source import Span


def scenarios(context: Context, statements: Iterable[tree.Statement]) -> tuple[Scenario, ...]:
    """The scenarios of a file; those of journeys that cannot be told are left out."""
    found = (_scenario(context, one) for one in statements if one.form == "scenario")
    return tuple(one for one in found if one is not None)


def _scenario(context: Context, statement: tree.Statement) -> Scenario | None:
    name, lines = said.name(statement, "journey"), said.lines(statement)
    symbol = context.find(context.scope, name, "journey") if name is not None else None
    if symbol is None:
        return None
    typing = Typing(context, Scene(names_of(context, symbol)))
    if not lines.get("scenario_start"):
        help = "say when it begins: `start 2027-01-05 at 09:00`"
        context.add(MISSING.at(statement.head, "`scenario` needs `start`", help=help))
    starts = [start for line in lines.get("scenario_start", ()) if (start := _start(typing, line)) is not None]
    written = [line for block in lines.get("traits", ()) for line in said.block(block)]
    return Scenario(
        span=statement.span,
        title=said.text(statement),
        journey=symbol.name,
        persona=_persona(typing, written),
        traits=tuple(_traits(typing, written)),
        start=starts[0] if starts else None,
        takes=tuple(_takes(typing, lines.get("take", ()))),
        script=tuple(_script(typing, lines.get("scripted", ()))),
        expects=tuple(_expects(typing, said.block(statement))),
    )


# --- the customer


def _persona(typing: Typing, lines: Iterable[tree.Statement]) -> str:
    for line in lines:
        name, value = said.name(line), said.expression(line, "value")
        if name is not None and name.text == "persona" and value is not None:
            item = typing.value(value, Type(Base.PERSONA))
            return str(item.value) if isinstance(item, Literal) and item.value is not None else ""
    return ""


def _traits(typing: Typing, lines: Iterable[tree.Statement]) -> Iterator[Trait]:
    context = typing.context
    first: dict[str, tree.Name] = {}
    for line in lines:
        name, value = said.name(line), said.expression(line, "value")
        if name is None:
            continue
        if first.setdefault(fold(name.text), name) is not name:
            said.twice(context, name.text, name.span, first[fold(name.text)].span)
            continue
        if name.text == "persona":
            continue
        symbol = context.find(context.attributes, name, "attribute")
        if symbol is None or symbol.attribute is None or value is None:
            continue
        yield Trait(span=line.span, attribute=symbol.name, value=_literal(typing, value, symbol.attribute.type))


def _literal(typing: Typing, node: tree.Expr, wanted: Type) -> Expression:
    if wanted.base is Base.TEXT and isinstance(node, tree.Word):
        help = f'write `"{node.text}"`'
        return typing.mistyped(node.span, "a text stands in quotation marks", "without quotation marks", help)
    item = typing.value(node, wanted)
    if isinstance(item.item if isinstance(item, Convert) else item, Literal):
        return item
    return typing.mistyped(node.span, "what a customer is like is told by a value", "not a value")


# --- what happens


def _start(typing: Typing, line: tree.Statement) -> Start | None:
    date, name, at = line.values.get("date"), said.name(line, "event"), said.seconds(line, "at")
    event = typing.context.find(typing.context.scope, name, "event") if name is not None else None
    payload = _payload(typing, line, event)
    if name is None:
        _eventless(typing.context, line)
    if not isinstance(date, tree.Date):
        return None
    return Start(
        span=line.span,
        date=date.value,
        at=moments.MORNING if at is None else at,
        event=event.name if event is not None else "",
        payload=payload,
    )


def _eventless(context: Context, line: tree.Statement) -> None:
    payload = line.values.get("payload")
    if isinstance(payload, tree.Payload):
        context.add(MISSING.at(payload.span, "`with` needs the event whose fields it gives", help="add `on EVENT`"))


def _payload(typing: Typing, line: tree.Statement, event: Symbol | None) -> tuple[Given, ...]:
    """The fields of an event that is told."""
    node = line.values.get("payload")
    if event is None:
        return ()
    found = []
    for filled in amounts.payload(typing, node, event):
        case = filled.cases[0] if filled.cases else None
        value = case.amount.value if case is not None else None
        drawn = case is not None and (case.amount.high is not None or case.amount.about or case.condition is not None)
        if value is None or drawn or len(filled.cases) > 1:
            _drawn(typing.context, filled.span, filled.field)
        else:
            found.append(Given(span=filled.span, field=filled.field, value=value))
    return tuple(found)


def _drawn(context: Context, span: Span, field: str) -> None:
    context.add(
        rules.CHANCE_IN_SCENARIO.at(
            span,
            f"`{field}` is left to chance, and in a scenario nothing is drawn",
            label="one value is wanted",
            help=f"write the value, as in `{field} = ...`, and a second scenario for another one",
        )
    )


def _takes(typing: Typing, lines: Iterable[tree.Statement]) -> Iterator[Take]:
    context, journey = typing.context, typing.scene.journey
    assert journey is not None
    taken: dict[str, tree.Dotted] = {}
    for line in lines:
        node = line.values.get("arm")
        if not isinstance(node, tree.Dotted) or not isinstance(node.base, tree.Word):
            continue
        split = context.find(journey.symbols, node.base, "split")
        if split is None:
            continue
        arm = split.arms.get(node.field.text)
        if arm is None:
            context.unknown(node.field, f"arm of `{split.name}`", split.arms)
            continue
        if taken.setdefault(split.name, node) is not node:
            said.twice(context, split.name, node.span, taken[split.name].span)
            continue
        context.refer(node.field, arm.name, arm.span)
        yield Take(span=line.span, split=split.name, arm=arm.name)


def _script(typing: Typing, lines: Iterable[tree.Statement]) -> Iterator[Scripted]:
    for line in lines:
        after = line.values.get("after")
        node, change = said.expression(line, "event"), line.values.get("change")
        if not isinstance(after, tree.Duration):
            continue
        if (node is None) == (change is None):
            message = "`at` needs what happens then: an event, or `set`" if node is None else "`at` takes one thing"
            typing.context.add(
                MISSING.at(line.head, message, help="write `at +3h opened(thanks)`, and a line for each")
            )
            continue
        if isinstance(change, tree.Assignment):
            values: dict[str, tree.Value | tree.Block | tree.Statement] = {
                "target": change.target,
                "value": change.value,
            }
            assign = amounts.assign(typing, tree.Statement(change.span, "set", line.head, values))
            if assign is not None:
                yield Scripted(span=line.span, after=after.seconds, change=assign)
        elif node is not None:
            yield from _event(typing, line, node, after.seconds)


def _event(typing: Typing, line: tree.Statement, node: tree.Expr, after: int) -> Iterator[Scripted]:
    form = events.form(typing, node)
    if form is None:
        return
    symbol = typing.context.scope.get(form.name)
    if form.kind is not Heard.EVENT:
        types.mistyped(
            typing.context, node.span, "an event is wanted: what the shop does comes by itself", label="not one"
        )
        return
    payload = _payload(typing, line, symbol)
    yield Scripted(span=line.span, after=after, event=form.name, answers=form.answers, payload=payload)


# --- what shall come of it


def _expects(typing: Typing, lines: Iterable[tree.Statement]) -> Iterator[Claim]:
    for line in lines:
        made: Claim | None = None
        if line.form == "expect_path":
            made = _path(typing, line)
        elif line.form == "expect_exit":
            made = _exit(typing, line)
        elif line.form.startswith("expect_"):
            made = claims.claim(typing, line)
        if made is not None:
            yield made


def _path(typing: Typing, line: tree.Statement) -> TakesPath | None:
    node, journey, context = line.values.get("path"), typing.scene.journey, typing.context
    if not isinstance(node, tree.Path) or journey is None:
        return None
    stops: list[str | None] = []
    for name in node.stops:
        if name.text == tree.ANY_STOPS:
            stops.append(None)
            continue
        symbol = journey.touchpoints.get(name.text) or journey.symbols.get(name.text)
        if symbol is not None and (symbol.kind == "touchpoint" or symbol.meets):
            stops.append(context.refer(name, symbol.name, symbol.span))
        else:
            events.not_met(typing, name, symbol or context.scope.get(name.text))
            return None
    return TakesPath(span=line.span, stops=tuple(stops))


def _exit(typing: Typing, line: tree.Statement) -> LeavesBy | None:
    name, journey = said.name(line, "outcome"), typing.scene.journey
    if name is None or journey is None:
        return None
    by = said.seconds(line, "by")
    if name.text == "completed":
        return LeavesBy(span=line.span, outcome=name.text, by=by)
    symbol = typing.context.find(journey.outcomes, name, "outcome")
    return LeavesBy(span=line.span, outcome=symbol.name, by=by) if symbol is not None else None
