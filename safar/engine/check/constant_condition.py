"""A condition, or a part of one, that is always true or never."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject
from safar.engine.check.truth import outcomes
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.expression import And, Expression, Not, Or

RULE = Rule("constant-condition", "SF300")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for asked in subject.asked:
        for part, true in _constant(asked.condition, subject.personas):
            yield RULE.at(
                part.span,
                f"this is {'always' if true else 'never'} true",
                label="always true" if true else "never true",
                help="compare with another value, or take it out"
                if true
                else "mend the part that contradicts, or take it out",
            )


def is_constant(condition: Expression, personas: tuple[str, ...]) -> bool:
    return any(True for _ in _constant(condition, personas))


def _constant(condition: Expression, personas: tuple[str, ...]) -> Iterator[tuple[Expression, bool]]:
    """The smallest constant parts, each with whether it is always true."""
    inner = [found for part in _parts(condition) for found in _constant(part, personas)]
    if inner:
        yield from inner
        return
    values = outcomes(condition, personas)
    if values == {True}:
        yield condition, True
    elif values == {False}:
        yield condition, False


def _parts(condition: Expression) -> tuple[Expression, ...]:
    match condition:
        case And(left=left, right=right) | Or(left=left, right=right):
            return left, right
        case Not(item=item):
            return (item,)
        case _:
            return ()
