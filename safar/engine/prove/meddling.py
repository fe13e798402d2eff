"""What other runs of a customer may do at the instant at which one is woken or begins, before it acts."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import msgspec

from safar.engine.expression import Heard
from safar.engine.model import Journey, Step, within
from safar.engine.names import fold
from safar.engine.steps.do import DoStep
from safar.engine.steps.set import SetStep
from safar.engine.steps.start import Start
from safar.engine.steps.touchpoint import Meet


class _Doings(msgspec.Struct, frozen=True):
    """The attributes that a journey sets, what it delivers and does, and the journeys that it starts."""

    sets: frozenset[str]
    deeds: frozenset[tuple[Heard, str]]
    starts: frozenset[str]


def attributes_set(journeys: Iterable[Journey]) -> set[str]:
    """The attributes that journeys set."""
    return set().union(*(_doings(one).sets for one in journeys))


def deeds_done(journeys: Iterable[Journey]) -> set[tuple[Heard, str]]:
    """What journeys deliver and do: names are folded."""
    return set().union(*(_doings(one).deeds for one in journeys))


def is_started(name: str, journeys: Iterable[Journey]) -> bool:
    """Whether one of the journeys starts the one of that name."""
    wanted = fold(name)
    return any(wanted in _doings(one).starts for one in journeys)


class _Same:
    """A journey that is equal to none but itself: to compare two takes longer than to look through one."""

    __slots__ = ("journey",)

    def __init__(self, journey: Journey) -> None:
        self.journey = journey

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.journey is other.journey

    def __hash__(self) -> int:
        return id(self.journey)


def _doings(journey: Journey) -> _Doings:
    return _found(_Same(journey))


@functools.lru_cache(maxsize=4_096)
def _found(one: _Same) -> _Doings:
    """Every journey of a project is asked by every other one: each is looked through once."""
    sets, deeds, starts = set(), set(), set()
    for step in _steps(one.journey):
        match step:
            case SetStep():
                sets.add(step.assign.attribute)
            case DoStep():
                deeds.add((Heard.ACTION, fold(step.call.action)))
            case Meet():
                deeds.add((Heard.TOUCHPOINT, fold(step.touchpoint.name)))
                deeds |= {(Heard.ACTION, fold(call.action)) for call in step.touchpoint.actions}
            case Start():
                starts.add(fold(step.journey))
    return _Doings(frozenset(sets), frozenset(deeds), frozenset(starts))


def _steps(journey: Journey) -> Iterator[Step]:
    for stage in journey.stages:
        yield from within(stage.steps)
        yield from (one.reaction for one in stage.interrupts)
    yield from (one.reaction for one in journey.interrupts)
