"""A value that may be unknown, set into an attribute that may not: where it is unknown, nothing is set."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, walk
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import And, Base, Expression, Known
from safar.engine.model import Assign
from safar.engine.steps.branch import If

RULE = Rule("unknown-into-known", "SF308", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    guarded = {id(node) for step in subject.all(If) for node in _guarded(step)}
    for assign in subject.all(Assign):
        attribute = subject.vocabulary.attributes.get(assign.attribute)
        if attribute is None or id(assign) in guarded:
            continue
        value = assign.value.type
        if value.unknown and value.base is not Base.UNKNOWN and not attribute.type.unknown:
            yield RULE.at(
                assign.value.span,
                f"this may be unknown, and `customer.{attribute.name}` may not",
                label="where unknown, nothing is set",
                help="say `or else` what then, or declare the attribute with `?`",
                related=(Related("declared here", attribute.name_span),),
            )


def _guarded(step: If) -> Iterator[Assign]:
    """The assignments of what the branch has just asked to be known."""
    known = set(_known(step.condition))
    for node in walk(step.then):
        if isinstance(node, Assign) and any(part in known for part in walk(node.value)):
            yield node


def _known(condition: Expression) -> Iterator[Expression]:
    match condition:
        case And(left=left, right=right):
            yield from _known(left)
            yield from _known(right)
        case Known(item=item, known=True):
            yield item
