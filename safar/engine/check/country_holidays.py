"""Days closed by a country's public holidays where no calendar of them is installed."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Closed

RULE = Rule("country-holidays", "SF405", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    closed = [one for one in subject.all(Closed) if one.country]
    if not closed:
        return
    from safar.engine.simulate import holidays

    if holidays.is_installed():
        return
    for one in closed:
        yield RULE.at(
            first_line(one.span),
            f"the public holidays of `{one.country}` are not known here, so no day is closed",
            label="no calendar for this",
            help="install them: `pip install safar[fa]`",
        )
