"""An `otherwise if` that the ones before it leave nothing to, or an `if` that asks what is known already."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.constant_condition import is_constant
from safar.engine.check.subject import Subject
from safar.engine.check.truth import Answered, outcomes
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Body
from safar.engine.steps.branch import If

RULE = Rule("repeated-condition", "SF301")

Known = tuple[Answered, ...]
"""Conditions asked before, at the same instant."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    inner = {id(body.steps[0]) for step in subject.all(If) for body in (step.then, step.otherwise) if body.steps}
    for step in subject.all(If):
        if id(step) not in inner:
            yield from _look(step, (), subject.personas)


def _look(step: If, known: Known, personas: tuple[str, ...]) -> Iterator[Diagnostic]:
    if known and not is_constant(step.condition, personas):
        values = outcomes(step.condition, personas, known)
        if values == {False}:
            yield _finding(step, known, "cannot be true here")
        elif values == {True}:
            yield _finding(step, known, "is always true here")
    for body, true in ((step.then, True), (step.otherwise, False)):
        first = _first(body)
        if first is not None:
            yield from _look(first, (*known, (step.condition, true)), personas)


def _first(body: Body) -> If | None:
    """The `if` that is asked at the very same instant: the first step of the body."""
    first = body.steps[0] if body.steps else None
    return first if isinstance(first, If) else None


def _finding(step: If, known: Known, what: str) -> Diagnostic:
    return RULE.at(
        step.condition.span,
        f"this {what}, after what was asked before",
        label=what,
        help="ask for something else, or take this branch out",
        related=tuple(Related("asked before", asked.span) for asked, _ in known),
    )
