"""Types: which ones go together, and values of literals; money and its rates."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from safar.dsl import tree
from safar.dsl.build import rules
from safar.dsl.build.names import WEEKDAYS, Findings
from safar.engine.expression import CURRENCIES, Base, Convert, Expression, Literal, Type, money_units
from safar.engine.model import Settings
from safar.engine.names import fold
from safar.engine.source import Span

INTEGER, NUMBER, PERCENT = Type(Base.INTEGER), Type(Base.NUMBER), Type(Base.PERCENT)
YES_NO, TEXT, DURATION = Type(Base.YES_NO), Type(Base.TEXT), Type(Base.DURATION)
DATE, TIME = Type(Base.DATE), Type(Base.TIME)
WEEKDAY, STAGE = Type(Base.WEEKDAY, WEEKDAYS), Type(Base.STAGE)
PERSONA = Type(Base.PERSONA, unknown=True)
UNKNOWN = Type(Base.UNKNOWN, unknown=True)
SHOWN = Type(Base.TEXT, ("shown",))
"""A hint: what stands here is shown to people, so that a text may stand `or else` for a value of any type."""

NUMERIC = (Base.INTEGER, Base.NUMBER)
ORDERED = (*NUMERIC, Base.MONEY, Base.PERCENT, Base.DURATION, Base.DATE, Base.TIME)
TEXTUAL = (Base.TEXT, Base.ONE_OF, Base.PERSONA, Base.STAGE, Base.WEEKDAY)
LARGEST = 2**53
"""Whole numbers up to here are exact in every engine."""


def maybe(type: Type, unknown: bool) -> Type:
    """The type, unknown or not."""
    return type if type.unknown == unknown else type.but(unknown=unknown)


def nothing(span: Span) -> Literal:
    """The harmless node in place of what could not be resolved; accepted by everything after it."""
    return Literal(span=span, type=UNKNOWN, value=None)


def is_open(type: Type) -> bool:
    """Whether nothing is known of a type, so that nothing more is said about it."""
    return type.base is Base.UNKNOWN


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types can be told equal or not (currencies aside)."""
    if is_open(left) or is_open(right) or left.base is right.base:
        both_lists = left.item is not None and right.item is not None
        return not both_lists or comparable(left.item, right.item)  # type: ignore[arg-type]
    if left.base in NUMERIC and right.base in NUMERIC:
        return True
    return {left.base, right.base} == {Base.TEXT, Base.ONE_OF}


def mistyped(found: Findings, span: Span, message: str, *, label: str = "", help: str = "") -> Literal:
    """Say that types do not go together; the node to go on with."""
    found.add(rules.WRONG_TYPE.at(span, message, label=label, help=help))
    return nothing(span)


def help_between(has: Type, wanted: Type) -> str:
    """What to write instead, for the mixtures that are often meant."""
    match has.base, wanted.base:
        case ((Base.INTEGER | Base.NUMBER), Base.MONEY):
            return f"write a currency behind it, as in `20 {wanted.currency or 'EUR'}`"
        case ((Base.INTEGER | Base.NUMBER), Base.DURATION):
            return "write a unit behind it, as in `3d`, `2h` or `15m`"
        case Base.DURATION, (Base.INTEGER | Base.NUMBER):
            return "`days(...)` and `hours(...)` give whole numbers"
        case ((Base.INTEGER | Base.NUMBER), Base.PERCENT):
            return "write `%` behind it"
        case Base.NUMBER, Base.INTEGER:
            return "`round(... to 1)` gives a whole number"
        case Base.TIME, Base.DATE:
            return "`today` is the date of now"
        case Base.TEXT, (Base.INTEGER | Base.NUMBER):
            return "a number stands without quotation marks"
        case Base.TEXT, (Base.YES_NO | Base.PERSONA | Base.STAGE):
            return "names, `yes` and `no` stand without quotation marks"
    return ""


# --- money


def rate(settings: Settings, source: str, target: str) -> Fraction | None:
    """So many of the target currency for one of the source, by the project's rates; None if none is declared.

    >>> rate(Settings(rates={"IRT_per_EUR": Fraction(120000)}), "EUR", "IRR")
    Fraction(1200000, 1)
    """
    for via, factor in _toman(source):
        for at, last in _toman(target):
            found = _declared_rate(settings, via, at)
            if found is not None:
                return factor * found / last
    return None


def _toman(currency: str) -> tuple[tuple[str, Fraction], ...]:
    """The currency itself, and rial for toman or the other way round: 1 IRT is 10 IRR, always."""
    own = (currency, Fraction(1))
    if currency == "IRT":
        return own, ("IRR", Fraction(10))
    return (own, ("IRT", Fraction(1, 10))) if currency == "IRR" else (own,)


def _declared_rate(settings: Settings, source: str, target: str) -> Fraction | None:
    if source == target:
        return Fraction(1)
    straight = settings.rates.get(f"{target}_per_{source}")
    back = settings.rates.get(f"{source}_per_{target}")
    if straight is None and back:
        return 1 / back
    return straight


def converted(found: Findings, settings: Settings, item: Expression, currency: str) -> Expression:
    """Money in a currency: itself, or by a declared rate."""
    source = item.type.currency
    if source == currency or not source or not currency or is_open(item.type):
        return item
    factor = rate(settings, source, currency)
    if factor is None:
        found.add(
            rules.MIXED_CURRENCY.at(
                item.span,
                f"money in {source} meets money in {currency}, and no rate between them is declared",
                label=f"in {source}",
                help=f"declare `{source}_per_{currency}` under `[rates]` in safar.toml, or write it in {currency}",
            )
        )
        return nothing(item.span)
    type = Type(Base.MONEY, currency=currency, unknown=item.type.unknown)
    units = factor * Fraction(10) ** (CURRENCIES[currency] - CURRENCIES[source])
    return Convert(span=item.span, type=type, item=item, rate=units)


