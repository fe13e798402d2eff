"""When waits end by time, for whole batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from safar.engine.expression import Base, EventForm, Expression, Since, Type
from safar.engine.moves import After, Clock, Deadline, FromDate, FromInstant, FromOccasion
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.columns import calendar
from safar.engine.simulate.columns.column import UNKNOWN, Column
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.look import Look
from safar.engine.source import NOWHERE

if TYPE_CHECKING:
    from safar.engine.simulate.columns.compile import Compiler

Ending = Callable[[Look], Column]
"""The instants at which they end, where they are known."""


def ending(deadline: Deadline, compiler: Compiler) -> Ending:
    match deadline:
        case After(seconds):
            return lambda look: Column(look.now() + seconds)
        case Clock(at=at, weekday=weekday):
            return lambda look: Column(calendar.next(look.now(), at, weekday, look.zones()))
        case FromDate():
            return _from_date(deadline, compiler)
        case FromInstant(instant=EventForm() as form, seconds=seconds):
            return _from_event(form, seconds, compiler)
        case FromInstant(instant=Expression() as node, seconds=seconds):
            return _from_instant(compiler.ready(node), seconds)
        case FromOccasion():
            return _from_occasion(deadline, compiler)
    raise AssertionError(deadline)


def _from_date(deadline: FromDate, compiler: Compiler) -> Ending:
    date, days, at = compiler.ready(deadline.date), deadline.days, deadline.at

    def end(look: Look) -> Column:
        values, known = date(look)
        if known is False:
            return UNKNOWN
        return Column(calendar.instant(values + days, at, look.zones()), known)

    return end


def _from_instant(instant: Expr, seconds: int) -> Ending:
    def end(look: Look) -> Column:
        values, known = instant(look)
        return Column(values + seconds, known)

    return end


def _from_event(form: EventForm, seconds: int, compiler: Compiler) -> Ending:
    """Counted from the last occurrence of all that is known."""
    since = compiler.ready(Since(span=NOWHERE, type=Type(Base.DURATION, unknown=True), form=form))

    def end(look: Look) -> Column:
        ago, known = since(look)
        return Column(look.now() - ago + seconds, known)

    return end


def _from_occasion(deadline: FromOccasion, compiler: Compiler) -> Ending:
    """Counted from the occasion's next date: the first that is not past."""
    occasion = compiler.vocabulary.occasions.get(deadline.occasion)
    dates = sorted(day_number(date) + deadline.days for date in occasion.dates) if occasion else []
    at = deadline.at

    def end(look: Look) -> Column:
        found = np.full(look.n, -1)
        for day in reversed(dates):
            when = np.broadcast_to(calendar.instant(day, at, look.zones()), look.n)
            found = np.where(when >= look.now(), when, found)
        return Column(found, found >= 0)

    return end
