"""Whether a condition lets more through than another: decided over all cases that the two can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from safar.engine.check.truth import Case, TooManyError, cases, value
from safar.engine.diff.renaming import SAME_NAMES, Names, meant
from safar.engine.expression import (
    Attribute,
    Base,
    Count,
    EventField,
    Expression,
    First,
    Happened,
    Last,
    Literal,
    PayloadField,
    Since,
    Type,
)
from safar.engine.simulate import words
from safar.engine.source import NOWHERE

_YES = Literal(span=NOWHERE, type=Type(Base.YES_NO), value=True)
_MOST_TOLD = 3
_PAST = (Happened, Count, Last, First, Since, EventField, PayloadField)


class Compared(msgspec.Struct, frozen=True):
    """A case that only the new condition lets through, and one that only the old one did; `known`: there are no others
    if there is none here."""

    more: Case | None = None
    fewer: Case | None = None
    known: bool = True

    @property
    def same(self) -> bool:
        return self.known and self.more is None and self.fewer is None


def compare(
    old: Expression | None, new: Expression | None, personas: Iterable[str] = (), names: Names = SAME_NAMES
) -> Compared:
    """Compare by implication; no condition at all lets everything through."""
    before, after = (_YES if one is None else one for one in (meant(old, names), meant(new)))
    if before == after:
        return Compared()
    more, fewer = None, None
    try:
        for case in cases((before, after), tuple(personas)):
            was, now = value(before, case) is True, value(after, case) is True
            more = case if now and not was and more is None else more
            fewer = case if was and not now and fewer is None else fewer
    except TooManyError:
        return Compared(known=False)
    return Compared(more, fewer)


def differing(
    old: Expression | None, new: Expression | None, personas: Iterable[str], names: Names, most: int
) -> list[Case]:
    """Cases in which the two answer differently."""
    before, after = (_YES if one is None else one for one in (meant(old, names), meant(new)))
    found = []
    try:
        for case in cases((before, after), tuple(personas)):
            if (value(before, case) is True) != (value(after, case) is True):
                found.append(case)
                if len(found) >= most:
                    break
    except TooManyError:
        return []
    return found


def in_words(case: Case) -> str:
    """A case as a reader would say it: `customer.orders = 2, customer.member = no`."""
    told = [f"{' '.join(part.span.text.split())} = {_said(part, one)}" for part, one in case.items()]
    return ", ".join(told[:_MOST_TOLD]) + (", ..." if len(told) > _MOST_TOLD else "")


def _said(part: Expression, one: object) -> str:
    if isinstance(one, str) and one.startswith("\0"):
        return "something else"
    return words.value(one, part.type)  # type: ignore[arg-type]


def attributes_of(value: Any) -> Iterator[str | None]:
    """The attributes that a condition asks for; None for what it asks besides."""
    if isinstance(value, Attribute):
        yield value.name
    elif isinstance(value, Expression):
        if isinstance(value, _PAST):
            yield None
        for field in value.__struct_fields__:
            yield from attributes_of(getattr(value, field))
    elif isinstance(value, tuple):
        for part in value:
            yield from attributes_of(part)
