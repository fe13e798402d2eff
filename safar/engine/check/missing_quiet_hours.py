"""Marketing that may ring at night."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Channel

RULE = Rule("missing-quiet-hours", "SF416", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    used: dict[str, Channel] = {}
    for message in subject.messages():
        channel = subject.channel(message)
        if channel is not None and channel.outbound and not channel.quiet and subject.sound(channel):
            used.setdefault(channel.name, channel)
    for channel in used.values():
        yield RULE.at(
            name_or_line(channel),
            f"marketing over `{channel.name}` may go out at night",
            label="no quiet hours",
            help="add a line such as `quiet from 22:00 to 08:00 then wait up to 1d`",
        )
