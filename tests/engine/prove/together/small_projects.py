"""Small projects of two or three journeys, made by chance, and customers who live through them by chance.

Nothing is shared with the prover: the plain interpreter runs all journeys on one timeline, and what comes is counted.
"""

from __future__ import annotations

import bisect
import random
import re
from collections.abc import Iterator, Sequence

import msgspec

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.expression import Value
from safar.engine.model import Project
from safar.engine.program import Program, lower
from safar.engine.simulate import arrivals
from safar.engine.simulate.clock import utc
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.life import Life, LimitExceededError
from safar.engine.simulate.plain import shared_of, story_of
from safar.engine.simulate.track import Track
from safar.engine.simulate.world import Customer, Occurrence, World
from tests.engine.prove.small_journeys import Maker
from tests.engine.prove.small_world import DAY, FIXED, GROWING, HOUR, MONDAY, VALUES

GRID = 3 * HOUR
_FEATURES = frozenset(
    ("answers", "interrupts", "jumps", "sets", "splits", "stages", "caps", "quiet", "reentry", "repeats", "starts")
)
EVENTS = ("order", "called", "came", "came_b", "came_c")


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    project: Project

    @property
    def programs(self) -> list[Program]:
        return [lower(self.project, one) for one in self.project.journeys.values()]


def shop(seed: int, features: frozenset[str] = _FEATURES) -> Shop:
    """A project of two or three journeys; some are entered by one event, some by events of their own."""
    for again in range(100):
        text = _text(seed + 1_000_000 * again, features)
        reading = read_text(text)
        if not any(one.severity is Severity.ERROR for one in reading.findings):
            return Shop(text=text, project=reading.project)
    raise AssertionError(f"no project of seed {seed} can be read")


def _text(seed: int, features: frozenset[str]) -> str:
    chance = random.Random(seed)  # noqa: S311 - no secret
    bodies, head = [], ""
    number = chance.choice((2, 2, 3))
    for at in range(number):
        made = Maker(seed * 10 + at, 5, 0, features - {"starts"}).file()
        vocabulary, body = made.split("journey j {")
        head = head or vocabulary
        body = re.sub(r"\bt(\d+)\b", rf"t{at}\1", body)
        if chance.random() < 0.6:
            body = body.replace("enter on came", f"enter on came_{'bc'[at % 2]}", 1)
        if "starts" in features and at and chance.random() < 0.2:
            body = body.replace("  stage early {", f"  stage early {{\n    start j{at - 1}", 1)
        bodies.append(f"journey j{at} {{{body}")
    return f"{head}event came_b\nevent came_c\n" + "".join(bodies)


# --- lives by chance


class _Life(Life):
    __slots__ = ("takes",)
    takes: random.Random

    def arm(self, split: str, arms: Sequence[str], key: int, ends: Sequence[int]) -> int | None:
        return random.Random(f"{self.takes}{key}").randrange(len(arms))  # noqa: S311 - no secret

    def is_held_out(self, track: Track) -> bool:
        return False


def lives(small: Shop, number: int, seed: int) -> Iterator[Story]:
    """So many stories of customers to whom by chance this and that happens, on a grid of instants."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    programs = small.programs
    shared = shared_of(World(programs=tuple(programs), start=MONDAY - 7 * DAY, words=False))
    for _ in range(number):
        attributes = {name: chance.choice(values) for name, values in VALUES.items()}
        persona = chance.choice(("planner", "hunter"))
        customer = Customer(key="1", persona=persona, occurrences=tuple(_happenings(chance)), arrives=False)
        life = _Life(shared, customer, {**shared.defaults, **attributes}, utc())
        life.takes = chance.random()  # type: ignore[assignment]
        arrivals.plan(life, customer)
        try:
            life.live()
        except LimitExceededError:
            continue
        yield story_of(life, customer)


def _happenings(chance: random.Random) -> Iterator[Occurrence]:
    entries = [("came", chance.random() < 0.8), ("came_b", True), ("came_c", chance.random() < 0.7)]
    start = MONDAY + chance.randrange(0, 8) * GRID
    found = [(start + chance.randrange(0, 12) * GRID, name) for name, comes in entries if comes]
    found += [(start + chance.randrange(0, 32) * GRID, _event(chance)) for _ in range(chance.randrange(0, 6))]
    for at, name in sorted(found):
        if name in VALUES:
            if name not in FIXED | GROWING:
                yield Occurrence(at=at + GRID // 2, changes={name: chance.choice(VALUES[name])})
            continue
        payload: dict[str, Value] = {"size": chance.choice((1, 2))} if name == "order" else {}
        answered = chance.choice(("", "t01", "t11", "t12")) if name == "opened" else ""
        yield Occurrence(at=at, event=name, payload=payload, touchpoint=answered or None)


def _event(chance: random.Random) -> str:
    return chance.choice((*EVENTS, "opened", *VALUES))


# --- what is counted


def sent(small: Shop, story: Story, channel: str) -> list[int]:
    """The instants of marketing messages on a channel, or on all (empty)."""
    transactional = set(re.findall(r"touchpoint (\w+) \{[^\n]*transactional", small.text))
    outbound = {"email", "sms"}
    return [
        one.at
        for one in story.happenings
        if one.what is What.DELIVERED
        and one.detail in ({channel} if channel else outbound)
        and one.touchpoint not in transactional
    ]


def most_within(instants: Sequence[int], window: int) -> int:
    """The most of them in any stretch shorter than so many seconds."""
    return max((bisect.bisect_left(instants, at + window) - n for n, at in enumerate(instants)), default=0)


def most_on_a_day(instants: Sequence[int]) -> int:
    days = [at // DAY for at in instants]
    return max(map(days.count, days), default=0)
