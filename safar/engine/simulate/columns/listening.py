"""Event forms and patterns made ready for columns: which runs obey what happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

import numpy as np

from safar.engine.expression import EventForm, Expression, Pattern
from safar.engine.names import fold
from safar.engine.simulate.columns.cells import Array
from safar.engine.simulate.columns.column import Interner, NotInColumns, is_true
from safar.engine.simulate.columns.expressions import Expr, in_columns
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.look import Look


class Origin(Protocol):
    """Where something comes from that happens.  `touchpoint` (folded) is what it answers, empty if nothing."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> Name: ...
    @property
    def touchpoint(self) -> str: ...


class Listening:
    """One event form, with the condition beside it."""

    def __init__(self, form: EventForm, condition: Expression | None, codes: Interner) -> None:
        self.name: Name = (form.kind, fold(form.name))
        self.place = fold(form.answers) if form.answers else ""
        self._tests = [in_columns(one, codes) for one in (form.where, condition) if one is not None]

    @property
    def expressions(self) -> list[Expr]:
        return self._tests

    def hears(self, origin: Origin, steps: dict[str, tuple[str, ...]]) -> bool:
        """Whether it may be about such a thing at all; `steps` are those at which each touchpoint is met."""
        if self.name != origin.name:
            return False
        if not self.place:
            return True
        if self.place == origin.touchpoint:
            return True
        met = steps.get(origin.touchpoint, ())
        if self.place in met and len(set(met)) > 1:
            raise NotInColumns("an answer at one of several steps that meet a touchpoint")
        return self.place in met

    def matches(self, look: Look, origin: Origin) -> Any:
        """Which runs obey: one answer for all, or an array.  Answers to an earlier visit never come."""
        met: Any = True
        for test in self._tests:
            met = met & is_true(test(look), look.n)
        return met


def alternatives(pattern: Pattern, codes: Interner) -> list[Listening]:
    """The alternatives that are events."""
    return [Listening(one.form, one.condition, codes) for one in pattern.alternatives if one.form is not None]


class Ear:
    """A pattern: any of its alternatives."""

    def __init__(self, pattern: Pattern, codes: Interner) -> None:
        self.events = alternatives(pattern, codes)
        self.conditions = [
            in_columns(one.condition, codes)
            for one in pattern.alternatives
            if one.form is None and one.condition is not None
        ]

    def hears(self, origin: Origin, steps: dict[str, tuple[str, ...]]) -> bool:
        return any(one.hears(origin, steps) for one in self.events)

    def matches(self, look: Look, origin: Origin, steps: dict[str, tuple[str, ...]]) -> Any:
        met: Any = False
        for one in self.events:
            if one.hears(origin, steps):
                met = met | one.matches(look, origin)
        return met

    def holds(self, look: Look) -> Any:
        """Which runs meet one of the conditions."""
        met: Any = False
        for condition in self.conditions:
            met = met | is_true(condition(look), look.n)
        return met

    def expressions(self) -> Iterator[Expr]:
        for one in self.events:
            yield from one.expressions
        yield from self.conditions


class _Some(Protocol):
    @property
    def n(self) -> int: ...
    def some(self, index: Array) -> Self: ...


Some = TypeVar("Some", bound=_Some)


def chosen(all: Some, met: Any) -> Some | None:
    """Those who are meant; None if there are none."""
    if not isinstance(met, np.ndarray):
        return all if met else None
    index = met.nonzero()[0]
    if len(index) == len(met):
        return all
    return all.some(index) if len(index) else None


def parted(all: Some, met: Any) -> tuple[Some | None, Some | None]:
    """Those who are meant, and the others; None if there are none."""
    if not isinstance(met, np.ndarray):
        return (all, None) if met else (None, all)
    yes = met.nonzero()[0]
    if len(yes) == len(met):
        return all, None
    if not len(yes):
        return None, all
    return all.some(yes), all.some((~met).nonzero()[0])
