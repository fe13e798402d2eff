"""All that can happen in a small journey, tried: the plain interpreter runs it, and `engine.claims` judges it.

A world is every customer over a few values of each attribute that is asked for, every time of day and day at which he
may come (on a grid), every arm, and every script of at most so many events and changes of attributes on the grid.
Nothing is shared with the prover.
"""

from __future__ import annotations

import copy
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from safar.engine.claims.judge import Told, broken
from safar.engine.claims.sightings import Lookout
from safar.engine.expression import Value
from safar.engine.model import Project
from safar.engine.names import fold
from safar.engine.program import lower
from safar.engine.promises import Claim, Reachable
from safar.engine.simulate import arrivals
from safar.engine.simulate.clock import utc
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.life import Life
from safar.engine.simulate.plain import shared_of, story_of
from safar.engine.simulate.run import Run
from safar.engine.simulate.track import Track
from safar.engine.simulate.world import Customer, Occurrence, World
from tests.engine.prove.small_journeys import Question

MONDAY = 1_798_934_400
"""2027-01-04 00:00 UTC."""
HOUR, DAY = 3_600, 86_400
VALUES: dict[str, tuple[Value, ...]] = {
    "ok": (True, False),
    "orders": (0, 1, 2),
    "tier": ("bronze", "gold"),
    "stars": (None, 1, 3),
}
GROWING, FIXED = {"orders"}, {"tier"}


class Deed(msgspec.Struct, frozen=True):
    """What the customer does, or what becomes of him: an event, with what it answers, or an attribute that changes."""

    at: int
    event: str = ""
    answers: str = ""
    payload: tuple[tuple[str, Value], ...] = ()
    attribute: str = ""
    value: Value = None

    def occurrence(self) -> Occurrence:
        if self.event:
            return Occurrence(at=self.at, event=self.event, payload=dict(self.payload), touchpoint=self.answers or None)
        return Occurrence(at=self.at, changes={self.attribute: self.value})


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """One timeline of one customer: who he is, what he does from his entry on, and the arms that he takes."""

    persona: str
    attributes: dict[str, Value]
    deeds: tuple[Deed, ...]
    arms: dict[str, str]


class Lived(msgspec.Struct, frozen=True):
    """What came of a script.  `told` is what claims are judged by."""

    script: Script
    story: Story
    told: Told


class _Life(Life):
    """A life in which nothing is drawn; a split that the script does not know ends the run."""

    __slots__ = ("lookout", "takes")
    takes: dict[str, str]
    lookout: Lookout

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        return arms.index(self.takes[split]) if split in self.takes else None

    def is_held_out(self, track: Track) -> bool:
        return False

    def note(self, what: What, run: Run | None = None, **parts: Any) -> None:
        super().note(what, run, **parts)
        self.lookout.note(self, self.happenings[-1], run)


class Theatre:
    """A journey on which scripts are played."""

    def __init__(self, project: Project, journey: str, claims: Iterable[Claim]) -> None:
        self.program = lower(project, project.journeys[journey])
        self._lookout = Lookout((self.program,), tuple(one for one in claims if not isinstance(one, Reachable)))
        self._shared = shared_of(World(programs=(self.program,), start=MONDAY - 7 * DAY, words=False))

    def play(self, script: Script) -> Lived:
        """Live through a script."""
        occurrences = tuple(deed.occurrence() for deed in script.deeds)
        customer = Customer(key="1", persona=script.persona, occurrences=occurrences, arrives=False)
        life = _Life(self._shared, customer, {**self._shared.defaults, **script.attributes}, utc())
        life.takes, life.lookout = script.arms, copy.copy(self._lookout)
        life.lookout.seen = {asked: [] for asked in self._lookout.seen}
        arrivals.plan(life, customer)
        life.live()
        story = story_of(life, customer)
        told = Told(happenings=story.happenings, runs=story.runs, lookout=life.lookout, zone=utc(), began=0)
        return Lived(script, story, told)

    def comes(self, claim: Reachable, story: Story) -> bool:
        """Whether a story comes to what a claim names."""
        name, kind = fold(claim.name), claim.kind
        if kind == "outcome":
            return any(fold(run.outcome) == name for run in story.runs)
        if kind == "goal":
            return any(one.what is What.GOAL and fold(one.detail) == name for one in story.happenings)
        if kind == "touchpoint":
            return any(one.what is What.DELIVERED and fold(one.touchpoint) == name for one in story.happenings)
        stages = {place.node: fold(place.stage) for place in self.program.places}
        visits = [visit for run in story.runs for visit in run.visits]
        return any(name in (fold(visit), stages.get(visit) if kind == "stage" else "") for visit in visits)


