"""A branch of whose two answers only one is left, for everybody who comes there."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.constant_condition import is_constant
from safar.engine.check.reasons import because, excluded
from safar.engine.check.subject import Subject, happenings
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Base, Compare, In, Literal
from safar.engine.model import Step
from safar.engine.moves import Branch, Place
from safar.engine.program import Program
from safar.engine.steps.branch import If

RULE = Rule("settled-condition", "SF312", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.clear:
        for place in program.places:
            if isinstance(place.move, Branch):
                yield from _look(subject, program, place)


def _look(subject: Subject, program: Program, place: Place) -> Iterator[Diagnostic]:
    from safar.engine.prove.conditions import Answer

    facts = subject.facts(program)
    assert isinstance(place.move, Branch)
    condition, groups = place.move.condition, facts.comes(place.id) if facts.told else ()
    if not groups:
        return
    for answer, what in ((Answer.YES, "cannot be true here"), (Answer.NOT_YES, "is always true here")):
        if next(facts.who(place.id, condition, answer), None) is not None:
            continue
        if is_constant(condition, subject.personas) or any(one.answers for one in happenings(condition)):
            return  # of these `constant-condition` and `answer-at-once` speak
        if answer is Answer.NOT_YES and _names_the_last(place.step):
            return
        reason = excluded(facts, groups, condition, answer)
        yield RULE.at(
            condition.span,
            f"this {what}{because(reason.words)}",
            label=what,
            help="ask for something else, or take this branch out",
            related=reason.related,
        )
        return


def _names_the_last(step: Step | None) -> bool:
    """Whether options are named one by one to the last, as is good style: one that is added then falls through."""
    if not isinstance(step, If) or step.otherwise.steps:
        return False
    match step.condition:
        case Compare(op="==", left=left, right=Literal()) | In(item=left):
            return left.type.base in (Base.ONE_OF, Base.PERSONA, Base.WEEKDAY)
    return False
