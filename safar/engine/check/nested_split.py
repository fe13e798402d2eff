"""A test inside an arm of another test."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import within
from safar.engine.steps.split import Split

RULE = Rule("nested-split", "SF314", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for outer in journey.steps:
            for arm in outer.arms if isinstance(outer, Split) else ():
                for inner in within(arm.then.steps):
                    if isinstance(inner, Split):
                        yield RULE.at(
                            first_line(inner.span),
                            f"`{inner.name}` tests only those in the arm `{arm.name}` of `{outer.name}`",
                            label="a test inside a test",
                            help=f"put it behind `{outer.name}`, or make both one split with more arms",
                            related=(Related("the outer test", first_line(outer.span)),),
                        )
