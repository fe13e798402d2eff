"""What stands on the map under a name made for machines."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Declared

RULE = Rule("missing-title", "SF508", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    shown: list[tuple[str, Declared]] = []
    for journey in subject.journeys:
        shown.append(("journey", journey))
        shown += [("stage", stage) for stage in journey.stages]
    shown += [("touchpoint", touchpoint) for touchpoint in subject.met.values()]
    for what, one in shown:
        if not one.title and "_" in one.name:
            yield RULE.at(
                name_or_line(one),
                f"the map shows this {what} as `{one.name}`",
                label="no title",
                help=f'put a title behind the name, such as `{one.name} "{one.name.replace("_", " ").capitalize()}"`',
            )
