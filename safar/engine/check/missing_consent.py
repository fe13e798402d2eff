"""Marketing messages on a channel that asks for no consent."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Touchpoint

RULE = Rule("missing-consent", "SF400", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    sent: dict[str, Touchpoint] = {}
    for message in subject.messages():
        channel = subject.channel(message)
        if channel is not None and channel.outbound and subject.sound(channel) and channel.consent is None:
            sent.setdefault(channel.name, message)
    for name, message in sent.items():
        yield RULE.at(
            name_or_line(subject.vocabulary.channels[name]),
            f"marketing goes out over `{name}` without consent",
            label="no `only if`",
            help="add `only if customer.ATTRIBUTE` to the channel, with an attribute that says who agreed",
            related=(Related("such as this message", name_or_line(message)),),
        )
