"""When a wait ends by time: an instant, fixed when it begins; None if it is unknown."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import assert_never

from safar.engine.expression import EventForm, Expression
from safar.engine.model import Project
from safar.engine.moves import After, Clock, Deadline, FromDate, FromInstant, FromOccasion
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.evaluate import form_name, matching, ready
from safar.engine.simulate.history import NOTHING
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Situation

Ending = Callable[[Situation, Run], int | None]


def ending(deadline: Deadline, project: Project) -> Ending:
    match deadline:
        case After(seconds):
            return lambda now, run: now.now + seconds
        case Clock(at=at, weekday=weekday):
            return lambda now, run: now.zone.next(now.now, at, weekday)
        case FromDate():
            return _from_date(deadline)
        case FromInstant(instant=instant, seconds=seconds):
            if isinstance(instant, EventForm):
                return _from_event(instant, seconds)
            return _from_instant(instant, seconds)
        case FromOccasion():
            return _from_occasion(deadline, project)
        case _:
            assert_never(deadline)


def _from_date(deadline: FromDate) -> Ending:
    date, days, at = ready(deadline.date), deadline.days, deadline.at

    def end(now: Situation, run: Run) -> int | None:
        value = date(now, run, NOTHING)
        return now.zone.instant(day_number(value) + days, at) if isinstance(value, datetime.date) else None

    return end


def _from_instant(instant: Expression, seconds: int) -> Ending:
    reading = ready(instant)

    def end(now: Situation, run: Run) -> int | None:
        value = reading(now, run, NOTHING)
        return value + seconds if isinstance(value, int) else None

    return end


def _from_event(form: EventForm, seconds: int) -> Ending:
    """Counted from the last occurrence of all that is known."""
    name, within, matches = form_name(form), form.within, matching(form)

    def end(now: Situation, run: Run) -> int | None:
        for record in now.history.latest(name):
            if matches(now, run, record):
                recent = within is None or now.now - record.at < within
                return record.at + seconds if recent else None
        return None

    return end


def _from_occasion(deadline: FromOccasion, project: Project) -> Ending:
    """Counted from the occasion's next date: the first that is not past."""
    occasion = project.vocabulary.occasions.get(deadline.occasion)
    dates = sorted(day_number(date) + deadline.days for date in occasion.dates) if occasion else []
    at = deadline.at

    def end(now: Situation, run: Run) -> int | None:
        return next((when for when in (now.zone.instant(day, at) for day in dates) if when >= now.now), None)

    return end
