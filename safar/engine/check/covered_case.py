"""A case of a chance, rate or amount that the cases before it leave nobody to."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.constant_condition import is_constant
from safar.engine.check.subject import Subject
from safar.engine.check.truth import Answered, outcomes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Expression, Node
from safar.engine.model import AmountCase, AttributeDraw, Behaviour, ChanceCase, Filled, RateCase, Response

RULE = Rule("covered-case", "SF334", Severity.WARNING)

_MOST_BEFORE = 8
"""Cases before one that are looked at, the nearest."""

Case = ChanceCase | RateCase | AmountCase


def find(subject: Subject) -> Iterator[Diagnostic]:
    for node in subject.nodes:
        before: list[Expression] = []
        for case in _cases(node):
            if case.condition is None:
                continue
            if _is_covered(subject, case.condition, before):
                yield RULE.at(
                    case.condition.span,
                    "the cases before this one leave nobody to it",
                    label="never the first that fits",
                    help="put it before them, ask for something else, or take it out",
                    related=tuple(Related("asked before", one.span) for one in before[-_MOST_BEFORE:]),
                )
            before.append(case.condition)


def _cases(node: Node) -> tuple[Case, ...]:
    match node:
        case Response(chance=cases):
            return cases
        case Behaviour(rates=rates):
            return rates
        case Filled(cases=amounts) | AttributeDraw(cases=amounts):
            return amounts
    return ()


def _is_covered(subject: Subject, condition: Expression, before: list[Expression]) -> bool:
    known: list[Answered] = [(one, False) for one in before[-_MOST_BEFORE:]]
    if not known or is_constant(condition, subject.personas) or not subject.sound(condition):
        return False
    return outcomes(condition, subject.personas, known) == {False}
