"""Days closed by a country's public holidays, which no calendar here knows."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Closed

RULE = Rule("country-holidays", "SF405", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for closed in subject.all(Closed):
        if closed.country:
            yield RULE.at(
                first_line(closed.span),
                f"the public holidays of `{closed.country}` are not known here, so no day is closed",
                label="no calendar for this",
                help="list the days in an `occasion`, and write `closed NAME then wait`",
            )
