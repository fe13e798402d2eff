"""A stage for whole projects: all journeys live on one time line, and rules are judged by what happens there."""

from __future__ import annotations

import copy
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from safar.engine.claims.judge import Broken, Told, broken
from safar.engine.claims.sightings import Asked, Lookout, Sighting
from safar.engine.expression import Value
from safar.engine.program import Program
from safar.engine.promises import Claim
from safar.engine.prove.rules import Question
from safar.engine.simulate import arrivals
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.life import Life
from safar.engine.simulate.plain import shared_of, story_of
from safar.engine.simulate.run import Run
from safar.engine.simulate.track import Track
from safar.engine.simulate.world import Customer, Occurrence, World

_STILL = 2 * 86_400
"""Seconds after the last deed in which the calendar still begins runs."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer is and does, from the first deed on."""

    persona: str | None
    attributes: dict[str, Value]
    deeds: tuple[Occurrence, ...]
    arms: dict[str, str]


class _Life(Life):
    """A life in which nothing is drawn."""

    __slots__ = ("last", "lookouts", "takes")
    takes: dict[str, str]
    lookouts: dict[str, list[Lookout]]
    last: int

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        return arms.index(self.takes[split])

    def is_held_out(self, track: Track) -> bool:
        return False

    def goes_on(self, at: int) -> bool:
        return at <= self.last

    def note(self, what: What, run: Run | None = None, **parts: Any) -> None:
        super().note(what, run, **parts)
        happening = self.happenings[-1]
        for journey, several in self.lookouts.items():
            if happening.journey in ("", journey):
                for lookout in several:
                    lookout.note(self, happening, run)


class Stage:
    """The journeys of a project and the rules that are asked of them."""

    def __init__(self, programs: Sequence[Program], questions: Iterable[Question]) -> None:
        self._programs, self.questions = tuple(programs), tuple(questions)
        self._project = programs[0].project
        self._shared = shared_of(World(programs=self._programs, start=0, words=False))
        self._lookouts = {one.journey.name: [self._lookout(one, asked) for asked in self.questions] for one in programs}

    @staticmethod
    def _lookout(program: Program, asked: Question) -> Lookout:
        own = any(one is program for one in asked.programs)
        return Lookout((program,), (asked.rule.claim,) if own and asked.rule.claim is not None else ())

    def broken(self, part: Part) -> list[tuple[Question, Broken, Story]]:
        """The rules that what the customer does breaks."""
        began = part.deeds[0].at
        shared = msgspec.structs.replace(self._shared, start=began, end=began + self._shared.end)
        customer = Customer(key="1", persona=part.persona, occurrences=part.deeds, arrives=False)
        attributes = {**shared.defaults, **part.attributes}
        zone = customer_zone(attributes.get(zone_attribute(self._project)), project_zone(self._project))
        life = _Life(shared, customer, attributes, zone)
        life.takes, life.last = part.arms, part.deeds[-1].at + _STILL
        life.lookouts = {name: [_fresh(one) for one in several] for name, several in self._lookouts.items()}
        arrivals.plan(life, customer)
        life.live()
        story = story_of(life, customer)
        found = []
        for number, asked in enumerate(self.questions):
            names = {program.journey.name for program in asked.programs}
            lookouts = {name: several[number] for name, several in life.lookouts.items() if name in names}
            runs = tuple(run for run in story.runs if run.journey in names)
            told = Told(happenings=story.happenings, runs=runs, lookout=_together(lookouts), zone=zone, began=began)
            what = _broken(asked.rule.claim, told)
            if what is not None:
                found.append((asked, what, story))
        return found


def _broken(claim: Claim | None, told: Told) -> Broken | None:
    return broken(claim, told) if claim is not None else None


def _fresh(lookout: Lookout) -> Lookout:
    made = copy.copy(lookout)
    made.seen = {asked: [] for asked in lookout.seen}
    return made


def _together(lookouts: dict[str, Lookout]) -> Lookout:
    """What several saw, each in its own journey's runs, as one."""
    seen: dict[Asked, dict[int, Sighting]] = {}
    for journey, lookout in lookouts.items():
        for asked, several in lookout.seen.items():
            own = seen.setdefault(asked, {})
            for one in several:
                entries, inside = _of(one.entries, journey), _of(one.inside, journey)
                if one.n in own:
                    entries, inside = entries | own[one.n].entries, inside | own[one.n].inside
                own[one.n] = msgspec.structs.replace(one, entries=entries, inside=inside)
    made = copy.copy(next(iter(lookouts.values())))
    made.seen = {asked: sorted(found.values(), key=operator.attrgetter("n")) for asked, found in seen.items()}
    return made


def _of(entries: frozenset[tuple[str, int]], journey: str) -> frozenset[tuple[str, int]]:
    return frozenset(one for one in entries if one[0] == journey)


__all__ = ["Part", "Stage"]
