"""A run of a customer through a journey while it is going on, and while it is followed afterwards."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from safar.engine.expression import Value
from safar.engine.simulate.history import NOTHING, Record

if TYPE_CHECKING:
    from safar.engine.simulate.track import Track


class State(enum.Enum):
    ACTING = "acting"  # passes steps, or is about to
    WAITING = "waiting"
    HELD = "held"
    LEFT = "left"
    OUT = "held out"


class Loop:
    """Where a run stands in a `repeat`: rounds begun, when the loop began, and how long the history was then."""

    __slots__ = ("began", "known", "rounds")

    def __init__(self, began: int, known: int) -> None:
        self.rounds = 0
        self.began = began
        self.known = known


class Run:
    """`entry` counts the customer's entries into the journey, `order` into all journeys; both from 1.

    `per` and `own` are the field and its value under `per F`.  `latest` (by touchpoint) and `latest_at` (by step) hold
    the number of the latest visit, arrivals that were suppressed included.  `known` is the length of the history when
    the run, `waited` when its present wait began.  `due` is the number of the alarm that may wake it.
    """

    __slots__ = (
        *("arms", "began", "due", "ended", "entry", "followed", "key", "known", "latest", "latest_at", "loops"),
        *("node", "order", "outcome", "own", "passages", "payload", "per", "place", "reached", "resting_since"),
        *("state", "steps", "steps_at", "track", "until", "visit", "visited", "visits", "waited", "why"),
    )

    def __init__(self, track: Track, entry: int, order: int, began: int) -> None:
        self.track = track
        self.entry = entry
        self.order = order
        self.began = self.ended = began
        self.until = began + track.horizon
        self.followed = True
        self.key = 0
        self.per = ""
        self.own: Value = None
        self.payload = NOTHING
        self.known = 0
        self.state = State.ACTING
        self.place = track.start
        self.node = "entry"
        self.why = ""
        self.outcome = ""
        self.waited = 0
        self.resting_since = began
        self.due = 0
        self.visit = 0
        self.visited: dict[str, int] = {}
        self.latest: dict[str, int] = {}
        self.latest_at: dict[str, int] = {}
        self.loops: dict[int, Loop] = {}
        self.reached: set[str] = set()
        self.arms: dict[str, str] = {}
        self.visits: list[str] = []
        self.passages: list[tuple[str, str, str]] = []
        self.steps = 0
        self.steps_at = began

    @property
    def inside(self) -> bool:
        return self.state is not State.LEFT and self.state is not State.OUT

    @property
    def resting(self) -> bool:
        return self.state is State.WAITING or self.state is State.HELD

    @property
    def stage(self) -> str:
        return self.track.spots[self.place].stage

    def after_entry(self, record: Record) -> bool:
        """Whether a record was taken after the run began; the entry event was not."""
        return record.number > self.known
