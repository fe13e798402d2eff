"""A run of a customer through a journey while it is going on, and while it is followed afterwards."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from safar.engine.expression import Value
from safar.engine.simulate.history import NOTHING

if TYPE_CHECKING:
    from safar.engine.simulate.situation import Payload
    from safar.engine.simulate.track import Track, Way


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

    - `per`, `own`: the field and its value under `per F`.
    - `latest` (by touchpoint), `latest_at` (by step): the number of the latest visit, suppressed ones included.
    - `delivered` (by both): its delivery: position in the history, number of the visit, touchpoint and step.
    - `known`, `waited`: the length of the history when the run, and when its present wait began.
    - `arrived`: the instant of arrival at the touchpoint that the run is held at.
    - `due`: the number of the alarm that may wake it.  `way`: where it goes on when it acts next.
    """

    __slots__ = (
        *("arms", "arrived", "began", "delivered", "due", "ended", "entry", "followed", "key", "known", "latest"),
        *("latest_at", "loops", "node", "order", "outcome", "own", "passages", "payload", "per", "place", "reached"),
        *("state", "steps", "steps_at", "track", "until", "visit", "visited", "visits", "waited", "way"),
    )

    def __init__(self, track: Track, entry: int, order: int, began: int) -> None:
        self.track = track
        self.entry = entry
        self.order = order
        self.began = self.ended = began
        self.until = began + track.horizon
        self.followed = True
        self.per = ""
        self.own: Value = None
        self.payload = NOTHING
        self.known = 0
        self.state = State.ACTING
        self.place = track.start
        self.node = "entry"
        self.way: Way | None = (track.start, "", -1)
        self.outcome = ""
        self.waited = 0
        self.arrived = began
        self.due = 0
        self.visit = 0
        self.visited: dict[str, int] = {}
        self.latest: dict[str, int] = {}
        self.latest_at: dict[str, int] = {}
        self.delivered: dict[str, tuple[int, int, str, str]] = {}
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

    def end(self, now: int) -> None:
        """The run is followed no longer."""
        self.followed = False
        if self.inside or self.state is State.OUT:
            self.ended = now
            self.state = State.OUT if self.state is State.OUT else State.LEFT

    def hears(self, payload: Payload) -> bool:
        """Under `per F` only what is without F, or has the run's own value."""
        return not self.per or self.per not in payload or payload[self.per] == self.own

    def carry(self, payload: Payload, fields: tuple[str, ...]) -> Payload:
        """A payload drawn for this run: under `per F` it has the run's own value of F, if the event has F."""
        return {**payload, self.per: self.own} if self.per and self.per in fields else payload

    def mark(self, payload: Payload) -> Payload:
        """The payload of a delivery or an action of this run: it always tells whose it is."""
        return {**payload, self.per: self.own} if self.per else payload
