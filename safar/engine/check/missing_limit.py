"""Marketing messages on a channel without any limit."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Channel, Touchpoint

RULE = Rule("missing-limit", "SF401", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    sent: dict[str, Touchpoint] = {}
    for message in subject.messages():
        channel = subject.channel(message)
        if channel is not None and channel.outbound and subject.sound(channel) and not _limited(subject, channel):
            sent.setdefault(channel.name, message)
    for name, message in sent.items():
        yield RULE.at(
            name_or_line(subject.vocabulary.channels[name]),
            f"nothing limits how much marketing goes out over `{name}`",
            label="no `at most`",
            help="add a line such as `at most 3 per 7d then skip` here, or a `limit` over several channels",
            related=(Related("such as this message", name_or_line(message)),),
        )


def _limited(subject: Subject, channel: Channel) -> bool:
    limits = subject.vocabulary.limits.values()
    return bool(channel.caps) or any(
        limit.caps and channel.name in (limit.channels or (channel.name,)) for limit in limits
    )
