"""The closed set of what can happen in a run.  Step kinds are lowered to these; consumers know nothing else.

A place is where a run can stand or pass; its move says what happens there and where it goes on.
Targets are numbers of places.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

import msgspec

from safar.engine.expression import EventForm, Expression, Node, Pattern
from safar.engine.model import Assign, Body, Do, Step, Touchpoint

# --- when a wait ends by time


class After(msgspec.Struct, frozen=True):
    """So many seconds after the wait began: time surely passes."""

    seconds: int


class Clock(msgspec.Struct, frozen=True):
    """The next time of day (seconds from local midnight), on `weekday` if given, strictly later than now."""

    at: int
    weekday: str = ""


class FromDate(msgspec.Struct, frozen=True):
    """`days` after (or, negative, before) a date, at a time of day; may be now, past or unknown."""

    date: Expression
    days: int
    at: int


class FromInstant(msgspec.Struct, frozen=True):
    """`seconds` after (negative: before) an instant: a time, or the last occurrence of an event."""

    instant: Expression | EventForm
    seconds: int


class FromOccasion(msgspec.Struct, frozen=True):
    """`days` after (negative: before) the next date of an occasion, at a time of day."""

    occasion: str
    days: int
    at: int


Deadline = After | Clock | FromDate | FromInstant | FromOccasion

# --- effects: what takes no time and leaves the run where it is


class SetAttribute(msgspec.Struct, frozen=True):
    assign: Assign


class DoAction(msgspec.Struct, frozen=True):
    call: Do


class GiveTask(msgspec.Struct, frozen=True):
    team: str
    what: str


class StartJourney(msgspec.Struct, frozen=True):
    journey: str


EffectKind = SetAttribute | DoAction | GiveTask | StartJourney

# --- moves


class Deliver(msgspec.Struct, frozen=True):
    """Meet a touchpoint: its channel's checks, then the delivery with all that hangs on it."""

    touchpoint: Touchpoint
    then: int


class Effect(msgspec.Struct, frozen=True):
    effect: EffectKind
    then: int


class Branch(msgspec.Struct, frozen=True):
    """To `then` if the condition is true, else (also if unknown) to `otherwise`."""

    condition: Expression
    then: int
    otherwise: int


class Arm(msgspec.Struct, frozen=True):
    name: str
    share: Fraction
    then: int


class Draw(msgspec.Struct, frozen=True):
    """One arm by chance; the key is the split's name alone."""

    split: str
    arms: tuple[Arm, ...]


class Way(msgspec.Struct, frozen=True):
    pattern: Pattern
    then: int


class Wait(msgspec.Struct, frozen=True):
    """Until one of the patterns (in order), or the deadline.

    `passed` is where a deadline leads that is past or unknown when the wait begins (`FromDate` and its like).
    """

    deadline: Deadline
    then: int
    passed: int
    ways: tuple[Way, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """The head of a loop: begins the next round at `body`, at the rhythm `every`, or leaves to `done`.

    `loop` is the number of the loop's scope; its `until` is that scope's interrupt and also looked at
    when the loop begins, if it is a condition.
    """

    loop: int
    limit: int
    every: int | None
    body: int
    done: int


class Jump(msgspec.Struct, frozen=True):
    to: int


class Exit(msgspec.Struct, frozen=True):
    outcome: str
    why: str = ""


Move = Deliver | Effect | Branch | Draw | Wait | Count | Jump | Exit

# --- scopes


class Handler(msgspec.Struct, frozen=True):
    """An interrupt of a scope.  With `to` it moves the run there; otherwise it does `effect` and leaves it.

    A journey's and a stage's interrupts are one event form with a condition; a loop's `until` is any pattern.
    `label` is the word for a map: `on order_placed`, `until order_placed`.
    """

    pattern: Pattern
    to: int | None
    effect: EffectKind | None
    label: str
    node: str
    """The name in outputs of what it does, such as `on order_placed`."""


class Scope(msgspec.Struct, frozen=True):
    """`kind` is journey, stage or loop; `parent` the number of the scope around it (-1: none)."""

    id: int
    kind: str
    name: str
    parent: int
    handlers: tuple[Handler, ...] = ()


class Place(Node, frozen=True, kw_only=True):
    """`node` is the name in outputs (`reminder`, `decision/wait-2`); `name` the writer's, empty if there is none.

    `step` is the step that stands here, None for what lowering adds.
    """

    id: int
    node: str
    name: str
    stage: str
    scope: int
    move: Move
    step: Step | None = None


class Lowering(Protocol):
    """What a step kind may use to write itself as moves; `engine/program.py` is the one implementation."""

    def put(self, here: int, move: Move) -> None:
        """Say what happens at a place."""

    def body(self, body: Body, then: int) -> int:
        """Lower a body that goes on at `then`; the place where it begins (`then` itself if it is empty)."""

    def target(self, name: str) -> int:
        """The place of a stage or of a named step."""

    def loop(self, until: Pattern | None, done: int, steps: Body, head: int) -> tuple[int, int]:
        """Open a loop's scope with `until` leading to `done`, put `head` into it and lower the body, which leads
        back to `head`.  Returns the scope's number and the place where the body begins."""
