"""Marketing messages on a channel that asks for no consent."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.stale_consent import stale
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity

RULE = Rule("missing-consent", "SF400", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for channel, message in subject.marketed():
        if channel.consent is not None or channel.name in stale(subject):
            continue
        yield RULE.at(
            name_or_line(channel),
            f"marketing goes out over `{channel.name}` without consent",
            label="no `only if`",
            help="add `only if customer.ATTRIBUTE` to the channel, with an attribute that says who agreed",
            related=(Related("such as this message", name_or_line(message)),),
        )
