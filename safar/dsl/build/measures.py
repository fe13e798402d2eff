"""Measures: the algebra of what is counted, averaged and compared over many customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from safar.dsl import tree
from safar.dsl.build import amounts, events, rules, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Scope, Symbol
from safar.engine.model import Measure, Quantity
from safar.engine.names import fold

FIGURES = (
    *("entered", "customers", "messages", "delivered", "suppressed", "cost", "revenue", "margin"),
    *("completed", "unfinished"),
)
_OF_TOUCHPOINT = ("delivered", "suppressed", "cost")
_MONEY = ("cost", "revenue", "margin")
_UNITS = {"money": "money", "duration": "a duration", "number": "a number"}
_SUCH_AS = {"money": "3 EUR", "duration": "2d", "number": "4"}
_COUNTED = ("event", "touchpoint", "action", "condition")


def of_touchpoint(typing: Typing, lines: Iterable[tree.Statement]) -> tuple[Measure, ...]:
    """Measures in a touchpoint: its answers and its deliveries."""
    return tuple(_measures(Reader(typing, _OF_TOUCHPOINT), lines, Scope()))


def of_journey(typing: Typing, lines: Iterable[tree.Statement], scope: Scope) -> tuple[Measure, ...]:
    return tuple(_measures(Reader(typing, FIGURES), lines, scope))


def _measures(reader: Reader, lines: Iterable[tree.Statement], scope: Scope) -> Iterator[Measure]:
    context = reader.context
    for line in lines:
        name, node = said.name(line), said.expression(line, "quantity")
        if name is None or not context.declare(scope, Symbol("measure", name.text, name.span)):
            continue
        quantity = reader.quantity(node) if node is not None else None
        reader.comparable(quantity, line.values.get("target"))
        yield Measure(
            span=line.span,
            name=name.text,
            name_span=name.span,
            title=said.text(line),
            quantity=quantity,
            target=amounts.level(context, line.values.get("target")),
        )


class Reader:
    """Reads measures that may name the given figures."""

    def __init__(self, typing: Typing, figures: tuple[str, ...], others: Mapping[str, Typing] | None = None) -> None:
        self.others = others or {}
        """The journeys that a forecast compares, by folded name."""
        self.typing = typing
        self.context = typing.context
        self.journey = typing.scene.journey
        self.figures = figures

    def quantity(self, node: tree.Expr) -> Quantity | None:
        """The measure; None, with a finding, where it is none."""
        reader = _READERS.get(type(node))
        if reader is None:
            return self._none(node, "a measure counts, averages or compares; this asks something of one customer")
        found: Quantity | None = reader(self, node)
        return found

    def comparable(self, quantity: Quantity | None, target: object) -> None:
        """Find a target in another unit than the measure's."""
        said = target.value if isinstance(target, tree.Level) else None
        if isinstance(said, tree.Unary):
            said = said.item
        has = self._unit(quantity) if quantity is not None else ""
        if not has or not isinstance(said, tree.Literal):
            return
        wanted = said.kind if said.kind in ("money", "duration") else "number"
        if has != wanted:
            message = f"the measure is {_UNITS[has]}, and its target {_UNITS[wanted]}"
            help = f"write the target as {_UNITS[has]}, such as `{_SUCH_AS[has]}`"
            types.mistyped(self.context, said.span, message, label=f"this is {_UNITS[wanted]}", help=help)

    def compared(self, left: Quantity, right: Quantity) -> bool:
        """Whether two measures are of one unit; a finding where they are not."""
        has, wanted = self._unit(left), self._unit(right)
        if not has or not wanted or has == wanted:
            return True
        message = f"{_UNITS[has]} is compared with {_UNITS[wanted]}"
        help = f"write the right side as {_UNITS[has]}, such as `{_SUCH_AS[has]}`"
        types.mistyped(self.context, right.span, message, label=f"this is {_UNITS[wanted]}", help=help)
        return False

    def _unit(self, item: Quantity) -> str:
        """money, duration or number; empty where it is neither."""
        if item.kind == "number":
            return {"": "number", "%": "number", "s": "duration"}.get(item.unit, "money")
        if item.kind == "time":
            return "duration"
        if item.kind == "average":
            event = self.context.scope.get(item.name)
            field = event.fields.get(fold(item.field)) if event is not None else None
            base = field.type.base.value if field is not None else ""
            return base if base in _UNITS else "number" if base in ("integer", "percent") else ""
        if item.kind == "name":
            return "money" if item.of == "figure" and item.name in _MONEY else "number"
        if item.kind == "arithmetic":
            return _reckoned(item.op, self._unit(item.parts[0]), self._unit(item.parts[1]))
        return self._unit(item.parts[0]) if item.parts else "number"

    def _none(self, node: tree.Node, message: str, help: str = "") -> Quantity | None:
        """Say that it is no measure; there is none."""
        self.context.add(rules.NOT_A_MEASURE.at(node.span, message, label="not a measure", help=help))
        return None

    def word(self, node: tree.Word) -> Quantity | None:
        text = "customers" if node.text == "customer" else node.text
        figure = next((figure for figure in self.figures if figure == fold(text)), "")
        symbol = self._symbol(node)
        if symbol is None and figure:
            return Quantity(span=node.span, kind="name", name=figure, of="figure")
        if symbol is None:
            self.context.undeclared(node, "event, touchpoint, outcome, goal or figure", self._known())
            return None
        if symbol.kind not in (*_COUNTED, "outcome", "goal"):
            self.context.wrong_kind(node, symbol, "figure", self._known())
            return None
        self.context.refer(node, symbol.name, symbol.span)
        return Quantity(span=node.span, kind="name", name=symbol.name, of=symbol.kind)

    def _symbol(self, node: tree.Word) -> Symbol | None:
        """What a name counts: the journey's goals, outcomes and touchpoints go before the project's names."""
        journey, text = self.journey, node.text
        if journey is not None:
            own = journey.symbols.get(text)
            if own is not None and own.kind == "goal":
                return own
            found = journey.outcomes.get(text) or journey.touchpoints.get(text)
            if found is not None:
                return found
        else:
            own = None
        return self.context.scope.get(text) or own

    def _known(self) -> list[Symbol | str]:
        names = [s for s in self.context.scope if s.kind in _COUNTED]
        if self.journey is not None:
            names += [s for s in self.journey.symbols if s.kind == "goal"]
            names += [s for scope in (self.journey.outcomes, self.journey.touchpoints) for s in scope]
        return [*names, *self.figures]

    def literal(self, node: tree.Literal) -> Quantity | None:
        if node.kind == "money":
            units = types.money(self.context, node)
            if units is None:
                return None
            return Quantity(span=node.span, kind="number", value=Fraction(units), unit=node.currency)
        unit = {"integer": "", "number": "", "percent": "%", "duration": "s"}.get(node.kind)
        if unit is None or not isinstance(node.value, int | Decimal):
            return self._none(node, "a measure reckons with numbers, money and durations")
        value = Fraction(node.value) / (100 if unit == "%" else 1)
        return Quantity(span=node.span, kind="number", value=value, unit=unit)

    def binary(self, node: tree.Binary) -> Quantity | None:
        if node.op not in ("+", "-", "*", "/", "per"):
            return self._none(node, f"`{node.op}` asks something of one customer")
        left, right = self.quantity(node.left), self.quantity(node.right)
        if left is None or right is None:
            return None
        return Quantity(span=node.span, kind="arithmetic", op=node.op, parts=(left, right))

    def negative(self, node: tree.Unary) -> Quantity | None:
        item = self.quantity(node.item) if node.op == "-" else self._none(node, "`not` asks something of one customer")
        if item is None:
            return None
        zero = Quantity(span=node.span, kind="number")
        return Quantity(span=node.span, kind="arithmetic", op="-", parts=(zero, item))

    def call(self, node: tree.Call) -> Quantity | None:
        if node.function.text != "average" or not isinstance(node.item, tree.Dotted):
            help = self.context.guess(node.function.text, ("average",)) or "there is `average(EVENT.FIELD)`"
            return self._none(node, f"`{node.function.text}(...)` is no measure", help)
        base = node.item.base
        event = self.context.find(self.context.scope, base, "event") if isinstance(base, tree.Word) else None
        field = self.typing.field(event, node.item.field) if event is not None else None
        if event is None or field is None:
            return None
        if field.type.base not in types.ORDERED and not types.is_open(field.type):
            return self._none(node.item, f"{types.said(field.type)} has no average")
        return Quantity(span=node.span, kind="average", name=event.name, field=field.name)

    def between(self, node: tree.Between) -> Quantity | None:
        start, end = self.quantity(node.start), self.quantity(node.end)
        if start is None or end is None:
            return None
        if start.kind != "name" or end.kind != "name":
            return self._none(node, "time passes from one thing that happens to another", "name both")
        return Quantity(span=node.span, kind="time", parts=(start, end))

    def narrowed(self, node: tree.Narrowed) -> Quantity | None:
        if node.how == "in" and isinstance(node.by, tree.Word) and self.others:
            return self._other(node, node.by)
        item = self.quantity(node.item)
        by = {"in": self._arm, "for": self._persona, "within": self._within}[node.how](node.by)
        return Quantity(span=node.span, kind=node.how, parts=(item,), **by) if item and by else None

    def _other(self, node: tree.Narrowed, by: tree.Word) -> Quantity | None:
        """`won in first_purchase_today`: of the other journey of a comparison."""
        typing = self.others.get(fold(by.text))
        if typing is None:
            self.context.unknown(by, "journey of this forecast", self.others)
            return None
        symbol = self.context.find(self.context.scope, by, "journey")
        item = Reader(typing, self.figures, self.others).quantity(node.item)
        if item is None or symbol is None:
            return None
        return Quantity(span=node.span, kind="journey", name=symbol.name, parts=(item,))

    def _persona(self, by: tree.Expr) -> dict[str, Any] | None:
        symbol = self.context.find(self.context.scope, by, "persona") if isinstance(by, tree.Word) else None
        return {"name": symbol.name} if symbol is not None else None

    def _within(self, by: tree.Expr) -> dict[str, Any] | None:
        seconds = by.value if isinstance(by, tree.Literal) and by.kind == "duration" else None
        if isinstance(seconds, int):
            return {"seconds": seconds}
        self._none(by, "`within` takes a duration")
        return None

    def _arm(self, by: tree.Expr) -> dict[str, Any] | None:
        if not isinstance(by, tree.Dotted) or not isinstance(by.base, tree.Word) or self.journey is None:
            self._none(by, "an arm is named with its split", "write `in SPLIT.ARM`")
            return None
        split = self.context.find(self.journey.symbols, by.base, "split")
        if split is None:
            return None
        arm = split.arms.get(by.field.text)
        if arm is None:
            self.context.unknown(by.field, f"arm of `{split.name}`", split.arms)
            return None
        self.context.refer(by.field, arm.name, arm.span)
        return {"name": split.name, "field": arm.name}

    def event(self, node: tree.Event) -> Quantity | None:
        """`opened(thanks)`: the answers to one touchpoint."""
        if node.within is not None or node.where is not None:
            return self._none(node, "a measure counts all of an event", "declare an event of its own for some of them")
        form = events.form(self.typing, node)
        if form is None:
            return None
        return Quantity(span=node.span, kind="name", name=form.name, of="event", field=form.answers or "")


def _reckoned(op: str, left: str, right: str) -> str:
    if op in ("+", "-"):
        return left if left == right else ""
    if right == "number":
        return left
    if op == "*":
        return right if left == "number" else ""
    return "number" if left == right else ""


_READERS: dict[type[tree.Expr], Callable[[Reader, Any], Quantity | None]] = {
    tree.Word: Reader.word,
    tree.Literal: Reader.literal,
    tree.Binary: Reader.binary,
    tree.Unary: Reader.negative,
    tree.Call: Reader.call,
    tree.Between: Reader.between,
    tree.Narrowed: Reader.narrowed,
    tree.Event: Reader.event,
}
