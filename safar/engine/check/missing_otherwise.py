"""A chain of branches with a gap that nothing takes."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.check.truth import TooManyError, cases, value
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Expression
from safar.engine.steps.branch import If

RULE = Rule("missing-otherwise", "SF311", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    inner = {id(step.otherwise.steps[0]) for step in subject.all(If) if _goes_on(step)}
    for step in subject.all(If):
        if id(step) in inner or not _goes_on(step):
            continue
        chain = [step]
        while _goes_on(chain[-1]):
            following = chain[-1].otherwise.steps[0]
            assert isinstance(following, If)
            chain.append(following)
        if not chain[-1].otherwise.steps and _gap(subject, [one.condition for one in chain]):
            yield RULE.at(
                first_line(chain[-1].span),
                "customers for whom none of these is true go on without anything",
                label="no `otherwise`",
                help="add `otherwise { ... }`; with a comment in it, if nothing is to happen",
            )


def _goes_on(step: If) -> bool:
    """Whether an `otherwise if` follows."""
    return len(step.otherwise.steps) == 1 and isinstance(step.otherwise.steps[0], If)


def _gap(subject: Subject, conditions: list[Expression]) -> bool:
    try:
        rows = cases(conditions, subject.personas)
        return any(all(value(condition, row) is not True for condition in conditions) for row in rows)
    except TooManyError:
        return False