# --- what there is to try


class SmallWorld(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried of a journey's text: how many deeds behind the entry, `step` seconds apart at least."""

    text: str
    deeds: int = 2
    step: int = 3 * HOUR

    @property
    def asked(self) -> list[str]:
        """The attributes that something asks for."""
        return [
            name for name in VALUES if re.search(rf"(if|unless|not|and|or|for|until) \(?customer\.{name}\b", self.text)
        ]

    def values(self, name: str) -> tuple[Value, ...]:
        """The values that can make a difference."""
        return VALUES[name][:2] if name == "orders" and "orders >= 2" not in self.text else VALUES[name]

    def customers(self) -> Iterator[tuple[str, dict[str, Value]]]:
        personas = ("planner", "hunter") if "persona ==" in self.text else ("planner",)
        for persona in personas:
            for values in itertools.product(*(self.values(name) for name in self.asked)):
                yield persona, dict(zip(self.asked, values, strict=True))

    def starts(self) -> list[int]:
        """When the customer comes: any time of day where clocks count, any of some days where weeks do."""
        hours = (
            range(0, 24, self.step // HOUR)
            if re.search(r"same day|calendar|from|until \w*day|\d:\d", self.text)
            else [9]
        )
        days = (0, 5, 6) if re.search(r"week|monday", self.text) else (1,)
        return [MONDAY + day * DAY + hour * HOUR for day in days for hour in hours]

    def events(self) -> list[tuple[str, tuple[tuple[str, Value], ...]]]:
        """The events that something hears or names, with payloads."""
        body = self.text.split("journey j")[1]
        sized = [None, 1, 2] if "size >" in body else [None]
        found: list[tuple[str, tuple[tuple[str, Value], ...]]] = []
        if re.search(r"\border\b", body) or "customer.orders" in body:
            found += [("order", (("size", size),)) for size in sized]
        found += [("called", ())] * bool(re.search(r"\bcalled\b", body))
        found += [("came", ())] * ("reenter" in body)
        return found


class Findings(msgspec.Struct, kw_only=True):
    """What was found: for each claim that is broken a script that breaks it; who reached what."""

    broken: dict[str, Lived] = {}
    reached: dict[str, set[str]] = {}
    tried: int = 0
    whole: bool = True
    """Whether all of the world was tried."""

    def breaks(self, name: str) -> bool:
        """Whether a claim was broken; one about what can be reached, whether nobody of some persona came there."""
        return len(self.reached[name]) < 2 if name in self.reached else name in self.broken


def explore(
    question: Question,
    *,
    deeds: int = 2,
    most: int = 1_000_000,
    told: Callable[[Story], None] | None = None,
    decided: bool = True,
) -> Findings:
    """Try all of a world, at most so many scripts; `told` hears each story.

    It ends before where every claim is `decided`, if that is enough.
    """
    search = _Search(question, SmallWorld(text=question.text, deeds=deeds), most)
    search.told, search.ends = told, decided
    return search.run()


class _Search:
    told: Callable[[Story], None] | None = None
    ends: bool = True

    def __init__(self, question: Question, world: SmallWorld, most: int) -> None:
        self._claims = claims = question.claims
        self._theatre = Theatre(question.project, "j", claims.values())
        self._world, self._most = world, most
        self._found = Findings(
            broken={}, reached={name: set() for name, one in claims.items() if isinstance(one, Reachable)}
        )
        self._personas = {persona for persona, _ in world.customers()} | {"planner", "hunter"}
        self._events, self._asked = world.events(), world.asked
        body = world.text.split("journey j")[1]
        self._answers = sorted(set(re.findall(r"opened\((\w+)\)", body)))
        self._watched = bool(re.search(r"for (not )?customer|until (not )?customer", body))
        self._after = 2 * DAY if re.search(r"of (order|called)|as (order|called)", body) else 0
        if "reenter" in body:
            self._after = max(self._after, 15 * HOUR)

    def run(self) -> Findings:
        front = [
            Script(persona=persona, attributes=attributes, deeds=(Deed(start, "came"),), arms={})
            for start in self._world.starts()
            for persona, attributes in self._world.customers()
        ]
        for level in range(self._world.deeds + 1):
            nearest = []
            for script in self._some(front, self._world.deeds - level):
                for lived in self._play(script):
                    if level < self._world.deeds:
                        nearest.append(lived)
                if self._decided():
                    return self._found
            front = [longer for lived in nearest for longer in self._longer(lived)]
        return self._found

    def _decided(self) -> bool:
        if not self.ends:
            return False
        decided = len(self._found.broken) + sum(seen >= self._personas for seen in self._found.reached.values())
        return decided == len(self._claims)

    def _some(self, front: list[Script], later: int) -> list[Script]:
        """All of them, or as many as may be tried on this level; which, is left to chance."""
        most = (self._most - self._found.tried) // 4**later
        if len(front) <= most:
            return front
        self._found.whole = False
        return random.Random(1).sample(front, most)  # noqa: S311 - no secret

    def _play(self, script: Script) -> Iterator[Lived]:
        """A script with every arm of each split that it comes to."""
        lived = self._theatre.play(script)
        self._found.tried += 1
        untaken = [one.step for one in lived.story.happenings if one.what is What.ARM and not one.detail]
        if untaken:
            for arm in ("left", "right"):
                yield from self._play(msgspec.structs.replace(script, arms={**script.arms, untaken[0]: arm}))
            return
        self._judge(lived)
        if self.told is not None:
            self.told(lived.story)
        yield lived

    def _judge(self, lived: Lived) -> None:
        for name, claim in self._claims.items():
            if isinstance(claim, Reachable):
                if self._theatre.comes(claim, lived.story):
                    alike = {lived.script.persona} if "persona ==" in self._world.text else self._personas
                    self._found.reached[name] |= alike
            elif name not in self._found.broken and broken(claim, lived.told) is not None:
                self._found.broken[name] = lived

    # --- what else may happen

    def _longer(self, lived: Lived) -> Iterator[Script]:
        """The script with one deed more, at the end of it."""
        script, begun = lived.script, lived.script.deeds[-1].at
        end = max(run.ended for run in lived.story.runs) if lived.story.runs else begun
        last = max(end + self._after, begun)
        grid = range(begun, last + 1, self._world.step)
        deeds = [Deed(at, event, payload=payload) for at in grid for event, payload in self._events]
        for place in self._answers:
            came = [one.at for one in lived.story.happenings if one.what is What.DELIVERED and one.touchpoint == place]
            deeds += [Deed(at, "opened", place) for at in grid if came and at >= came[0]]
        deeds += self._changes(lived, begun, end)
        for deed in deeds:
            yield msgspec.structs.replace(script, deeds=(*script.deeds, deed))

    def _changes(self, lived: Lived, begun: int, end: int) -> Iterator[Deed]:
        """Attributes change while the run rests: once between any two happenings says it all where nothing waits for
        the change itself."""
        instants = sorted({one.at for one in lived.story.happenings if begun <= one.at < end} | {begun})
        moments = [at + self._world.step // 2 for at in instants if at + self._world.step // 2 < end]
        if self._watched:
            busy = {deed.at for deed in lived.script.deeds}
            moments += [at for at in range(begun, end, self._world.step) if at not in busy]
        for name in self._asked:
            if name not in FIXED:
                now = self._now(lived, name)
                values = [value for value in self._world.values(name) if value != now]
                if name in GROWING:
                    values = [value for value in values if value > now]  # type: ignore[operator]
                yield from (Deed(at, attribute=name, value=value) for at in moments for value in values)

    @staticmethod
    def _now(lived: Lived, name: str) -> Value:
        told = [deed.value for deed in lived.script.deeds if deed.attribute == name]
        return told[-1] if told else lived.script.attributes[name]
