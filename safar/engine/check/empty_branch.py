"""An `if` that decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.branch import If

RULE = Rule("empty-branch", "SF110", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for step in subject.all(If):
        if not step.then.steps and not step.otherwise.steps and subject.sound(step):
            yield RULE.at(
                first_line(step.span),
                "this `if` decides nothing",
                label="both ways are empty",
                help="add the steps that depend on it, or take it out",
            )
