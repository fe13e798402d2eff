"""What other runs of a customer may do at the instant at which one is woken or begins, before it acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.engine.expression import Heard
from safar.engine.model import Journey, Step, within
from safar.engine.names import fold
from safar.engine.steps.do import DoStep
from safar.engine.steps.set import SetStep
from safar.engine.steps.touchpoint import Meet


def attributes_set(journeys: Iterable[Journey]) -> set[str]:
    """The attributes that journeys set."""
    return {step.assign.attribute for step in _steps(journeys) if isinstance(step, SetStep)}


def deeds_done(journeys: Iterable[Journey]) -> set[tuple[Heard, str]]:
    """What journeys deliver and do: names are folded."""
    found: set[tuple[Heard, str]] = set()
    for step in _steps(journeys):
        if isinstance(step, DoStep):
            found.add((Heard.ACTION, fold(step.call.action)))
        if isinstance(step, Meet):
            found.add((Heard.TOUCHPOINT, fold(step.touchpoint.name)))
            found |= {(Heard.ACTION, fold(call.action)) for call in step.touchpoint.actions}
    return found


def _steps(journeys: Iterable[Journey]) -> Iterator[Step]:
    for journey in journeys:
        for stage in journey.stages:
            yield from within(stage.steps)
            yield from (one.reaction for one in stage.interrupts)
        yield from (one.reaction for one in journey.interrupts)
