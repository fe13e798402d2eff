"""What happens to a customer: one record each, in order.  Traces, figures and tests read nothing else."""

from __future__ import annotations

import enum

import msgspec

from safar.engine.expression import Value


class What(enum.Enum):
    ENTERED = "entered"
    NOT_ELIGIBLE = "not_eligible"
    INSIDE = "inside"
    TOO_SOON = "too_soon"
    HELD_OUT = "held_out"
    EVENT = "event"
    SET = "set"
    DELIVERED = "delivered"
    HELD = "held"
    SUPPRESSED = "suppressed"
    DONE = "done"
    BRANCH = "branch"
    ARM = "arm"
    WAITING = "waiting"
    WOKEN = "woken"
    INTERRUPTED = "interrupted"
    GOAL = "goal"
    EXIT = "exit"
    UNFINISHED = "unfinished"


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is seconds UTC; `n` counts within the customer from 1; `step` is the node's name in outputs.

    `journey` is empty and `entry` 0 for what belongs to no run (an event, an attribute set by it); attempts that are
    no entry have `entry` 0 too.  `event` is what was taken, entered by, or what woke, interrupted or reached a goal.
    `detail` is the machine's word: of a delivery the channel (empty without one); of a suppression or hold the reason
    (consent, limit, quiet, closed, held); of a branch true or false; of what is done the action, the team of a task or
    the journey started; of a set the attribute; the arm, the outcome, the goal; of an interrupt and of a wait that was
    woken the label of the way, `time` if the time was up, `passed` if its instant was past or unknown.
    `payload`: an event's, an entry's, an action's arguments, the attribute set; private values are masked.
    `touchpoint` is the one delivered, suppressed, held, or (if it was there to be answered) answered by an event.
    `held_out` marks goals of a held-out run.  `value` is a goal's value in money units of `currency`.
    `number` is the position in the customer's history of the event, delivery or action, or of the goal's event, so that
    it is counted once; 0 where there is none.  `why` is for people.
    """

    customer: str
    journey: str
    entry: int
    n: int
    at: int
    step: str
    what: What
    why: str = ""
    event: str | None = None
    payload: dict[str, Value] | None = None
    detail: str = ""
    touchpoint: str = ""
    held_out: bool = False
    value: int | None = None
    currency: str = ""
    number: int = 0


class Passage(msgspec.Struct, frozen=True):
    """A run went from one node to another, by the way of that label.  `start` is `entry` at the beginning."""

    start: str
    end: str
    label: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run (or one held-out attempt) of a customer through a journey, when it is over.

    `outcome` is empty for one unfinished or held out; `ended` is its exit, or the end of its being followed.
    `visits` are the nodes in order, `arms` the arms by split.
    """

    journey: str
    entry: int
    began: int
    ended: int
    outcome: str
    held_out: bool
    visits: tuple[str, ...]
    passages: tuple[Passage, ...]
    arms: dict[str, str]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """All that one customer's simulation gives."""

    customer: str
    persona: str | None
    happenings: tuple[Happening, ...]
    runs: tuple[Run, ...]
    attributes: dict[str, Value]
