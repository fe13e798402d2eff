"""Callbacks for statements and blocks, made from the forms."""

from __future__ import annotations

from typing import Any

from safar.dsl import syntax_rules as rules
from safar.dsl import tree
from safar.dsl.forms import FREE
from safar.dsl.parser import LimitError, Reduced
from safar.dsl.tokens import RESERVED
from safar.dsl.values import Values
from safar.engine.diagnostic import Diagnostic, Related
from safar.engine.form import Clause, Form, Kind
from safar.engine.names import nearest
from safar.engine.source import Span

EXAMPLES = {
    Kind.DURATION: "3d",
    Kind.EXPRESSION: "customer.orders > 2",
    Kind.MEASURE: "opened per delivered",
    Kind.AMOUNT: "12 EUR",
    Kind.TYPE: "text",
    Kind.REFUSAL: "skip",
    Kind.TIME: "09:00",
    Kind.INTEGER: "3",
    Kind.TITLE: '"..."',
    Kind.NAME: "name",
    Kind.PERCENT: "50%",
    Kind.DEED: "thanks",
    Kind.OCCURRENCE: "order_placed",
    Kind.DATE: "2027-03-21",
    Kind.TEST: "won at least 12%",
}
"""What can stand in a clause, to show."""


def example(clause: Clause) -> str:
    """A clause as it could be written."""
    if clause.kind is Kind.BODY:
        return f"{clause.word} {{ }}".strip()
    return f"{clause.word.strip(', ')} {EXAMPLES.get(clause.kind, '')}".strip()


def not_chosen(span: Span, word: str, clause: Clause) -> Diagnostic:
    """A word stands where only a few can."""
    known = ", ".join(f"`{choice}`" for choice in clause.choices)
    near = nearest(word, clause.choices)
    help = "" if near else f"there are {known}"
    said = f"`{word[:60]}` is no {clause.field}"
    return rules.IMPOSSIBLE.at(span, said, label="not one of these", help=help, near=near)


def mere_length(made: tree.Statement) -> Span | None:
    """The length of time behind a `wait for`, which waits for an event."""
    pattern = made.values.get("pattern")
    if made.form != "wait_for" or not isinstance(pattern, tree.Pattern) or len(pattern.alternatives) != 1:
        return None
    what = pattern.alternatives[0].what
    return what.span if isinstance(what, tree.Literal) and what.kind in _LENGTHS else None


_LENGTHS = ("duration", "hour", "day", "week", "month", "year")


def no_event(head: Span, length: Span, colon: str) -> Diagnostic:
    """`wait for 2d`; a `colon` stands behind the keys of YAML."""
    said = length.text if " " not in length.text else "2d"
    message = "`wait for` waits for an event, and this is a length of time"
    return rules.MISSING.at(head, message, help=f"write `wait{colon} {said}`")


