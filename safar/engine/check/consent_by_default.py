"""A consent that nobody has given."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.check.unrevocable_consent import attributes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity

RULE = Rule("consent-by-default", "SF409", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for channel in subject.vocabulary.channels.values():
        for part in attributes(channel.consent) if channel.consent is not None else ():
            attribute = subject.vocabulary.attributes.get(part.name)
            if attribute is not None and attribute.default is True:
                yield RULE.at(
                    name_or_line(attribute),
                    f"customers of whom nothing is known agree to `{channel.name}`",
                    label="yes without being asked",
                    help="let the default be `no`, and an event such as a registration set it to `yes`",
                    related=(
                        Related("the consent of this channel", channel.consent.span if channel.consent else part.span),
                    ),
                )
