"""A message to which nobody is assumed to react."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Send

RULE = Rule("unanswered-message", "SF605", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.assumes():
        return
    for touchpoint in subject.met.values():
        if isinstance(touchpoint.contact, Send) and not touchpoint.responds and not touchpoint.transactional:
            yield RULE.at(
                name_or_line(touchpoint),
                f"in a simulation nobody reacts to `{touchpoint.name}`",
                label="no `responds`",
                help="add what you assume, such as `responds { opened 30% after about 18h }`",
            )
