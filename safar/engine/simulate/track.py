"""A program made ready to be run: for each place what happens there, who is heard there and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from safar.engine.expression import Value
from safar.engine.model import Attribute, Entry, Reentry
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.draw import Fields
from safar.engine.simulate.evaluate import Matching
from safar.engine.simulate.history import Name
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Reading
from safar.engine.simulate.words import PRIVATE, Reason

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life

Way = tuple[int, str, int]
"""The place where a run goes on (no jump), the label of the edge that leads there, and the number of the loop that
begins anew there, because a `go to` leads to its head; -1 if none does."""

Act = Callable[["Life", Run], Way | None]
"""What a run does at a place, and where it goes on; None: it rests there, or has left."""

Effect = Callable[["Life", Run, str, Payload], None]
"""An effect made ready; the text is the node's name in outputs, the payload that of the event at hand."""

Standing = Callable[["Life", Run], bool]
"""Whether something holds already, without anything new."""


class Jumper(msgspec.Struct, frozen=True, kw_only=True):
    """An interrupt that takes the run away.  `loop` is the number of the loop whose `until` it is, -1 if of none.

    `keeps` are the loops that the run stays in: those around that loop.
    """

    label: str
    way: Way
    loop: int
    keeps: frozenset[int]
    hears: Matching
    holds: Standing
    stands: Standing
    """A condition that is true, or an answer that has come before."""


class Aside(msgspec.Struct, frozen=True):
    """An interrupt that leaves the run where it is."""

    matches: Matching
    do: Effect
    node: str


class Hearing(msgspec.Struct, frozen=True):
    """Who may obey a record of some name at a place, in order."""

    asides: tuple[Aside, ...] = ()
    jumpers: tuple[Jumper, ...] = ()
    ways: tuple[tuple[Way, Matching], ...] = ()


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place made ready.  `resume` is what a run does there that was woken by time.

    `loops` are the loops around it; `until` those of their interrupts that wait for a condition, `awaits` the
    conditions that the wait there is for.  `priority`: 0 high to 2 low, 3 where time passes before any touchpoint.
    """

    node: str
    stage: str
    loops: frozenset[int]
    priority: int
    woken_priority: int
    """Of a run that time wakes there: at a wait what comes behind it."""
    enter: Act
    resume: Act
    hears: dict[Name, Hearing]
    until: tuple[Jumper, ...]
    awaits: tuple[tuple[Way, Reading], ...]


class GoalReady(msgspec.Struct, frozen=True, kw_only=True):
    """`value` and its `currency`, if the goal has a value in money."""

    name: str
    matches: Matching
    within: int
    value: Reading | None
    currency: str
    first: bool
    why: str


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A line of `behaves`: candidates come so many seconds apart on average; `cases` allow so many of them.

    `stage` is where the run must be, if anywhere; `part` and `order` stand for scope, event and line.
    """

    event: str
    mean: float
    cases: tuple[tuple[Reading | None, int], ...]
    payload: Fields
    stage: str
    part: int
    order: tuple[int, int]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An `enter` line.  `words` says it in short; `event` is folded, empty for one by the calendar."""

    entry: Entry
    event: str
    condition: Reading | None
    reason: Reason | None
    words: str


class Arriving(msgspec.Struct, frozen=True, kw_only=True):
    """`arrive`: on average so many seconds between two customers."""

    gap: float
    payload: Fields


class Track(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A journey made ready.  `part` is its part of the keys of chance; `hold_out` a threshold, and as it is written."""

    name: str
    part: int
    spots: tuple[Spot, ...]
    start: int
    horizon: int
    lines: tuple[Line, ...]
    reentry: Reentry
    hold_out: int
    hold_out_of_project: bool
    hold_out_words: str
    goals: dict[Name, tuple[GoalReady, ...]]
    exits: dict[str, tuple[GoalReady, ...]]
    """Goals that count by an exit, by folded outcome."""
    streams: tuple[Stream, ...]
    arriving: Arriving | None


class EventReady(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` are all declared ones; `private` those that are masked; `sets` the lines of `then set`."""

    name: str
    fields: tuple[str, ...]
    private: tuple[str, ...]
    sets: tuple[tuple[Attribute, Reading], ...]

    def shown(self, payload: Payload) -> Payload:
        """The payload as it is written down."""
        return {**payload, **dict.fromkeys(self.private, PRIVATE)} if self.private else payload


class PersonaReady(msgspec.Struct, frozen=True, kw_only=True):
    streams: tuple[Stream, ...]
    arriving: Arriving | None


class Shared(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What all customers of a world share.  `heard` are the names of deliveries and actions that something hears."""

    tracks: tuple[Track, ...]
    events: dict[str, EventReady]
    attributes: dict[str, Attribute]
    personas: dict[str, PersonaReady]
    touchpoints: dict[str, str]
    """The names of touchpoints as written, by folded name."""
    heard: frozenset[Name]
    counters: int
    seed: int
    start: int
    end: int
    """When entries by calendar and arrivals end."""
    customers: int
    alone: bool
    words: bool
    defaults: dict[str, Value]
    zone: Zone
    zone_attribute: str
    dates: dict[str, tuple[int, ...]]
    """The days of each occasion, by its name."""
