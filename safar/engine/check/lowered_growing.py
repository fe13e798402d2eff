"""A growing attribute set to less: it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Arithmetic, Base, Expression, Literal
from safar.engine.expression import Attribute as AttributeOf
from safar.engine.model import Assign, Attribute

RULE = Rule("lowered-growing", "SF307", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for assign in subject.all(Assign):
        attribute = subject.vocabulary.attributes.get(assign.attribute)
        if attribute is not None and attribute.change == "growing" and _less(attribute, assign.value):
            yield RULE.at(
                assign.span,
                f"`customer.{attribute.name}` is growing and keeps the greater value",
                label="never gets less",
                help="set it to more, or declare it without `growing`",
                related=(Related("declared here", attribute.name_span),),
            )


def _less(attribute: Attribute, value: Expression) -> bool:
    match value:
        case Arithmetic(op="-", left=AttributeOf(name=attribute.name), right=Literal(value=int() | float() as by)):
            return by > 0
        case Arithmetic(op="+", left=AttributeOf(name=attribute.name), right=Literal(value=int() | float() as by)):
            return by < 0 and value.type.base is not Base.DATE
        case Literal(value=int() | float() as constant):
            default = attribute.default
            return isinstance(default, int | float) and constant <= default
        case _:
            return False
