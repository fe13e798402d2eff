"""A branch that asks what a branch that left has settled at the same instant."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, jumped_to, rows
from safar.engine.check.truth import outcomes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Expression
from safar.engine.model import Body, bodies, within
from safar.engine.steps.branch import If
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo

RULE = Rule("settled-condition", "SF312", Severity.WARNING)

Facts = list[tuple[Expression, bool]]
"""Conditions, and whether they are true or not (false or unknown)."""

MOST = 8
"""Facts that are remembered, the latest: in a row of thousands of branches all of them would take minutes."""

MOST_ASKED = 2_000
"""Conditions of a journey that are tried: nobody draws one with more, and a file may hold ten times as many."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        asked = 0
        targets = jumped_to(journey)
        for row in rows(journey):
            facts: Facts = []
            for step in row:
                if not isinstance(step, If) or step.name in targets:
                    facts = []
                if isinstance(step, If) and (asked := asked + 1) <= MOST_ASKED:
                    answer = _settled(subject, step.condition, facts)
                    if answer is not None:
                        yield _finding(step.condition, facts, answer)
                    jumped = any(one.name in targets for body in bodies(step) for one in within(body.steps) if one.name)
                    facts = [*facts, *_left(step)][-MOST:] if _timeless(step) and not jumped else []


def _left(step: If) -> Facts:
    """What holds behind a branch of which one side leaves."""
    if _leaves(step.then):
        return [(step.condition, False)]
    return [(step.condition, True)] if _leaves(step.otherwise) else []


def _leaves(body: Body) -> bool:
    return bool(body.steps) and isinstance(body.steps[-1], Exit | GoTo)


def _timeless(step: If) -> bool:
    """Whether a side that goes on changes nothing: its conditions are as they were."""
    sides = [body for body in (step.then, step.otherwise) if not _leaves(body)]
    return all(isinstance(one, If | Exit | GoTo) for body in sides for one in within(body.steps))


def _settled(subject: Subject, condition: Expression, facts: Facts) -> bool | None:
    """The only answer that is left to a condition that had two."""
    if not facts:
        return None
    rest = outcomes(condition, subject.personas, facts)
    if len(rest) != 1 or len(outcomes(condition, subject.personas)) < 2:
        return None
    return rest.pop()


def _finding(condition: Expression, facts: Facts, answer: bool) -> Diagnostic:
    what = "is always true here" if answer else "cannot be true here"
    return RULE.at(
        condition.span,
        f"this {what}: the others have left before",
        label=what,
        help="ask for something else, or take this branch out",
        related=tuple(Related("asked before", fact.span) for fact, _ in facts),
    )
