"""Journeys: their headers, goals, stages and interrupts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import msgspec

from safar.dsl import tree
from safar.dsl.build import amounts, claims, measures, moments, patterns, route, rules, touchpoints, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import WEEKDAYS, Context, Scope, Symbol
from safar.dsl.build.scene import JourneyNames
from safar.dsl.build.steps import Steps
from safar.engine import spelling
from safar.engine.diagnostic import Related
from safar.engine.expression import Base, Expression, Type
from safar.engine.model import Arrival, Entry, Goal, HoldOut, Interrupt, Journey, Level, Reentry, Stage
from safar.engine.names import fold

_YEAR = 365 * 86_400
_ENTRIES = ("enter_event", "enter_date", "enter_yearly", "enter_each")
_UNITS = ("day", "month", *WEEKDAYS)


def journeys(context: Context, declared: list[tuple[Symbol, tree.Statement]]) -> dict[str, Journey]:
    """The journeys of a file; the names of all of them come first, since one may start another."""
    known = [(symbol, statement, route.names_of(context, statement)) for symbol, statement in declared]
    context.routes.update((fold(symbol.name), names) for symbol, _, names in known)
    started = {name for _, _, names in known for name in names.starts}
    for symbol, statement, names in known:
        _entry_events(context, names, said.lines(statement))
        names.entry_sure = names.entry_sure and fold(symbol.name) not in started
    return {symbol.name: _journey(context, symbol, statement, names) for symbol, statement, names in known}


def names_of(context: Context, symbol: Symbol) -> JourneyNames:
    """The names of a journey, of this file or of one that it uses."""
    known = context.routes.get(fold(symbol.name))
    if known is not None or symbol.statement is None:
        return known or JourneyNames(Scope(), Scope(), Scope(), Scope())
    unheard = Context(context.settings, context)
    names = route.names_of(unheard, symbol.statement)
    _entry_events(unheard, names, said.lines(symbol.statement))
    context.routes[fold(symbol.name)] = names
    return names


def _journey(context: Context, symbol: Symbol, statement: tree.Statement, names: JourneyNames) -> Journey:
    lines = said.lines(statement)
    builder = Steps(context, names)
    horizons = [seconds for line in lines.get("horizon", ()) if (seconds := said.seconds(line, "horizon")) is not None]
    horizon = horizons[0] if horizons else _YEAR
    styles = lines.get("style", ())
    return Journey(
        span=statement.span,
        name=symbol.name,
        name_span=symbol.span,
        title=symbol.title,
        owner=_owner(context, lines),
        style=next((name.text for name in said.values(styles, "style", tree.Name)), ""),
        style_why=next((said.text(line, "why") for line in styles), ""),
        map_lines=said.map_lines(context, statement),
        entries=tuple(_entries(builder, said.block(statement))),
        reenter=next(_reentries(lines.get("reenter", ())), None),
        hold_out=next(_hold_outs(context, lines.get("hold_out", ())), None),
        interrupts=_interrupts(builder, lines),
        goals=tuple(_goals(builder.typing, lines.get("goal", ()), _Horizon(horizon, lines.get("horizon", ())))),
        measures=measures.of_journey(builder.typing, lines.get("measure", ()), names.measures),
        rules=claims.of_journey(builder.typing, lines.get("rule", ())),
        horizon=horizon,
        arrive=_arrival(builder, lines),
        behaves=touchpoints.behaves(builder.typing, lines.get("behaves", ())),
        stages=tuple(_stages(builder, lines.get("stage", ()))),
    )


def _owner(context: Context, lines: dict[str, list[tree.Statement]]) -> str:
    owners = [said.reference(context, "team", said.name(line, "team")) for line in lines.get("owner", ())]
    return owners[0] if owners else ""


# --- entry


def _entry_events(context: Context, names: JourneyNames, lines: dict[str, list[tree.Statement]]) -> None:
    """What `entry.FIELD` can see; no findings, since the `enter` lines give them."""
    written = (said.name(line, "event") for line in lines.get("enter_event", ()))
    found = (context.scope.get(name.text) for name in written if name is not None)
    names.entry = tuple(symbol for symbol in found if symbol is not None and symbol.kind == "event")
    names.entry_sure = not any(form in lines for form in _ENTRIES[1:])


def _entries(builder: Steps, lines: Iterable[tree.Statement]) -> Iterator[Entry]:
    readers = dict(zip(_ENTRIES, (_on_event, _on_date, _yearly, _each), strict=True))
    for line in lines:
        reader = readers.get(line.form)
        entry = reader(builder, line) if reader is not None else None
        if entry is not None:
            yield entry


def _condition(builder: Steps, line: tree.Statement, event: Symbol | None = None) -> Expression | None:
    node = said.expression(line)
    if node is None:
        return None
    return Typing(builder.context, builder.scene.on(event)).condition(node)


def _at(line: tree.Statement) -> int:
    seconds = said.seconds(line, "at")
    return moments.MORNING if seconds is None else seconds


def _on_event(builder: Steps, line: tree.Statement) -> Entry | None:
    context, name, per = builder.context, said.name(line, "event"), said.name(line, "per")
    event = context.find(context.scope, name, "event") if name is not None else None
    condition = _condition(builder, line, event)
    if event is None:
        return None
    field = builder.typing.field(event, per) if per is not None else None
    return Entry(
        span=line.span, kind="event", event=event.name, per=field.name if field is not None else "", condition=condition
    )


def _on_date(builder: Steps, line: tree.Statement) -> Entry | None:
    node, condition = line.values.get("date"), _condition(builder, line)
    if not isinstance(node, tree.Date):
        return None
    return Entry(span=line.span, kind="date", date=node.value, at=_at(line), condition=condition)


def _yearly(builder: Steps, line: tree.Statement) -> Entry | None:
    target, condition = line.values.get("attribute"), _condition(builder, line)
    symbol = amounts.attribute(builder.context, target)
    if symbol is None or symbol.attribute is None or not isinstance(target, tree.Node):
        return None
    type = symbol.attribute.type
    if type.base not in (Base.DATE, Base.UNKNOWN):
        types.mistyped(builder.context, target.span, f"{types.said(type)} comes round in no year", label="not a date")
        return None
    return Entry(span=line.span, kind="yearly", attribute=symbol.name, at=_at(line), condition=condition)


def _each(builder: Steps, line: tree.Statement) -> Entry | None:
    name, condition, context = said.name(line, "unit"), _condition(builder, line), builder.context
    if name is None:
        return None
    if name.text in _UNITS:
        return Entry(span=line.span, kind="each", unit=name.text, at=_at(line), condition=condition)
    symbol = context.scope.get(name.text)
    occasions = [s for s in context.scope if s.kind == "occasion"]
    if symbol is None:
        context.undeclared(name, "day, month, weekday or occasion", [*_UNITS, *occasions])
        return None
    if symbol.kind != "occasion":
        context.wrong_kind(name, symbol, "occasion", occasions)
        return None
    context.refer(name, symbol.name, symbol.span)
    return Entry(span=line.span, kind="occasion", occasion=symbol.name, at=_at(line), condition=condition)


def _reentries(lines: Iterable[tree.Statement]) -> Iterator[Reentry]:
    for node in said.values(lines, "reentry", tree.Reentry):
        yield Reentry(span=node.span, how=node.how, after=node.after.seconds if node.after is not None else 0)


def _hold_outs(context: Context, lines: Iterable[tree.Statement]) -> Iterator[HoldOut]:
    for line in lines:
        share = line.values.get("share")
        if isinstance(share, tree.Percent):
            yield HoldOut(span=line.span, share=amounts.share(context, share), of_project="of_project" in line.values)


def _arrival(builder: Steps, lines: dict[str, list[tree.Statement]]) -> Arrival | None:
    event = builder.names.entry[0] if builder.names.entry else None
    found = [amounts.arrival(builder.typing, line, event) for line in lines.get("arrive", ())]
    return found[0] if found else None


# --- goals, stages, interrupts


class _Horizon(msgspec.Struct, frozen=True):
    seconds: int
    lines: Sequence[tree.Statement]


def _goals(typing: Typing, statements: Iterable[tree.Statement], horizon: _Horizon) -> Iterator[Goal]:
    journey = typing.scene.journey
    assert journey is not None
    for statement in statements:
        name = said.name(statement)
        symbol = journey.symbols.get(name.text) if name is not None else None
        if symbol is not None and name is not None and symbol.span is name.span:
            yield _goal(typing, statement, symbol, horizon)


def _goal(typing: Typing, statement: tree.Statement, symbol: Symbol, horizon: _Horizon) -> Goal:
    lines = said.lines(statement)
    events = [node for line in lines.get("goal_on", ()) if (node := said.expression(line, "event")) is not None]
    node, within = events[0] if events else None, None
    if isinstance(node, tree.Event) and node.within is not None:
        within = node.within.seconds
        _window(typing.context, node.within, horizon)
        node = tree.Event(node.span, node.name, node.answers, None, node.where)
    form = patterns.heard(typing.context, typing.scene, node, None)[0] if node is not None else None
    event = typing.context.scope.get(form.name) if form is not None else None
    levels = [_share(typing.context, line.values.get("level")) for line in lines.get("target", ())]
    values = said.values(lines.get("value", ()), "value", tree.GoalValue)
    return Goal(
        span=statement.span,
        name=symbol.name,
        name_span=symbol.span,
        title=symbol.title,
        on=form,
        within=within,
        target=levels[0] if levels else None,
        value=_value(Typing(typing.context, typing.scene.on(event)), values[0].value) if values else None,
        value_first=bool(values) and values[0].first,
    )


def _share(context: Context, node: object) -> Level | None:
    """The target of a goal: a share of the runs."""
    level = amounts.level(context, node)
    if level is None or level.unit == "%" or not isinstance(node, tree.Level):
        return level
    said = node.value.span.text
    help = f"write `{said}%`" if not level.unit and 1 <= level.value <= 100 else "such as `at least 12%`"
    if not level.unit and 0 < level.value < 1:
        help = f"write `{spelling.percent(Fraction(level.value))}`, or `{said}%` if that is meant"
    types.mistyped(context, node.value.span, "the target of a goal is a share of the runs", label="no share", help=help)
    return None


def _value(typing: Typing, node: tree.Expr) -> Expression:
    item = typing.typed(node)
    if item.type.base in (Base.MONEY, Base.UNKNOWN):
        return item
    help = types.help_between(item.type, Type(Base.MONEY, currency=typing.context.settings.currency))
    return typing.mistyped(node.span, "the value of a goal is money", f"this is {types.said(item.type)}", help)


def _window(context: Context, within: tree.Duration, horizon: _Horizon) -> None:
    if within.seconds > horizon.seconds:
        context.add(
            rules.GOAL_WINDOW_TOO_LONG.at(
                within.span,
                f"a run is followed for {spelling.duration(horizon.seconds)}, and the goal's window is longer",
                label="longer than the horizon",
                help=f"write `horizon {within.span.text}`, or a shorter window",
                related=tuple(Related("the horizon", line.span) for line in horizon.lines),
            )
        )


def _interrupts(builder: Steps, lines: dict[str, list[tree.Statement]]) -> tuple[Interrupt, ...]:
    found = (builder.interrupt(line) for line in lines.get("on", ()))
    return tuple(one for one in found if one is not None)


def _stages(builder: Steps, statements: Iterable[tree.Statement]) -> Iterator[Stage]:
    context = builder.context
    for statement in statements:
        name, lines = said.name(statement), said.lines(statement)
        if name is None:
            continue
        stage = Stage(
            span=statement.span,
            name=name.text,
            name_span=name.span,
            title=said.text(statement),
            steps=builder.steps(said.block(statement)),
            map_lines=said.map_lines(context, statement),
            interrupts=_interrupts(builder, lines),
            behaves=touchpoints.behaves(builder.typing, lines.get("behaves", ())),
            owner=_owner(context, lines),
        )
        first = builder.names.symbols.get(name.text)
        if first is not None and first.span is name.span:
            yield stage