class Statements(Values):
    """Statements from the parts of their rules, and the blocks they stand in."""

    def reserved(self, names: Any) -> None:
        """Find words of the language where names should be."""
        for name in names if isinstance(names, tuple) else (names,):
            if name is not None and name.text in RESERVED:
                message = f"`{name.text}` is a word of the language and no name"
                help = f"choose another name, such as `{name.text}_1`"
                self.findings.append(rules.RESERVED_NAME.at(name.span, message, label="reserved", help=help))

    def chosen(self, clause: Clause, word: tree.Name | None) -> None:
        """Find a word that is none of those that may stand there."""
        if word is not None and word.text not in clause.choices:
            self.findings.append(not_chosen(word.span, word.text, clause))

    def missing(self, form: Form, made: tree.Statement) -> None:
        """Find the first clause that a statement lacks."""
        if made.span.start in self.mended:
            return
        for clause in form.clauses:
            if clause.needed and clause.field not in made.values:
                length = mere_length(made)
                if length is not None:
                    self.findings.append(no_event(made.head, length, ""))
                    return
                what = f"`{clause.word.strip(', ')}`" if clause.word else "a block `{ }`"
                name = made.head.text if form.words else f"this line (`{made.head.text}`)"
                name = f"`{name}`" if form.words else name
                message = f"{name} needs {what}"
                self.findings.append(rules.MISSING.at(made.head, message, help=f"add `{example(clause)}`"))
                return

    def bounded(self, made: tree.Statement) -> None:
        """Find expressions too large or too deep to be worked with, and empty the statement of them."""
        parts, deepest = 0, 0
        for field, value in tuple(made.values.items()):
            if isinstance(value, tree.Block | tree.Statement):
                continue
            more, depth = _size(value)
            parts, deepest = parts + more, max(deepest, depth)
            if parts > self.limits.expression_nodes or depth > self.limits.expression_depth:
                span = value[0].span if isinstance(value, tuple) else value.span
                made.values[field] = tree.Literal(span, "unknown", None)
        if deepest > self.limits.expression_depth:
            self.too_much(made.head.start, made.head.end, "an expression here is nested too deep", "expression_depth")
        elif parts > self.limits.expression_nodes:
            self.too_much(
                made.head.start, made.head.end, "the expressions here have too many parts", "expression_nodes"
            )

    def in_rounds(self, made: tree.Statement) -> None:
        """Find a `repeat` of more rounds than anybody goes through."""
        times = made.values.get("times")
        if isinstance(times, tree.Integer) and times.value > self.limits.rounds:
            message = f"a repeat has more than {self.limits.rounds:,} rounds"
            self.too_much(times.span.start, times.span.end, message, "rounds")

    # --- clauses

    def absent(self, items: list[Any], start: int, end: int) -> None:
        return None

    def last(self, items: list[Any], start: int, end: int) -> Any:
        return items[-1]

    def alone(self, items: list[Any], start: int, end: int) -> tree.Block:
        """`otherwise if`: a block of one statement."""
        return tree.Block(items[1].span, (items[1],))

    def flag(self, items: list[Any], start: int, end: int) -> tree.Flag:
        return tree.Flag(self.place(start, end))

    def counted(self, start: int, end: int) -> None:
        """Count a statement; behind the limit the reading stops."""
        self.count += 1
        if self.count > self.limits.statements:
            message = f"the file has more than {self.limits.statements:,} statements"
            raise LimitError(("NAME", start, end, ""), message, "statements")

    # --- blocks

    def no_lines(self, items: list[Any], start: int, end: int) -> list[tree.Statement]:
        return []

    def lines(self, items: list[Any], start: int, end: int) -> list[tree.Statement]:
        items[0].append(items[1])
        found: list[tree.Statement] = items[0]
        return found

    def block(self, items: list[Any], start: int, end: int) -> tree.Block:
        statements = tuple(items[1]) if len(items) == 3 else (*items[1], items[2])
        self.unrepeated(statements)
        return tree.Block(self.place(start, end), statements)

    def file(self, items: list[Any], start: int, end: int) -> tree.File:
        statements = tuple(items[0]) if len(items) == 1 else (*items[0], items[1])
        return tree.File(self.place(start, end), statements)

    def unrepeated(self, statements: tuple[tree.Statement, ...]) -> None:
        """Find lines of a block that may stand once and stand twice."""
        first: dict[str, tree.Statement] = {}
        for one in statements:
            if not self.forms[one.form].many:
                if one.form in first:
                    related = (Related("it stands here first", first[one.form].head),)
                    message = f"`{one.head.text}` stands twice in this block"
                    self.findings.append(
                        rules.REPEATED.at(one.head, message, help="keep one of the two lines", related=related)
                    )
                first.setdefault(one.form, one)


def statement_of(form: Form) -> Reduced:
    """The callback of a form's rule."""
    words = len(form.words.split())
    places: list[tuple[int, Clause]] = []
    at = words
    for clause in form.clauses:
        at += clause.word == ":"
        places.append((at, clause))
        at += 1
    fields = [(place, clause.field) for place, clause in places]
    named = [
        place
        for place, clause in places
        if clause.kind in (Kind.NAME, Kind.NAMES) and (form.id, clause.field) not in FREE
    ]
    chosen = [(place, clause) for place, clause in places if clause.choices]

    def statement(maker: Statements, items: list[Any], start: int, end: int) -> tree.Statement:
        maker.counted(start, end)
        values = {field: items[place] for place, field in fields if items[place] is not None}
        head = maker.place(start, items[words - 1][2]) if words else items[0].span
        for place in named:
            maker.reserved(items[place])
        for place, clause in chosen:
            maker.chosen(clause, items[place])
        made = tree.Statement(maker.place(start, end), form.id, head, values)
        if len(values) < len(fields):
            maker.missing(form, made)
        if "times" in values:
            maker.in_rounds(made)
        if end - start > maker.limits.expression_depth:
            maker.bounded(made)
        return made

    return statement


def _size(value: Any) -> tuple[int, int]:
    """The number of nodes in a value and how deep they are nested, without recursion."""
    count, deepest = 0, 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend((part, depth) for part in node)
        elif isinstance(node, tree.Node):
            count += 1
            deepest = max(deepest, depth)
            waiting.extend((getattr(node, field), depth + 1) for field in node.__struct_fields__[1:])
    return count, deepest
