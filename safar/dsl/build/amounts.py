"""Shares, chances, delays, rates, amounts, payloads, costs and levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from safar.dsl import tree
from safar.dsl.build import rules, types
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Findings, Symbol
from safar.engine.expression import Base, Expression, Literal, Type
from safar.engine.model import (
    AmountCase,
    Arrival,
    Assign,
    ChanceCase,
    Cost,
    Delay,
    Drawn,
    Filled,
    Level,
    RateCase,
)
from safar.engine.source import Span

_SPREADABLE = (Base.INTEGER, Base.NUMBER, Base.MONEY, Base.PERCENT, Base.DURATION, Base.DATE, Base.TIME, Base.UNKNOWN)
_NONE = Fraction(0)

# --- chances


def share(found: Findings, node: tree.Percent) -> Fraction:
    """A percentage from 0% to 100% as an exact fraction."""
    value = Fraction(node.value) / 100
    if 0 <= value <= 1:
        return value
    found.add(
        rules.CHANCE_OUT_OF_RANGE.at(
            node.span, f"{node.value}% is no share or chance", label="not from 0% to 100%", help="write at most 100%"
        )
    )
    return Fraction(min(max(value, Fraction(0)), Fraction(1)))


def whole(found: Findings, parts: Sequence[tree.Percent], span: Span, what: str, others: Fraction = _NONE) -> None:
    """Say it where shares (and `others`, said elsewhere) do not add up to exactly 100%."""
    if not parts or any(not 0 <= part.value <= 100 for part in parts):
        return
    total = sum((Fraction(part.value) for part in parts), others * 100)
    if total != 100:
        rest = _decimal(100 - total)
        help = f"{rest}% is missing" if total < 100 else f"{-rest}% is too much"
        message = f"the shares of {what} add up to {_decimal(total)}%, not 100%"
        found.add(rules.SHARES_NOT_100.at(span, message, label=help, help="shares are exact decimals"))


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).normalize() + 0


def chance(typing: Typing, node: object) -> tuple[ChanceCase, ...]:
    if not isinstance(node, tree.Chance):
        return ()
    return tuple(
        ChanceCase(span=case.span, chance=share(typing.context, case.value), condition=_case(typing, case))
        for case in node.cases
        if isinstance(case.value, tree.Percent)
    )


def rates(typing: Typing, node: object) -> tuple[RateCase, ...]:
    """Events per second; a rate may be above 100% per period."""
    if not isinstance(node, tree.Rate):
        return ()
    return tuple(
        RateCase(
            span=case.span,
            rate=Fraction(case.value.percent.value) / 100 / (case.value.period or 1),
            condition=_case(typing, case),
        )
        for case in node.cases
        if isinstance(case.value, tree.RatePart)
    )


def _case(typing: Typing, case: tree.Case) -> Expression | None:
    return typing.condition(case.condition) if case.condition is not None else None


# --- delays


def delay(found: Findings, node: object, at: Span) -> Delay:
    if not isinstance(node, tree.Delay):
        return Delay(span=at)
    if node.about is not None:
        if node.ninety is None:
            return Delay(span=node.span, kind="exponential", low=node.about.seconds)
        _ordered(found, node.about.seconds < node.ninety.seconds, node.ninety.span, "90% within it")
        return Delay(span=node.span, kind="log_normal", low=node.about.seconds, high=node.ninety.seconds)
    low = node.low.seconds if node.low is not None else 0
    if node.high is None:
        return Delay(span=node.span, low=low)
    _ordered(found, low < node.high.seconds, node.high.span, "the upper end")
    return Delay(span=node.span, kind="uniform", low=low, high=node.high.seconds)


def _ordered(found: Findings, ordered: bool, span: Span, what: str) -> None:
    if not ordered:
        found.add(
            rules.EMPTY_RANGE.at(
                span,
                f"{what} is not above the value before it",
                label="not larger",
                help="write the smaller value first",
            )
        )


# --- amounts


def amount(typing: Typing, node: object, wanted: Type) -> tuple[AmountCase, ...]:
    """What is drawn for a field or an attribute, by case."""
    if not isinstance(node, tree.Amount):
        return ()
    return tuple(
        AmountCase(span=case.span, amount=_drawn(typing, case.value, wanted), condition=_case(typing, case))
        for case in node.cases
    )


def _drawn(typing: Typing, node: tree.Node, wanted: Type) -> Drawn:
    if isinstance(node, tree.OneOf):
        whole(typing.context, [choice.share for choice in node.choices], node.span, "these values")
        choices = tuple((typing.value(c.value, wanted), share(typing.context, c.share)) for c in node.choices)
        return Drawn(span=node.span, choices=choices)
    if not isinstance(node, tree.Spread):
        return Drawn(span=node.span, value=types.nothing(node.span))
    known = len(typing.context.found)
    value = typing.value(node.value, wanted)
    if len(typing.context.found) > known:  # the other end is probably meant in the same way
        return Drawn(span=node.span, value=value)
    high = typing.value(node.high, wanted) if node.high is not None else None
    if high is not None or node.about:
        _spread(typing, node, wanted, value, high)
    return Drawn(span=node.span, value=value, high=high, about=node.about)


def _spread(typing: Typing, node: tree.Spread, wanted: Type, value: Expression, high: Expression | None) -> None:
    if wanted.base not in _SPREADABLE:
        typing.mistyped(node.span, f"{types.said(wanted)} has no range", "a range", "write `one of a 50%, b 50%`")
    elif high is None:
        typing.context.add(
            rules.MISSING_SPREAD.at(
                node.span,
                "`about` alone does not say how far the amounts lie apart",
                label="how far apart?",
                help=f"write `{node.span.text.strip()}, 90% within ...`",
            )
        )
    elif isinstance(value, Literal) and isinstance(high, Literal) and None not in (value.value, high.value):
        what = "90% within it" if node.about else "the upper end"
        _ordered(typing.context, value.value < high.value, high.span, what)  # type: ignore[operator]


def payload(typing: Typing, node: object, event: Symbol | None) -> tuple[Filled, ...]:
    """`with (field = amount, ...)`; without an event its fields are not known, and nothing is said of them."""
    if not isinstance(node, tree.Payload):
        return ()
    filled: dict[str, Filled] = {}
    for part in node.fields:
        field = typing.field(event, part.name) if event is not None else None
        wanted = field.type if field is not None else types.UNKNOWN
        cases = amount(typing, part.amount, wanted)
        name = field.name if field is not None else part.name.text
        if name in filled:
            typing.context.duplicate(Symbol("field", name, part.name.span), Symbol("field", name, filled[name].span))
        elif field is not None or event is None:
            filled[name] = Filled(span=part.name.span, field=name, type=wanted, cases=cases)
    return tuple(filled.values())


def arrival(typing: Typing, statement: tree.Statement, event: Symbol | None) -> Arrival | None:
    node = statement.values.get("arrival")
    if not isinstance(node, tree.Arrival):
        return None
    filled = payload(typing, statement.values.get("payload"), event)
    return Arrival(span=statement.span, count=Fraction(node.count), period=node.period, payload=filled)


# --- what is set


def assign(typing: Typing, statement: tree.Statement) -> Assign | None:
    """`set customer.x = e`; not for attributes that are fixed."""
    target, node = statement.values.get("target"), statement.values.get("value")
    symbol = attribute(typing.context, target)
    wanted = symbol.attribute.type if symbol is not None and symbol.attribute is not None else types.UNKNOWN
    value = typing.value(node, wanted) if isinstance(node, tree.Expr) else types.nothing(statement.span)
    if symbol is None or symbol.attribute is None:
        return None
    if symbol.attribute.change == "fixed" and isinstance(target, tree.Node):
        typing.context.add(
            rules.FIXED_ATTRIBUTE_SET.at(
                target.span,
                f"`customer.{symbol.name}` is `fixed` and never changes",
                label="cannot be set",
                help="rows and personas give its value; leave out `fixed` where it may change",
            )
        )
        return None
    return Assign(span=statement.span, attribute=symbol.name, value=value)


def attribute(context: Context, target: object) -> Symbol | None:
    """The attribute of `customer.x`."""
    name = target.field if isinstance(target, tree.Dotted) else target
    if isinstance(target, tree.Dotted) and isinstance(target.base, tree.Word) and target.base.text != "customer":
        context.unknown(target.base, "thing with attributes", ("customer",))
        return None
    if not isinstance(name, tree.Name):
        return None
    return context.find(context.attributes, name, "attribute")


# --- costs and levels

_PER = ("message", "customer", "day", "month")


def cost(context: Context, node: object) -> Cost | None:
    if not isinstance(node, tree.Cost):
        return None
    if node.amount.kind != "money":
        help = types.help_between(types.NUMBER, Type(Base.MONEY, currency=context.settings.currency))
        types.mistyped(context, node.amount.span, "a cost is money", label="not money", help=help)
        return None
    units = types.money(context, node.amount)
    if units is None:
        return None
    if node.to_build:
        return Cost(span=node.span, amount=units, currency=node.amount.currency, per="build")
    if node.per is None or node.per.text in _PER:
        per = node.per.text if node.per is not None else "message"
        return Cost(span=node.span, amount=units, currency=node.amount.currency, per=per)
    event = context.find(context.scope, node.per, "event")
    if event is None:
        return None
    return Cost(span=node.span, amount=units, currency=node.amount.currency, per="event", event=event.name)


def costs(context: Context, lines: Iterable[tree.Statement]) -> tuple[Cost, ...]:
    found = (cost(context, line.values.get("cost")) for line in lines)
    return tuple(one for one in found if one is not None)


def level(context: Context, node: object) -> Level | None:
    """`at least 12%`."""
    if not isinstance(node, tree.Level):
        return None
    item, sign = node.value, 1
    if isinstance(item, tree.Unary) and item.op == "-":
        item, sign = item.item, -1
    if not isinstance(item, tree.Literal) or item.kind not in ("percent", "integer", "number", "money", "duration"):
        types.mistyped(context, item.span, "a target is a number, a percentage, money or a duration")
        return None
    value, unit = Fraction(item.value or 0), ""  # type: ignore[arg-type]
    if item.kind == "percent":
        value, unit = value / 100, "%"
    elif item.kind == "money":
        units = types.money(context, item)
        if units is None:
            return None
        value, unit = Fraction(units), item.currency
    return Level(span=node.span, at_least=node.at_least, value=sign * value, unit=unit)
