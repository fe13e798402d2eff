"""Marketing messages on a channel without any limit."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Channel

RULE = Rule("missing-limit", "SF401", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for channel, message in subject.marketed():
        if _limited(subject, channel):
            continue
        yield RULE.at(
            name_or_line(channel),
            f"nothing limits how much marketing goes out over `{channel.name}`",
            label="no `at most`",
            help="add a line such as `at most 3 per 7d then skip` here, or a `limit` over several channels",
            related=(Related("such as this message", name_or_line(message)),),
        )


def _limited(subject: Subject, channel: Channel) -> bool:
    limits = subject.vocabulary.limits.values()
    return bool(channel.caps) or any(
        limit.caps and channel.name in (limit.channels or (channel.name,)) for limit in limits
    )
