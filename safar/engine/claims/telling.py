"""A scenario told: the customer lives through what the script says, and nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from safar.engine.claims.judge import Told
from safar.engine.claims.sightings import Lookout
from safar.engine.expression import Value
from safar.engine.model import Event, Project
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Given, Scenario, Scripted, Start
from safar.engine.simulate import arrivals, chance
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.happening import Happening, Story, What
from safar.engine.simulate.history import NOTHING
from safar.engine.simulate.life import Life
from safar.engine.simulate.order import FILE
from safar.engine.simulate.plain import shared_of, story_of
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Situation
from safar.engine.simulate.track import Shared, Track
from safar.engine.simulate.world import Customer, Occurrence, World

CUSTOMER = "customer"
"""The key of a scenario's customer; nothing depends on it, because nothing is drawn."""


class Unanswered(msgspec.Struct, frozen=True):
    """An answer of the script to a touchpoint that had not been delivered, or not any more."""

    line: Scripted
    at: int


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as it came: the story, what claims need of it, and where the script does not fit the journey.

    `untaken` are the splits that were met without a `take`; `again` the lines whose event has a key seen before: such
    an event is set aside.
    """

    story: Story
    told: Told
    unanswered: tuple[Unanswered, ...] = ()
    untaken: tuple[str, ...] = ()
    again: tuple[Scripted, ...] = ()


Noted = Callable[[Life, Happening], None]
"""Told each happening at the moment at which it happens."""


class Teller:
    """A journey made ready for all its scenarios; with others `beside` it, all on one time line."""

    def __init__(self, program: Program, beside: Sequence[Program] = ()) -> None:
        self.program = program
        self.programs = (program, *beside)
        self.project: Project = program.project
        self._made: dict[bool, Shared] = {}

    def shared(self, *, words: bool = True, horizon: int | None = None) -> Shared:
        """What all its customers share, with or without reasons; `horizon` is another one than the journey's."""
        if words not in self._made:
            self._made[words] = shared_of(World(programs=self.programs, start=0, words=words))
        shared = self._made[words]
        if horizon is None:
            return shared
        tracks = tuple(msgspec.structs.replace(one, horizon=horizon) for one in shared.tracks)
        return msgspec.structs.replace(shared, tracks=tracks)

    def tell(
        self,
        scenario: Scenario,
        noted: Noted | None = None,
        *,
        words: bool = True,
        until: int | None = None,
        horizon: int | None = None,
    ) -> Telling:
        """Live through a scenario, `until` so many seconds after its start (None: to the end); `noted` hears of it.

        Raises `LimitExceededError` where the journey runs without end.
        """
        assert scenario.start is not None
        shared = self.shared(words=words, horizon=horizon)
        attributes = {**shared.defaults, **_traits(self.project, scenario)}
        zone = customer_zone(attributes.get(zone_attribute(self.project)), project_zone(self.project))
        began = zone.instant(day_number(scenario.start.date), scenario.start.at)
        shared = msgspec.structs.replace(shared, start=began, end=began + shared.end)
        customer = Customer(key=CUSTOMER, persona=scenario.persona or None, occurrences=())
        lookout = Lookout(self.programs, scenario.expects)
        life = _Life(shared, customer, attributes, zone)
        life.prepare(scenario, lookout, self.project.vocabulary.events, noted)
        arrivals.plan(life, customer)
        if until is not None:
            life.stop_at(began + until)
        life.live()
        story = story_of(life, customer)
        told = Told(
            happenings=story.happenings,
            runs=story.runs,
            lookout=lookout,
            zone=zone,
            began=began,
            week_starts=self.project.settings.week_starts,
            until=None if until is None else began + until,
        )
        untaken = [one.step for one in story.happenings if one.what is What.ARM and not one.detail]
        return Telling(
            story=story,
            told=told,
            unanswered=tuple(life.unanswered),
            untaken=tuple(dict.fromkeys(untaken)),
            again=tuple(life.again),
        )


