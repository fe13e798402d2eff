"""Arms of a split, or ways of a branch, that do the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Step
from safar.engine.steps.branch import If
from safar.engine.steps.split import Split
from safar.engine.steps.wait_for import WaitFor

RULE = Rule("equal-arms", "SF306", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for split in subject.all(Split):
        for number, arm in enumerate(split.arms):
            same = next((other for other in split.arms[:number] if other.then == arm.then), None)
            if same is not None:
                yield RULE.at(
                    arm.name_span,
                    f"the arms `{same.name}` and `{arm.name}` do the same",
                    label="nothing to compare",
                    help="let them differ, or take one out and give its share to the other",
                    related=(Related("the same as this", same.name_span),),
                )
    for step in itertools.chain[Step](subject.all(If), subject.all(WaitFor)):
        assert isinstance(step, If | WaitFor)
        if step.then.steps and step.then == step.otherwise:
            yield RULE.at(
                first_line(step.span),
                "both ways of this do the same",
                label="nothing depends on it",
                help="let them differ, or write the steps once",
            )
