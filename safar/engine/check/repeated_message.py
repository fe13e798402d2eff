"""Two messages of a journey with the same words."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Send
from safar.engine.names import fold
from safar.engine.steps.touchpoint import Meet

RULE = Rule("repeated-message", "SF412", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        seen: dict[Send, Meet] = {}
        for step in journey.steps:
            contact = step.touchpoint.contact if isinstance(step, Meet) else None
            if not isinstance(step, Meet) or not isinstance(contact, Send) or not (contact.parts or contact.body_file):
                continue
            first = seen.setdefault(contact, step)
            if not _same(first, step) and subject.sound(step):
                yield RULE.at(
                    name_or_line(step),
                    f"`{step.touchpoint.name}` says word for word what `{first.touchpoint.name}` says",
                    label="the same text",
                    help="write a text of its own, or meet the first one again with `as NAME`",
                    related=(Related("the same words", name_or_line(first)),),
                )


def _same(first: Meet, second: Meet) -> bool:
    return fold(first.touchpoint.name) == fold(second.touchpoint.name)