def _traits(project: Project, scenario: Scenario) -> dict[str, Value]:
    """What the scenario says of its customer: literals, so that no situation is looked at."""
    attributes, nobody = project.vocabulary.attributes, Situation(None, {}, project_zone(project), 0)
    return {
        one.attribute: kept(ready(one.value)(nobody, None, NOTHING), attributes[one.attribute].type)
        for one in scenario.traits
    }


class _Life(Life):
    """A life in which nothing is drawn: what the script does not say does not happen."""

    __slots__ = ("_events", "_keys", "_last", "_lookout", "_noted", "_takes", "again", "unanswered")

    def prepare(
        self, scenario: Scenario, lookout: Lookout, events: Mapping[str, Event], noted: Noted | None = None
    ) -> None:
        """Put the script on the time line."""
        start = scenario.start
        assert start is not None
        self._takes = {fold(one.split): fold(one.arm) for one in scenario.takes}
        self._lookout, self._events, self._noted = lookout, events, noted
        self._keys: set[tuple[str, str, Value]] = set()
        self._last = self.shared.start + max((one.after for one in scenario.script), default=0)
        self.unanswered: list[Unanswered] = []
        self.again: list[Scripted] = []
        if start.event:
            self.schedule(self.shared.start, FILE, (0,), self._begin, start)
        for number, line in enumerate(scenario.script, 1):
            self.schedule(self.shared.start + line.after, FILE, (number,), self._come, line)

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        """Journeys together may have splits of one name: then `take` names the journey, too."""
        owner = next((one.name for one in self.shared.tracks if self._is_of(one, split, key)), "")
        taken = self._takes.get(fold(f"{owner}.{split}"), self._takes.get(fold(split)))
        return next((number for number, arm in enumerate(arms) if fold(arm) == taken), None)

    def _is_of(self, track: Track, split: str, key: int) -> bool:
        return key == chance.mix(self.key, chance.together(track.part, chance.name_part(split)))

    def is_held_out(self, track: Track) -> bool:
        return False

    def goes_on(self, at: int) -> bool:
        """The calendar counts as long as the script does, and until the customer is in for the first time."""
        return at <= self._last or not self.runs

    def note(self, what: What, run: Run | None = None, **parts: Any) -> None:
        super().note(what, run, **parts)
        self._lookout.note(self, self.happenings[-1], run)
        if self._noted is not None:
            self._noted(self, self.happenings[-1])

    # --- the script

    def _begin(self, start: Start) -> None:
        self._happen(start.event, start.payload, None)

    def _come(self, line: Scripted) -> None:
        if line.change is not None:
            attribute = self.shared.attributes[line.change.attribute]
            self.set(attribute, ready(line.change.value)(self, None, NOTHING), None, "")
        elif not self._happen(line.event, line.payload, line.answers, line):
            self.again.append(line)

    def _happen(self, event: str, given: tuple[Given, ...], answers: str | None, line: Scripted | None = None) -> bool:
        """An event of the script; False where it has a key seen before, and so does not happen again."""
        types = {field.name: field.type for field in self._events[event].fields}
        payload = {one.field: kept(ready(one.value)(self, None, NOTHING), types[one.field]) for one in given}
        keys = {(event, field.name, payload.get(field.name)) for field in self._events[event].fields if field.key}
        known = {key for key in keys if key[2] is not None}
        if known & self._keys:
            return False
        self._keys |= known
        arrivals.Filed(self).come(Occurrence(at=self.now, event=event, payload=payload, touchpoint=answers))
        if answers and line is not None and not self._answered(event):
            self.unanswered.append(Unanswered(line, self.now))
        return True

    def _answered(self, event: str) -> bool:
        """Whether the event that was the last to happen answered anything."""
        came = next(one for one in reversed(self.happenings) if one.what is What.EVENT and one.event == event)
        return bool(came.touchpoint)
