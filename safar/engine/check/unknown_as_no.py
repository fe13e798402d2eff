"""A branch in which not knowing counts as no."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Attribute, Condition, Expression, Known, OrElse
from safar.engine.names import fold
from safar.engine.steps.branch import If

RULE = Rule("unknown-as-no", "SF310", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for step in subject.all(If):
        if not step.otherwise.steps:
            continue
        parts = list(_parts(step.condition))
        asked = {fold(part.item.name) for part in parts if isinstance(part, Known) and isinstance(part.item, Attribute)}
        for part in parts:
            if isinstance(part, Attribute) and part.type.unknown and fold(part.name) not in asked:
                yield RULE.at(
                    part.span,
                    f"where `customer.{part.name}` is unknown, `otherwise` is taken",
                    label="may be unknown",
                    help=f"ask `customer.{part.name} is known` first, or say `customer.{part.name} or else ...`",
                )
                break


def _parts(thing: object) -> Iterator[Expression]:
    """The expressions inside a condition, named ones too, without what stands before an `or else`."""
    if isinstance(thing, OrElse):
        yield from _parts(thing.right)
        return
    if isinstance(thing, Expression):
        yield thing
        inner = [thing.item] if isinstance(thing, Condition) else [getattr(thing, f) for f in thing.__struct_fields__]
        for part in inner:
            yield from _parts(part)
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _parts(part)
