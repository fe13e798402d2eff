"""A split or wait with more ways than a map can show side by side."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.steps.split import Split
from safar.engine.steps.wait_up_to import WaitUpTo

RULE = Rule("crowded-branch", "SF117", Severity.INFO, default=False)

_MOST = 9


def find(subject: Subject) -> Iterator[Diagnostic]:
    many = [(step, len(step.arms)) for step in subject.all(Split)]
    waits = [(step, len(step.ways)) for step in subject.all(WaitUpTo)]
    for step, ways in (*many, *waits):
        if ways > _MOST:
            yield RULE.at(
                first_line(step.span),
                f"this step has {ways} ways",
                label=f"more than {_MOST}",
                help="join ways that do the same, or ask in two steps",
            )
