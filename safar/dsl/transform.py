"""Callbacks of the grammar: the parts of a rule become a node of the syntax tree."""

from __future__ import annotations

import functools
from typing import Any

from safar.dsl import syntax_rules as rules
from safar.dsl import tree
from safar.dsl.clauses import ClauseValues
from safar.dsl.forms import forms
from safar.dsl.parser import Reduced, Rules, table
from safar.dsl.statements import Statements, statement_of
from safar.dsl.tokens import Token

FUNCTIONS = frozenset(("count", "first", "last", "since", "average", "days", "hours"))
"""Names that make `NAME(...)` a call; every other is an event in answer to a touchpoint."""

_NUMBERS = frozenset(("integer", "number", "percent", "money", "duration"))


class Transform(ClauseValues, Statements):
    """All callbacks, and what one reading finds."""

    # --- names and references

    def word(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Word(self.place(start, end), items[0][3])

    def dotted(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Dotted(self.place(start, end), items[0], self.name_at(items[2]))

    def applied(self, items: list[Any], start: int, end: int) -> tree.Expr:
        """`count(E)` or `opened(thanks)`."""
        name, item = self.name_at(items[0]), items[2]
        if name.text in FUNCTIONS:
            return tree.Call(self.place(start, end), name, item)
        if isinstance(item, tree.Word):
            return tree.Event(self.place(start, end), name, tree.Name(item.span, item.text))
        if name.text == "round":
            help = "say to what: `round(x to 0.01 EUR)`"
        else:
            help = "an event takes the name of a touchpoint: `opened(thanks)`"
        self.findings.append(rules.SYNTAX.at(item.span, f"`{name.text}` takes something else here", help=help))
        return tree.Event(self.place(start, end), name)

    def event(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return self._event(items[0], start, end, within=items[2])

    def event_where(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return self._event(items[0], start, end, where=items[2])

    def event_within_where(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return self._event(items[0], start, end, items[2], items[4])

    def _event(
        self, base: Any, start: int, end: int, within: tree.Duration | None = None, where: tree.Expr | None = None
    ) -> tree.Expr:
        if isinstance(base, tree.Event):
            name, answers = base.name, base.answers
        else:
            if isinstance(base, tree.Call):
                self._not_an_event(base)
            name, answers = tree.Name(base.span, base.text) if isinstance(base, tree.Word) else base.function, None
        return tree.Event(self.place(start, end), name, answers, within, where)

    def _not_an_event(self, call: tree.Call) -> None:
        name = call.function.text
        help = f"write the window inside: `{name}(E within 30d)`"
        self.findings.append(rules.SYNTAX.at(call.span, f"`{name}(...)` is a value and no event", help=help))

    def rounded(self, items: list[Any], start: int, end: int) -> tree.Expr:
        self._only("round", items[0], "`round(x to 0.01 EUR)`")
        return tree.Round(self.place(start, end), items[2], items[4], False)

    def rounded_down(self, items: list[Any], start: int, end: int) -> tree.Expr:
        self._only("round", items[0], "`round down(x to 1)`")
        return tree.Round(self.place(start, end), items[3], items[5], True)

    def between(self, items: list[Any], start: int, end: int) -> tree.Expr:
        self._only("time", items[0], "`time from A to B`")
        return tree.Between(self.place(start, end), items[2], items[4])

    def _only(self, word: str, token: Token, example: str) -> None:
        """Where any name could stand for the grammar, but one word is meant."""
        if token[3] != word:
            self.report(
                rules.SYNTAX, token[1], token[2], f"`{token[3][:60]}` does not fit here", help=f"write {example}"
            )

    def narrowed(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Narrowed(self.place(start, end), items[0], items[1][3], items[2])

    # --- operators

    def binary(self, items: list[Any], start: int, end: int) -> tree.Expr:
        sign, by = items[1][3], items[2]
        if sign in ("/", "per") and isinstance(by, tree.Literal) and not by.value and by.kind in _NUMBERS:
            help = "divide by another number, or take the division out"
            self.findings.append(rules.IMPOSSIBLE.at(by.span, "nothing can be divided by 0", label="zero", help=help))
        return tree.Binary(self.place(start, end), sign, items[0], by)

    def compared(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Binary(self.place(start, end), items[1], items[0], items[2])

    def or_else(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Binary(self.place(start, end), "or else", items[0], items[2])

    def comparing(self, items: list[Any], start: int, end: int) -> str:
        return str(items[0][3])

    def unary(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Unary(self.place(start, end), items[0][3], items[1])

    def is_known(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Is(self.place(start, end), items[0], True)

    def is_unknown(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Is(self.place(start, end), items[0], False)

    def group(self, items: list[Any], start: int, end: int) -> Any:
        return items[1]

    def listing(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Listing(self.place(start, end), items[1] if isinstance(items[1], tuple) and len(items) > 2 else ())

    # --- literals

    def integer_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "integer", self.whole(items[0]))

    def decimal_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "number", self.decimal(items[0]))

    def percent_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "percent", self.decimal(items[0]))

    def money_literal(self, items: list[Any], start: int, end: int) -> tree.Literal:
        amount, currency = self.money(items[0])
        return tree.Literal(self.place(start, end), "money", amount, currency)

    def duration_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "duration", self.seconds(items[0]))

    def period_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        number, unit = self.calendar(items[0])
        if unit not in ("minute", "second"):
            return tree.Literal(self.place(start, end), unit, number)
        help = f"write `{number}{unit[0]}`"
        self.report(rules.FOREIGN, start, end, f"`{items[0][3][:40]}` is no duration of the language", help=help)
        return tree.Literal(self.place(start, end), "duration", 60 if unit == "minute" else 1)

    def date_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "date", self.date_of(items[0]))

    def yes_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "yes_no", True)

    def no_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "yes_no", False)

    def unknown_literal(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Literal(self.place(start, end), "unknown", None)

    def quoted(self, items: list[Any], start: int, end: int) -> tree.Expr:
        return tree.Quoted(self.place(start, end), self.text(items, start, end))


def _callback(name: str) -> Reduced | None:
    if name.startswith("st_"):
        return statement_of(forms()[name.removeprefix("st_")])
    found: Reduced | None = getattr(Transform, name) if name else None
    return found


@functools.cache
def reductions() -> Rules:
    """The rules of the table with their callbacks."""
    return [(name, size, _callback(call)) for name, size, call in table().rules]
