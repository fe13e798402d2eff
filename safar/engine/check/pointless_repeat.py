"""A repeat of one round or none."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.repeat import Repeat

RULE = Rule("pointless-repeat", "SF109", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for step in subject.all(Repeat):
        if step.times < 2:
            what = "once" if step.times == 1 else "never"
            yield RULE.at(
                first_line(step.span),
                f"what stands in this repeat happens {what}",
                label=f"{step.times} rounds" if step.times != 1 else "one round",
                help="say how many rounds there may be, or write its steps without a `repeat`",
            )
