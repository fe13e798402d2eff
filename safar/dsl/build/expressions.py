"""Expressions: names resolved, types found.  What cannot be typed is one finding and a harmless node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from safar.dsl import tree
from safar.dsl.build import events, operators, rules, types
from safar.dsl.build.names import Context, Symbol
from safar.dsl.build.scene import PROJECT, Scene
from safar.engine.expression import (
    Attribute,
    Base,
    Condition,
    Count,
    EntryField,
    EventField,
    Expression,
    FeedField,
    First,
    Happened,
    Known,
    Last,
    Literal,
    Negate,
    Not,
    Now,
    PayloadField,
    Persona,
    Round,
    Since,
    StageName,
    Template,
    Today,
    Type,
    Weekday,
    Whole,
)
from safar.engine.model import ConditionDeclared, Field
from safar.engine.names import fold
from safar.engine.source import Span


class Typing:
    """Types the expressions of one scene."""

    __slots__ = ("context", "scene")

    def __init__(self, context: Context, scene: Scene = PROJECT) -> None:
        self.context = context
        self.scene = scene

    # --- what others ask for

    def typed(self, node: tree.Expr, hint: Type | None = None) -> Expression:
        """The expression with its type; `hint` is the type of the other side, which says what a bare name is."""
        reader = _READERS.get(type(node))
        return types.nothing(node.span) if reader is None else reader(self, node, hint)

    def value(self, node: tree.Expr, wanted: Type) -> Expression:
        """The expression as a value of a type."""
        item = self.typed(node, wanted)
        return types.fits(self.context, self.context.settings, item, wanted)

    def condition(self, node: tree.Expr) -> Expression:
        """The expression as a condition."""
        item = self.typed(node, types.YES_NO)
        if item.type.base in (Base.YES_NO, Base.UNKNOWN):
            return item
        help = "compare it, as in `... > 0`" if item.type.base in types.ORDERED else "compare it, or ask `is known`"
        return self.mistyped(node.span, "a condition is wanted here", f"this is {types.said(item.type)}", help)

    def template(self, text: tree.Text) -> Template:
        """A text with its placeholders; one that may be blank is a finding."""
        parts = tuple(part if isinstance(part, str) else self.placeholder(part, text) for part in text.parts)
        return Template(span=text.span, parts=parts)

    def placeholder(self, node: tree.Expr, text: tree.Text) -> Expression:
        item = self.typed(node, types.SHOWN)
        if item.type.unknown and not types.is_open(item.type):
            self.context.add(
                rules.BLANK_PLACEHOLDER.at(
                    item.span,
                    f"{_missing(item)}, and the text would have a gap",
                    label="can be unknown",
                    help=f'say what stands there then: `{{{node.span.text} or else "..."}}`',
                    notes=(f'a customer for whom it is unknown would read "{_read(text, node)}"',),
                )
            )
        return item

    def mistyped(self, span: Span, message: str, label: str = "", help: str = "") -> Literal:
        return types.mistyped(self.context, span, message, label=label, help=help)

    # --- names

    def field(self, owner: Symbol, name: tree.Name | tree.Word) -> Field | None:
        """A field of an event, action or feed, or a finding."""
        found = owner.fields.get(fold(name.text))
        if found is None:
            self.context.unknown(name, f"field of `{owner.name}`", owner.fields.values())
            return None
        self.context.refer(name, found.name, found.name_span)
        return found

    def word(self, node: tree.Word, hint: Type | None) -> Expression:
        bare = self._bare_field(node)
        if bare is not None:
            return bare
        if not self.scene.only_fields:
            said = _PREDECLARED.get(node.text)
            if said is not None:
                return said(node.span)
        if hint is not None and hint.base in _VALUES:
            return self._value_name(node, hint)
        if hint is not None and hint.base is Base.TEXT and not self._is_declared(node):
            help = f'a text stands in quotation marks: `"{node.text}"`'
            self.context.undeclared(node, "condition or event", (), help)
            return types.nothing(node.span)
        if self.scene.only_fields:
            return self._not_in_where(node)
        return self._condition_or_event(node)

    def _is_declared(self, node: tree.Word) -> bool:
        journey = self.scene.journey
        known = (self.context.scope, self.context.attributes, *((journey.touchpoints,) if journey else ()))
        return self.scene.only_fields or any(scope.get(node.text) is not None for scope in known)

    def _bare_field(self, node: tree.Word) -> Expression | None:
        owner = self.scene.at_hand if self.scene.bare else None
        if owner is None or fold(node.text) not in owner.fields:
            return None
        field = self.field(owner, node)
        assert field is not None
        return PayloadField(span=node.span, type=field.type, field=field.name)

    def _value_name(self, node: tree.Word, hint: Type) -> Expression:
        if hint.base is Base.PERSONA:
            symbol = self.context.find(self.context.scope, node, "persona")
            type = Type(Base.PERSONA)
            return Literal(span=node.span, type=type, value=symbol.name) if symbol else types.nothing(node.span)
        if hint.base is Base.STAGE:
            return self._stage(node)
        return types.option(self.context, node, hint)

    def _stage(self, node: tree.Word) -> Expression:
        journey, name = self.scene.journey, node.text
        if journey is not None:
            symbol = self.context.find(journey.symbols, node, "stage")
            if symbol is None:
                return types.nothing(node.span)
            name = symbol.name
        return Literal(span=node.span, type=types.STAGE, value=name)

    def _not_in_where(self, node: tree.Expr) -> Expression:
        owner = self.scene.at_hand
        known = isinstance(node, tree.Word) and self.context.scope.get(node.text) is None
        if isinstance(node, tree.Word) and known and owner is not None and node.text not in _PREDECLARED:
            self.field(owner, node)
            return types.nothing(node.span)
        self.context.add(
            rules.REFERENCE_IN_WHERE.at(
                node.span,
                f"`where` names fields of {f'`{owner.name}`' if owner else 'the event'} and literals only",
                label="not a field",
                help="put the rest of the condition outside of `where`",
            )
        )
        return types.nothing(node.span)

    def _condition_or_event(self, node: tree.Word) -> Expression:
        symbol = self.context.scope.get(node.text)
        if symbol is not None and symbol.kind == "condition":
            self.context.refer(node, symbol.name, symbol.span)
            return self._declared_condition(node, symbol)
        form = events.form(self, node, also="condition")
        if form is None:
            return types.nothing(node.span)
        return Happened(span=node.span, type=types.YES_NO, form=form)

    def _declared_condition(self, node: tree.Word, symbol: Symbol) -> Expression:
        context = self.context
        if context.inside >= _DEEPEST:
            return self._too_deep(node)
        declared = declared_condition(context, symbol)
        if declared is None:
            context.add(
                rules.CIRCULAR_CONDITION.at(
                    node.span,
                    f"condition `{symbol.name}` is told by itself",
                    label="leads back to it",
                    help="say one of the conditions without the other",
                )
            )
            return types.nothing(node.span)
        if symbol.weight > _HEAVIEST or symbol.depth >= _DEEPEST:
            return self._too_deep(node)
        context.unfolded += symbol.weight
        context.deepest = max(context.deepest, symbol.depth)
        item = declared.expression
        return Condition(span=node.span, type=item.type, name=symbol.name, item=item)

    def _too_deep(self, node: tree.Word) -> Expression:
        message = f"more than {_DEEPEST} conditions stand one inside another, or {_HEAVIEST:,} when written out"
        help = "say it in fewer conditions"
        self.context.add(rules.TOO_DEEP_CONDITION.at(node.span, message, label="too deep", help=help))
        return types.nothing(node.span)

    # --- `a.b`

    def dotted(self, node: tree.Dotted, hint: Type | None) -> Expression:
        base = node.base
        if isinstance(base, tree.Call):
            return self._field_of_call(node, base)
        if not isinstance(base, tree.Word):
            return self.mistyped(node.span, "only customers, feeds, events and `entry` have fields")
        owner = self._owner(base)
        if owner is not None and owner is self.scene.at_hand:
            field = self.field(owner, node.field)
            if field is None:
                return types.nothing(node.span)
            return PayloadField(span=node.span, type=field.type, field=field.name)
        if self.scene.only_fields:
            return self._not_in_where(node)
        if base.text == "customer":
            return self._attribute(node)
        if base.text == "entry":
            return self._entry_field(node)
        return self._field_of(node, base, owner)

    def _owner(self, base: tree.Word) -> Symbol | None:
        return None if base.text in ("customer", "entry") else self.context.scope.get(base.text)

    def _attribute(self, node: tree.Dotted) -> Expression:
        symbol = self.context.find(self.context.attributes, node.field, "attribute")
        if symbol is None or symbol.attribute is None:
            return types.nothing(node.span)
        return Attribute(span=node.span, type=symbol.attribute.type, name=symbol.name)

    def _field_of(self, node: tree.Dotted, base: tree.Word, owner: Symbol | None) -> Expression:
        journey = self.scene.journey
        if owner is None and journey is not None and journey.touchpoints.get(base.text) is not None:
            help = f"write `{node.field.text}({base.text})` for an answer to the touchpoint"
            self.context.unknown(base, "event or feed", (), help)
            return types.nothing(node.span)
        owner = self.context.find(self.context.scope, base, "event", "feed")
        field = self.field(owner, node.field) if owner is not None else None
        if owner is None or field is None:
            return types.nothing(node.span)
        type = types.maybe(field.type, True)
        if owner.kind == "feed":
            return FeedField(span=node.span, type=type, feed=owner.name, field=field.name)
        return EventField(span=node.span, type=type, event=owner.name, field=field.name)

    def _entry_field(self, node: tree.Dotted) -> Expression:
        journey = self.scene.journey
        sources = [s for s in self.context.scope if s.kind == "event"] if journey is None else list(journey.entry)
        having = [s for s in sources if fold(node.field.text) in s.fields]
        if not having:
            fields = (field.name for s in sources for field in s.fields.values())
            self.context.unknown(node.field, "field of an event that begins this journey", fields)
            return types.nothing(node.span)
        field = self.field(having[0], node.field)
        assert field is not None
        sure = journey is not None and journey.entry_sure and len(having) == len(sources)
        type = types.maybe(field.type, field.type.unknown or not sure)
        return EntryField(span=node.span, type=type, field=field.name)

    def _field_of_call(self, node: tree.Dotted, call: tree.Call) -> Expression:
        wanted = {"last": Last, "first": First}.get(call.function.text)
        if wanted is None:
            return self.mistyped(
                node.span, f"`{call.function.text}(...)` has no fields", help="`last` and `first` have"
            )
        if self.scene.only_fields:
            return self._not_in_where(node)
        form = events.form(self, call.item)
        owner = self.context.scope.get(form.name) if form is not None else None
        field = self.field(owner, node.field) if owner is not None else None
        if form is None or field is None:
            return types.nothing(node.span)
        return wanted(span=node.span, type=types.maybe(field.type, True), form=form, field=field.name)

    # --- the other nodes

    def literal(self, node: tree.Literal, hint: Type | None) -> Expression:
        if node.kind in operators.CALENDAR:
            return operators.lonely_period(self, node)
        return types.literal(self.context, node, hint)

    def quoted(self, node: tree.Quoted, hint: Type | None) -> Expression:
        if any(not isinstance(part, str) for part in node.text.parts):
            return self.mistyped(node.span, "a text in an expression has no placeholders")
        item = Literal(span=node.span, type=types.TEXT, value="".join(node.text.parts))  # type: ignore[arg-type]
        if hint is not None and hint.base is Base.ONE_OF:
            return types.fits(self.context, self.context.settings, item, hint)
        return item

    def listing(self, node: tree.Listing, hint: Type | None) -> Expression:
        """A list of literals."""
        wanted = hint.item if hint is not None else None
        items = [self.typed(item, wanted) for item in node.items]
        values: list[Any] = []
        for item in items:
            fitting = item if wanted is None else types.fits(self.context, self.context.settings, item, wanted)
            if not isinstance(fitting, Literal):
                return self.mistyped(item.span, "a list is written with literals only", "not a literal")
            if not types.is_open(fitting.type):
                values.append(fitting.value)
        inner = wanted or (items[0].type if items else types.UNKNOWN)
        return Literal(span=node.span, type=Type(Base.LIST, item=inner), value=tuple(values))

    def unary(self, node: tree.Unary, hint: Type | None) -> Expression:
        if node.op == "not":
            item = self.condition(node.item)
            return Not(span=node.span, type=types.maybe(types.YES_NO, item.type.unknown), item=item)
        item = self.typed(node.item, hint)
        if types.is_open(item.type):
            return item
        if item.type.base not in (*types.NUMERIC, Base.MONEY, Base.PERCENT, Base.DURATION):
            return self.mistyped(node.span, f"{types.said(item.type)} has no sign", "not a number")
        if isinstance(item, Literal) and isinstance(item.value, int | float):
            return Literal(span=node.span, type=item.type, value=-item.value)
        return Negate(span=node.span, type=item.type, item=item)

    def is_known(self, node: tree.Is, hint: Type | None) -> Expression:
        item = self.typed(node.item)
        return Known(span=node.span, type=types.YES_NO, item=item, known=node.known)

    def event(self, node: tree.Event, hint: Type | None) -> Expression:
        if self.scene.only_fields:
            return self._not_in_where(node)
        form = events.form(self, node)
        if form is None:
            return types.nothing(node.span)
        return Happened(span=node.span, type=types.YES_NO, form=form)

    def round(self, node: tree.Round, hint: Type | None) -> Expression:
        item = self.typed(node.item)
        unit = self.typed(node.unit)
        if types.is_open(item.type) or types.is_open(unit.type):
            return types.nothing(node.span)
        if item.type.base is Base.MONEY and unit.type.base is Base.MONEY:
            unit = types.converted(self.context, self.context.settings, unit, item.type.currency)
        roundable = (*types.NUMERIC, Base.MONEY, Base.DURATION, Base.PERCENT)
        if item.type.base not in roundable or not types.comparable(item.type, unit.type):
            message = f"{types.said(item.type)} is not rounded to {types.said(unit.type)}"
            return self.mistyped(node.span, message, help=types.help_between(unit.type, item.type))
        if not isinstance(unit, Literal) or not isinstance(unit.value, int | float) or unit.value <= 0:
            return self.mistyped(node.unit.span, "the step of `round` is a literal above zero")
        whole = item.type.base in types.NUMERIC and unit.type.base is Base.INTEGER
        type = types.maybe(types.INTEGER, item.type.unknown) if whole else item.type
        return Round(span=node.span, type=type, item=item, unit=unit, down=node.down)

    def call(self, node: tree.Call, hint: Type | None) -> Expression:
        """`since(E)`, `days(d)`, `hours(d)`; `count(E)` is met by the comparison around it."""
        name, type = node.function.text, types.maybe(types.DURATION, True)
        if self.scene.only_fields:
            return self._not_in_where(node)
        if name in _UNITS:
            item = self.value(node.item, types.DURATION)
            if types.is_open(item.type):
                return types.nothing(node.span)
            type = types.maybe(types.INTEGER, item.type.unknown)
            return Whole(span=node.span, type=type, item=item, seconds=_UNITS[name])
        if name == "since":
            form = events.form(self, node.item)
            return Since(span=node.span, type=type, form=form) if form is not None else types.nothing(node.span)
        if name == "count":
            return operators.lonely_count(self, node)
        if name in ("last", "first"):
            help = f"name the field, as in `{name}(order_placed).total`"
            return self.mistyped(node.span, f"`{name}(...)` is an occurrence, not a value", help=help)
        return self._measure(node, hint, near=self.context.guess(name, _FUNCTIONS))

    def count(self, node: tree.Call) -> Expression:
        form = events.form(self, node.item)
        if form is None:
            return types.nothing(node.span)
        return Count(span=node.span, type=types.INTEGER, form=form)

    def _measure(self, node: tree.Expr, hint: Type | None, near: str = "") -> Expression:
        self.context.add(
            rules.MEASURE_IN_EXPRESSION.at(
                node.span,
                "this can be asked of many customers, not of one",
                label="only in measures",
                help=near or "say it in a `measure`",
            )
        )
        return types.nothing(node.span)


def declared_condition(context: Context, symbol: Symbol) -> ConditionDeclared | None:
    """A condition of the project, built when it is first needed; None while it is being built."""
    if symbol.condition is None and symbol.statement is not None:
        statement, symbol.statement = symbol.statement, None
        outer, context.unfolded, context.deepest = (context.unfolded, context.deepest), 1, 0
        context.inside += 1
        node = statement.values.get("expression")
        item = Typing(context).condition(node) if isinstance(node, tree.Expr) else types.nothing(statement.span)
        context.inside -= 1
        symbol.weight, symbol.depth = context.unfolded, context.deepest + 1
        context.unfolded, context.deepest = outer
        symbol.condition = ConditionDeclared(
            span=statement.span, name=symbol.name, name_span=symbol.span, title=symbol.title, expression=item
        )
    return symbol.condition


def _read(text: tree.Text, gap: tree.Expr) -> str:
    """The text as it is read where one placeholder is blank; the others stand as they are written."""
    parts = (part if isinstance(part, str) else "" if part is gap else f"{{{part.span.text}}}" for part in text.parts)
    return " ".join("".join(parts).split("\n"))


def _missing(item: Expression) -> str:
    """Which value may be missing, as the beginning of a sentence."""
    match item:
        case Attribute(name=name):
            return f"`customer.{name}` can be unknown"
        case Persona():
            return "the persona can be unknown"
        case FeedField(feed=feed, field=field):
            return f"`{feed}.{field}` can be missing from the feed"
        case EntryField(field=field):
            return f"`entry.{field}` can be unknown"
        case EventField(event=event, field=field):
            return f"there may have been no `{event}` with a `{field}`"
    for name in item.__struct_fields__:
        part = getattr(item, name)
        if isinstance(part, Expression) and part.type.unknown and not types.is_open(part.type):
            return _missing(part)
    return "this can be unknown"


_DEEPEST = 16
_HEAVIEST = 1_000
_VALUES = (Base.ONE_OF, Base.PERSONA, Base.STAGE, Base.WEEKDAY)
_UNITS = {"days": 86_400, "hours": 3_600}
_FUNCTIONS = ("count", "first", "last", "since", "days", "hours", "round")
_PREDECLARED: dict[str, Callable[[Span], Expression]] = {
    "now": lambda span: Now(span=span, type=types.TIME),
    "today": lambda span: Today(span=span, type=types.DATE),
    "weekday": lambda span: Weekday(span=span, type=types.WEEKDAY),
    "persona": lambda span: Persona(span=span, type=types.PERSONA),
    "stage": lambda span: StageName(span=span, type=types.STAGE),
}
_READERS: dict[type[tree.Expr], Callable[[Typing, Any, Type | None], Expression]] = {
    tree.Word: Typing.word,
    tree.Dotted: Typing.dotted,
    tree.Literal: Typing.literal,
    tree.Quoted: Typing.quoted,
    tree.Listing: Typing.listing,
    tree.Unary: Typing.unary,
    tree.Binary: operators.binary,
    tree.Is: Typing.is_known,
    tree.Event: Typing.event,
    tree.Call: Typing.call,
    tree.Round: Typing.round,
    tree.Between: Typing._measure,
    tree.Narrowed: Typing._measure,
}
