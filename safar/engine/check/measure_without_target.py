"""A measure that nobody wants to be anything."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Measure

RULE = Rule("measure-without-target", "SF503", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for measure in subject.all(Measure):
        if measure.target is None and subject.sound(measure):
            yield RULE.at(
                name_or_line(measure),
                f"nothing says which value of `{measure.name}` is good",
                label="no target",
                help="add a target, such as `, target at least 40%`",
            )
