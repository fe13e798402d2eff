"""Branches in a row of `otherwise if`, and the options that they name."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.check.subject import Subject
from safar.engine.expression import Base, Compare, Expression, In, Literal, Value
from safar.engine.steps.branch import If

MANY = 3
"""Options that are named, from which on one that is not is taken for forgotten."""


def chains(subject: Subject) -> Iterator[tuple[If, ...]]:
    """Every `if` with the `otherwise if`s that follow it, where there are any."""
    inner = {id(step.otherwise.steps[0]) for step in subject.all(If) if _goes_on(step)}
    for step in subject.all(If):
        if id(step) not in inner and _goes_on(step):
            chain = [step]
            while _goes_on(chain[-1]):
                following = chain[-1].otherwise.steps[0]
                assert isinstance(following, If)
                chain.append(following)
            yield tuple(chain)


def is_open(chain: tuple[If, ...]) -> bool:
    """Whether there is no `otherwise` at the end; one without steps says that nothing is to happen."""
    last = chain[-1].otherwise
    return not last.steps and not last.span.text


def _goes_on(step: If) -> bool:
    """Whether an `otherwise if` follows."""
    return len(step.otherwise.steps) == 1 and isinstance(step.otherwise.steps[0], If)


class Forgotten(msgspec.Struct, frozen=True):
    """The one option of a thing that a chain does not name."""

    item: Expression
    option: str


def forgotten(chain: tuple[If, ...], personas: tuple[str, ...]) -> Forgotten | None:
    """The option that a chain without `otherwise` leaves out, where it names all others, and those are many."""
    if not is_open(chain):
        return None
    item: Expression | None = None
    named: list[Value] = []
    for step in chain:
        here, options = _named(step.condition)
        if here is None or (item is not None and here != item):
            return None
        item = here
        named += options
    assert item is not None
    all_ = personas if item.type.base is Base.PERSONA else item.type.options
    left = [option for option in all_ if option not in named]
    return Forgotten(item, left[0]) if len(left) == 1 and len(set(named)) >= MANY else None


def _named(condition: Expression) -> tuple[Expression | None, list[Value]]:
    """The thing that a condition asks for, and which of its options."""
    values: list[Value]
    match condition:
        case Compare(op="==", left=left, right=Literal(value=value)):
            item, values = left, [value]
        case In(item=item, options=options) if all(isinstance(one, Literal) for one in options):
            values = [one.value for one in options if isinstance(one, Literal)]
        case _:
            return None, []
    return (item, values) if item.type.base in (Base.ONE_OF, Base.PERSONA) else (None, [])
