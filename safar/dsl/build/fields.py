"""Attributes and fields: their types, defaults and the words behind them."""

from __future__ import annotations

from safar.dsl import tree
from safar.dsl.build import rules, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Symbol
from safar.dsl.synonyms import TYPES
from safar.engine.expression import Base, Literal, Type, Value
from safar.engine.model import Attribute, Field
from safar.engine.names import fold

_BASES = {
    base.value: Type(base)
    for base in (
        Base.TEXT,
        Base.INTEGER,
        Base.NUMBER,
        Base.MONEY,
        Base.PERCENT,
        Base.YES_NO,
        Base.DATE,
        Base.TIME,
        Base.DURATION,
    )
}
_ATTRIBUTE_WORDS = ("fixed", "growing", "private")
_GROWING = (*types.ORDERED, Base.LIST, Base.UNKNOWN)


def type_of(context: Context, node: tree.Type) -> Type:
    """The type as declared; money has its default's currency, or the project's."""
    name = node.base.text
    if name == "one of":
        return Type(Base.ONE_OF, _options(context, node), unknown=node.unknown)
    if name == "list":
        item = type_of(context, node.item) if node.item is not None else types.UNKNOWN
        return Type(Base.LIST, item=item, unknown=node.unknown)
    if name == "money":
        default = node.default
        currency = default.currency if isinstance(default, tree.Literal) else ""
        return Type(Base.MONEY, currency=currency or context.settings.currency, unknown=node.unknown)
    known = _BASES.get(name)
    if known is None:
        _unknown_word(context, node.base, "type", (*_BASES, "one of", "list of"))
        return types.UNKNOWN
    return types.maybe(known, node.unknown)


def _options(context: Context, node: tree.Type) -> tuple[str, ...]:
    seen: dict[str, tree.Name] = {}
    for option in node.options:
        first = seen.setdefault(fold(option.text), option)
        if first is not option:
            context.duplicate(Symbol("value", option.text, option.span), Symbol("value", first.text, first.span))
    return tuple(option.text for option in seen.values())


def _unknown_word(context: Context, word: tree.Name, what: str, known: tuple[str, ...]) -> None:
    meant = TYPES.get(word.text.lower()) if what == "type" else None
    near = meant or context.near(word.text, known)
    help = "" if near else "known are " + ", ".join(f"`{one}`" for one in known)
    said = f"`{word.text}` is no {what}"
    context.add(rules.UNKNOWN_WORD.at(word.span, said, label="not known here", help=help, near=near))


def _default(context: Context, node: tree.Type, type: Type) -> Value:
    if node.default is None or types.is_open(type):
        return () if type.base is Base.LIST and not type.unknown else None
    item = Typing(context).value(node.default, type)
    if types.is_open(item.type):
        return None
    if isinstance(item, Literal):
        return item.value
    context.add(
        rules.COMPUTED_DEFAULT.at(
            node.default.span,
            "a default is a literal",
            label="computed",
            help="write the value itself, or set the attribute in an event's `then set`",
        )
    )
    return None


_TIMEZONE = "timezone"
"""The attribute in whose zone the customer lives; it never changes."""


def attribute(context: Context, line: tree.Statement) -> None:
    """Declare an attribute of the customer."""
    name, node = said.name(line), line.values.get("type")
    if name is None or not isinstance(node, tree.Type):
        return
    symbol = Symbol("attribute", name.text, name.span)
    first = context.attributes.get(name.text)
    if first is not None:
        context.duplicate(symbol, first)
        return
    words = _words(context, node, "word for an attribute", _ATTRIBUTE_WORDS)
    type = type_of(context, node)
    symbol.attribute = Attribute(
        span=line.span,
        name=name.text,
        name_span=name.span,
        type=type,
        default=_default(context, node, type),
        change=_change(context, fold(name.text), node, type, words),
        private="private" in words,
    )
    context.attributes.own[fold(name.text)] = symbol


def _words(context: Context, node: tree.Type, what: str, known: tuple[str, ...]) -> set[str]:
    found = set()
    for word in node.words:
        if word.text in known:
            found.add(word.text)
        else:
            _unknown_word(context, word, what, known)
    return found


def _change(context: Context, name: str, node: tree.Type, type: Type, words: set[str]) -> str:
    if name == _TIMEZONE:
        if type.base not in (Base.TEXT, Base.UNKNOWN):
            help = 'write `timezone: text? fixed`; values are such as "Asia/Tehran"'
            types.mistyped(context, node.span, f"the customer's time zone is a text, not {types.said(type)}", help=help)
        return "fixed"
    if "growing" in words and type.base not in _GROWING:
        at = next(word for word in node.words if word.text == "growing")
        types.mistyped(context, at.span, f"{types.said(type)} cannot grow", help="leave out `growing`")
        return "free"
    if words >= {"fixed", "growing"}:
        at = next(word for word in node.words if word.text == "growing")
        help = "leave out one of the two"
        context.add(rules.UNKNOWN_WORD.at(at.span, "what is `fixed` does not grow", label="beside `fixed`", help=help))
    return "fixed" if "fixed" in words else "growing" if "growing" in words else "free"


def fields(context: Context, statement: tree.Statement) -> dict[str, Field]:
    """The fields of an event, an action or a feed, by folded name."""
    known = ("key", "private") if statement.form == "event" else ("private",)
    found: dict[str, Field] = {}
    for line in said.block(statement):
        name, node = said.name(line), line.values.get("type")
        if line.form != "field" or name is None or not isinstance(node, tree.Type):
            continue
        first = found.get(fold(name.text))
        if first is not None:
            context.duplicate(Symbol("field", name.text, name.span), Symbol("field", first.name, first.name_span))
            continue
        found[fold(name.text)] = _field(context, statement, line, known)
    return found


def _field(context: Context, owner: tree.Statement, line: tree.Statement, known: tuple[str, ...]) -> Field:
    name, node = said.name(line), line.values["type"]
    assert name is not None and isinstance(node, tree.Type)
    words = _words(context, node, f"word for a field of {_OWNERS[owner.form]}", known)
    type = type_of(context, node)
    if node.default is not None and (type.base is not Base.MONEY or not isinstance(node.default, tree.Literal)):
        context.add(
            rules.COMPUTED_DEFAULT.at(
                node.default.span,
                f"a field of {_OWNERS[owner.form]} has no default",
                label="no default here",
                help="write `?` behind the type if the value may be missing",
            )
        )
    return Field(
        span=line.span,
        name=name.text,
        name_span=name.span,
        type=type,
        key="key" in words,
        private="private" in words,
    )


_OWNERS = {"event": "an event", "action": "an action", "feed": "a feed"}
