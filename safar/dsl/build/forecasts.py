"""Forecasts: what the figures of a population shall be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.dsl import tree
from safar.dsl.build import measures
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.journeys import names_of
from safar.dsl.build.names import Context, Symbol
from safar.dsl.build.scene import Scene
from safar.dsl.syntax_rules import IMPOSSIBLE
from safar.engine.names import fold
from safar.engine.promises import Comparison, Forecast


def forecasts(context: Context, statements: Iterable[tree.Statement]) -> tuple[Forecast, ...]:
    """The forecasts of a file; those of journeys that nothing declares are left out."""
    found = (_forecast(context, one) for one in statements if one.form == "forecast")
    return tuple(one for one in found if one is not None)


def _forecast(context: Context, statement: tree.Statement) -> Forecast | None:
    journey, against = (_journey(context, said.name(statement, field)) for field in ("journey", "against"))
    if journey is None or (against is None and "against" in statement.values):
        return None
    lines = said.lines(statement)
    compared = [one for one in (journey, against) if one is not None]
    typings = {fold(one.name): Typing(context, Scene(names_of(context, one))) for one in compared}
    others = typings if against is not None else {}
    reader = measures.Reader(typings[fold(journey.name)], measures.FIGURES, others)
    counts = [_positive(context, node) for node in said.values(lines.get("customers", ()), "count", tree.Integer)]
    seeds = said.values(lines.get("seed", ()), "seed", tree.Integer)
    return Forecast(
        span=statement.span,
        title=said.text(statement),
        journey=journey.name,
        against=against.name if against is not None else "",
        customers=counts[0] if counts else None,
        seed=seeds[0].value if seeds else None,
        expects=tuple(_comparisons(reader, lines.get("expect_measure", ()))),
    )


def _journey(context: Context, name: tree.Name | None) -> Symbol | None:
    return context.find(context.scope, name, "journey") if name is not None else None


def _positive(context: Context, node: tree.Integer) -> int:
    if node.value < 1:
        context.add(IMPOSSIBLE.at(node.span, "nobody is simulated", help="write at least 1"))
    return max(node.value, 1)


def _comparisons(reader: measures.Reader, lines: Iterable[tree.Statement]) -> Iterator[Comparison]:
    for line in lines:
        test = line.values.get("test")
        if not isinstance(test, tree.Test):
            continue
        left, right = reader.quantity(test.left), reader.quantity(test.right)
        if left is None or right is None:
            continue
        if reader.compared(left, right):
            yield Comparison(span=line.span, op=test.op, left=left, right=right)
