"""What stands in a statement's clauses, or nothing where a clause is missing: its reader has said so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from safar.dsl import tree
from safar.dsl.build.names import Context
from safar.dsl.build.rules import FEELING_OUT_OF_RANGE
from safar.dsl.syntax_rules import REPEATED
from safar.engine.diagnostic import Related
from safar.engine.model import MapLine
from safar.engine.source import Span

V = TypeVar("V", bound=tree.Node)

_MAP_WORDS = frozenset(
    ("doing", "thinking", "feeling", "question", "pain", "opportunity", "needs", "evidence", "story", "theme")
)


def name(statement: tree.Statement, field: str = "name") -> tree.Name | None:
    value = statement.values.get(field)
    return value if isinstance(value, tree.Name) else None


def names(statement: tree.Statement, field: str) -> tuple[tree.Name, ...]:
    value = statement.values.get(field)
    return tuple(one for one in value if isinstance(one, tree.Name)) if isinstance(value, tuple) else ()


def text(statement: tree.Statement, field: str = "title") -> str:
    """A title; it has no placeholders."""
    value = statement.values.get(field)
    return "".join(p for p in value.parts if isinstance(p, str)) if isinstance(value, tree.Text) else ""


def seconds(statement: tree.Statement, field: str) -> int | None:
    value = statement.values.get(field)
    return value.seconds if isinstance(value, tree.Duration | tree.Time) else None


def block(statement: tree.Statement, field: str = "then") -> tuple[tree.Statement, ...]:
    value = statement.values.get(field)
    return value.statements if isinstance(value, tree.Block) else ()


def expression(statement: tree.Statement, field: str = "condition") -> tree.Expr | None:
    value = statement.values.get(field)
    return value if isinstance(value, tree.Expr) else None


def lines(statement: tree.Statement) -> dict[str, list[tree.Statement]]:
    """The statements of a body by their form."""
    found: dict[str, list[tree.Statement]] = {}
    for line in block(statement):
        found.setdefault(line.form, []).append(line)
    return found


def values(lines: Iterable[tree.Statement], field: str, kind: type[V]) -> list[V]:
    """What stands in one clause of several lines, where it is of the kind that it should be."""
    return [value for line in lines if isinstance(value := line.values.get(field), kind)]


def tags(context: Context, lines: Iterable[tree.Statement]) -> tuple[str, ...]:
    return references(context, "tag", tuple(values(lines, "tag", tree.Name)))


def references(context: Context, kind: str, written: tuple[tree.Name, ...]) -> tuple[str, ...]:
    """The declared names of one kind that were written."""
    found = (context.find(context.scope, one, kind) for one in written)
    return tuple(symbol.name for symbol in found if symbol is not None)


def reference(context: Context, kind: str, written: tree.Name | None) -> str:
    """The declared name that was written, or nothing."""
    symbol = context.find(context.scope, written, kind) if written is not None else None
    return symbol.name if symbol is not None else ""


def twice(context: Context, name: str, second: Span, first: Span) -> None:
    """Say that a block tells of one thing in two lines."""
    context.add(
        REPEATED.at(
            second,
            f"`{name}` stands twice in this block",
            label="again",
            help="keep one of the two lines",
            related=(Related("it stands here first", first),),
        )
    )


def map_lines(context: Context, statement: tree.Statement) -> tuple[MapLine, ...]:
    """What a statement's body says for the map."""
    return tuple(_map_line(context, line) for line in block(statement) if line.form in _MAP_WORDS)


def _map_line(context: Context, line: tree.Statement) -> MapLine:
    score = line.values.get("score")
    if isinstance(score, tree.Integer) and not -5 <= score.value <= 5:
        context.add(
            FEELING_OUT_OF_RANGE.at(score.span, f"a feeling of {score.value:+} is off the scale", label="from -5 to +5")
        )
    return MapLine(
        span=line.span,
        word=line.form,
        text=text(line, "text"),
        score=min(max(score.value, -5), 5) if isinstance(score, tree.Integer) else None,
        personas=references(context, "persona", names(line, "personas")),
    )