# --- literals


def money(found: Findings, literal: tree.Literal) -> int | None:
    """The literal's amount in hundredths of the smallest unit; None, with a finding, where that cannot be.

    Of a currency that is not known its reader has said so.
    """
    if literal.currency not in CURRENCIES or not isinstance(literal.value, Decimal | int):
        return None
    units = money_units(Fraction(literal.value), literal.currency)
    if units is None:
        digits = CURRENCIES[literal.currency] + 2
        found.add(
            rules.TOO_FINE_MONEY.at(
                literal.span,
                f"money in {literal.currency} has at most {digits} decimal places",
                label="too fine",
                help="money is counted in hundredths of the smallest unit",
            )
        )
    elif abs(units) > LARGEST:
        too_large(found, literal.span)
        return None
    return units


def too_large(found: Findings, span: Span) -> None:
    found.add(
        rules.TOO_LARGE_NUMBER.at(
            span, "the number is larger than can be counted exactly", label="too large", help="the largest is 2^53"
        )
    )


def literal(found: Findings, node: tree.Literal, hint: Type | None) -> Literal:
    """A literal with its type; a whole number is a number where one is expected."""
    value, span = node.value, node.span
    match node.kind:
        case "integer" | "number":
            if abs(value) > LARGEST:  # type: ignore[arg-type, operator]
                too_large(found, span)
                return nothing(span)
            if node.kind == "number" or (hint is not None and hint.base is Base.NUMBER):
                return Literal(span=span, type=NUMBER, value=float(value))  # type: ignore[arg-type]
            return Literal(span=span, type=INTEGER, value=value)  # type: ignore[arg-type]
        case "percent":
            return Literal(span=span, type=PERCENT, value=float(Fraction(value) / 100))  # type: ignore[arg-type]
        case "money":
            units = money(found, node)
            if units is None:
                return nothing(span)
            return Literal(span=span, type=Type(Base.MONEY, currency=node.currency), value=units)
        case "duration":
            return Literal(span=span, type=DURATION, value=value)  # type: ignore[arg-type]
        case "yes_no":
            return Literal(span=span, type=YES_NO, value=value)  # type: ignore[arg-type]
        case "date":
            return Literal(span=span, type=DATE, value=value)  # type: ignore[arg-type]
    return nothing(span)


def option(found: Findings, written: tree.Word | tree.Name, type: Type) -> Literal:
    """A value of a `one of`, by its name."""
    folded = fold(written.text)
    for value in type.options:
        if fold(value) == folded:
            found.refer(written, value)
            return Literal(span=written.span, type=maybe(type, False), value=value)
    return no_option(found, written.text, written.span, type)


def no_option(found: Findings, text: str, span: Span, type: Type) -> Literal:
    near = found.near(text, type.options)
    help = "" if near else "possible are " + ", ".join(f"`{v}`" for v in type.options[:9])
    said = f"`{text}` is none of the possible values"
    found.add(rules.UNKNOWN_VALUE.at(span, said, label="not possible", help=help, near=near))
    return nothing(span)


def fits(found: Findings, settings: Settings, item: Expression, wanted: Type) -> Expression:
    """The expression as a value of a type; a finding where it is of another one."""
    has = item.type
    if is_open(has) or is_open(wanted):
        return item
    if wanted.base is Base.MONEY and has.base is Base.MONEY:
        return converted(found, settings, item, wanted.currency)
    if isinstance(item, Literal):
        changed = _literal_as(found, item, wanted)
        if changed is not None:
            return changed
    if has.base is Base.INTEGER and wanted.base is Base.NUMBER:
        return item
    if has.base is Base.ONE_OF and wanted.base is Base.ONE_OF:
        foreign = [value for value in has.options if value not in wanted.options]
        return no_option(found, foreign[0], item.span, wanted) if foreign else item
    if has.base is wanted.base and (has.item is None or wanted.item is None or comparable(has.item, wanted.item)):
        return item
    if has.base in TEXTUAL and wanted.base is Base.TEXT:
        return item
    return mistyped(
        found,
        item.span,
        f"{said(wanted)} is wanted here, not {said(has)}",
        label=f"this is {said(has)}",
        help=help_between(has, wanted),
    )


def _literal_as(found: Findings, item: Literal, wanted: Type) -> Literal | None:
    """A literal in the way another type writes it: whole numbers as numbers, texts as values of a `one of`."""
    if item.type.base is Base.INTEGER and wanted.base is Base.NUMBER and isinstance(item.value, int):
        return msgspec.structs.replace(item, type=NUMBER, value=float(item.value))
    if item.type.base is Base.TEXT and wanted.base is Base.ONE_OF and isinstance(item.value, str):
        if item.value in wanted.options:
            return msgspec.structs.replace(item, type=maybe(wanted, False))
        return no_option(found, item.value, item.span, wanted)
    return None


def said(type: Type) -> str:
    """The type as a sentence says it.

    >>> said(INTEGER), said(Type(Base.MONEY, currency="EUR")), said(YES_NO)
    ('an integer', 'money in EUR', 'a yes or no')
    """
    match type.base:
        case Base.MONEY | Base.ONE_OF | Base.TEXT:
            return str(type)
        case Base.YES_NO:
            return "a yes or no"
    name = str(type)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
