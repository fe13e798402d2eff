"""A consent that a customer can never take back."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, walk
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Attribute, Condition, Expression, Node

RULE = Rule("unrevocable-consent", "SF408", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    declared = subject.vocabulary.attributes
    for channel in subject.vocabulary.channels.values():
        if channel.consent is None or not subject.sound(channel):
            continue
        asked = [declared[part.name] for part in attributes(channel.consent) if part.name in declared]
        if asked and all(attribute.change != "free" for attribute in asked):
            yield RULE.at(
                channel.consent.span,
                f"`{asked[0].name}` never changes back, so nobody can unsubscribe from `{channel.name}`",
                label=f"declared `{asked[0].change}`",
                help=f"take `{asked[0].change}` from the attribute, and let an event set it to `no`",
                related=(Related("declared here", asked[0].name_span),),
            )


def attributes(consent: Expression) -> Iterator[Attribute]:
    """The attributes that a consent asks for, also inside named conditions."""
    parts: list[Node] = list(walk(consent))
    for part in parts:
        if isinstance(part, Attribute):
            yield part
        elif isinstance(part, Condition):
            yield from attributes(part.item)
