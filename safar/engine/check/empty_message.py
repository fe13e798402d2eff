"""A message without words."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Send, Touchpoint

RULE = Rule("empty-message", "SF417", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for touchpoint in subject.all(Touchpoint):
        contact = touchpoint.contact
        if isinstance(contact, Send) and _empty(contact) and subject.sound(touchpoint):
            yield RULE.at(
                name_or_line(touchpoint),
                f"the message `{touchpoint.name}` says nothing",
                label=f"nothing is sent over `{contact.channel}`",
                help="add a `text`, or a `subject` and a `body file`",
            )


def _empty(contact: Send) -> bool:
    texts = [part for _, template in contact.parts for part in template.parts]
    return not contact.body_file and not any(not isinstance(part, str) or part.strip() for part in texts)
