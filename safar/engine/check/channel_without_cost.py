"""A channel that seems to cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Send

RULE = Rule("channel-without-cost", "SF513", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    used = {touchpoint.contact.channel for touchpoint in subject.met.values() if isinstance(touchpoint.contact, Send)}
    for channel in subject.vocabulary.channels.values():
        if channel.name in used and not channel.costs and subject.sound(channel):
            yield RULE.at(
                name_or_line(channel),
                f"messages over `{channel.name}` cost nothing here",
                label="no `cost`",
                help="add a line such as `cost 0.002 EUR per message`",
            )
