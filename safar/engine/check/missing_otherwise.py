"""A chain of branches with a gap that nothing takes."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.chains import chains, forgotten, is_open
from safar.engine.check.subject import Subject, first_line
from safar.engine.check.truth import TooManyError, cases, value
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Expression

RULE = Rule("missing-otherwise", "SF311", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for chain in chains(subject):
        if not is_open(chain) or forgotten(chain, subject.personas):
            continue  # of one forgotten option `forgotten-option` speaks
        if _gap(subject, [one.condition for one in chain]):
            yield RULE.at(
                first_line(chain[-1].span),
                "customers for whom none of these is true go on without anything",
                label="no `otherwise`",
                help="add `otherwise { ... }`; with a comment in it, if nothing is to happen",
            )


def _gap(subject: Subject, conditions: list[Expression]) -> bool:
    try:
        rows = cases(conditions, subject.personas)
        return any(all(value(condition, row) is not True for condition in conditions) for row in rows)
    except TooManyError:
        return False
