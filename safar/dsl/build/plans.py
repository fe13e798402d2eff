"""Plans: the way from one journey to another, and who changes what by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.dsl import tree
from safar.dsl.build import amounts, rules, types
from safar.dsl.build import statements as said
from safar.dsl.build.journeys import names_of
from safar.dsl.build.names import Context, Scope, Symbol
from safar.engine.model import Cost
from safar.engine.names import fold
from safar.engine.promises import Change, Plan


def plans(context: Context, statements: Iterable[tree.Statement]) -> dict[str, Plan]:
    """The plans of a file by name."""
    found = {}
    for statement in statements:
        name = said.name(statement) if statement.form == "plan" else None
        if name is not None and context.declare(context.plans, Symbol("plan", name.text, name.span)):
            plan = _plan(context, statement, name)
            if plan is not None:
                found[name.text] = plan
    return found


def _plan(context: Context, statement: tree.Statement, name: tree.Name) -> Plan | None:
    written = (said.name(statement, "start"), said.name(statement, "goal"))
    ends = [context.find(context.scope, one, "journey") if one is not None else None for one in written]
    start, goal = ends
    if start is None or goal is None:
        return None
    return Plan(
        span=statement.span,
        name=name.text,
        name_span=name.span,
        title=said.text(statement),
        start=start.name,
        goal=goal.name,
        changes=_changes(context, statement, (start, goal)),
    )


def _changes(context: Context, plan: tree.Statement, journeys: tuple[Symbol, Symbol]) -> tuple[Change, ...]:
    names = [names_of(context, journey) for journey in journeys]
    parts = [scope for one in names for scope in (one.symbols, one.touchpoints, one.outcomes)]
    changes = Scope()
    lines: list[tuple[Symbol, tree.Statement]] = []
    for line in said.block(plan):
        name = said.name(line)
        if name is None:
            continue
        symbol = next((found for scope in parts if (found := scope.get(name.text)) is not None), None)
        if symbol is None:
            what = f"part of `{journeys[0].name}` or `{journeys[1].name}`"
            context.unknown(name, what, (one for scope in parts for one in scope))
            continue
        own = Symbol("change", context.refer(name, symbol.name, symbol.span), name.span)
        first = changes.own.setdefault(fold(own.name), own)
        if first is own:
            lines.append((own, line))
        else:
            said.twice(context, own.name, own.span, first.span)
    made = tuple(_change(context, own, line, changes) for own, line in lines)
    _circles(context, made)
    return made


def _change(context: Context, own: Symbol, line: tree.Statement, changes: Scope) -> Change:
    lines = said.lines(line)
    dates = said.values(lines.get("change_by", ()), "date", tree.Date)
    before = [one for after in lines.get("change_after", ()) for one in said.names(after, "changes")]
    known = [found for one in before if (found := context.find(changes, one, "change")) is not None]
    owners = [said.reference(context, "team", said.name(owner, "team")) for owner in lines.get("owner", ())]
    return Change(
        span=line.span,
        name=own.name,
        name_span=own.span,
        owner=owners[0] if owners else "",
        by=dates[0].value if dates else None,
        after=tuple(one.name for one in known),
        costs=tuple(_costs(context, lines.get("cost", ()))),
    )


def _costs(context: Context, lines: Iterable[tree.Statement]) -> Iterator[Cost]:
    for cost in amounts.costs(context, lines):
        if cost.per == "build":
            yield cost
        else:
            types.mistyped(context, cost.span, "a change costs once", label="a running cost", help="write `to build`")


def _circles(context: Context, changes: tuple[Change, ...]) -> None:
    """Find changes that wait for one another: each circle once."""
    after = {change.name: change.after for change in changes}
    cleared: set[str] = set()
    for change in changes:
        circle = _circle(change.name, after, cleared)
        if circle:
            cleared.update(circle)
            context.add(
                rules.CIRCULAR_PLAN.at(
                    change.name_span,
                    "these changes wait for one another: " + " -> ".join(f"`{name}`" for name in circle),
                    label="can never begin",
                    help="let one of them begin first",
                )
            )


def _circle(start: str, after: dict[str, tuple[str, ...]], cleared: set[str]) -> tuple[str, ...]:
    """The way from a change over what it comes after back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = set(cleared)
    while ways:
        way = ways.pop()
        for name in after[way[-1]]:
            if name == start and start not in cleared:
                return (*way, name)
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()
