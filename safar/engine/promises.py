"""What shall hold and what is planned: rules, scenarios, forecasts, plans.  Names are resolved, expressions typed.

Nothing here has a part in a run: these blocks speak of journeys from outside.
"""

from __future__ import annotations

import datetime

from safar.engine.expression import Expression, Node
from safar.engine.parts import Assign, Cost, Declared, Quantity

# --- what rules say


class Deed(Node, frozen=True, kw_only=True):
    """What a rule speaks of: something that is delivered, done or happens.

    `kind`: event, touchpoint, step (a place at which one is met), action, channel, tag, entry (the beginning of a run),
    or messages: marketing messages, all messages if `every`.  Of an event `answers` names the touchpoint and `where`
    the condition.
    """

    kind: str
    name: str = ""
    answers: str | None = None
    where: Expression | None = None
    every: bool = False


class Claim(Node, frozen=True, kw_only=True):
    """What one rule says.  Durations are seconds, times of day seconds from local midnight."""


class Follows(Claim, frozen=True, kw_only=True):
    """`after A always B within D`."""

    cause: Deed
    effect: Deed
    within: int


class Never(Claim, frozen=True, kw_only=True):
    """`never X`: at all.  Its subclasses say when not."""

    deed: Deed


class OnlyIf(Never, frozen=True, kw_only=True):
    """`never X unless C`: C at the instant of delivery."""

    condition: Expression


class Apart(Never, frozen=True, kw_only=True):
    """`never A within D of B`, either way round; without `within`: on the same day as B."""

    other: Deed
    within: int | None = None


class OffHours(Never, frozen=True, kw_only=True):
    """`never X from T to T`, local time; `start` may be later than `end` (over midnight)."""

    start: int
    end: int


class NotInStage(Never, frozen=True, kw_only=True):
    """`never A in stage S`."""

    stage: str


class NotBefore(Never, frozen=True, kw_only=True):
    """`never A before B`: each A needs a B since the run's entry."""

    other: Deed


class Ends(Claim, frozen=True, kw_only=True):
    """`always exit within D`, from each entry."""

    within: int


class Reachable(Claim, frozen=True, kw_only=True):
    """`every persona can reach X`; `kind`: stage, step, touchpoint, split, goal, outcome."""

    kind: str
    name: str


class AtMost(Claim, frozen=True, kw_only=True):
    """`at most n X per ...`; `per`: customer, run, window (of `window` seconds), day, week, or empty: in all."""

    count: int
    deed: Deed
    per: str = ""
    window: int | None = None


class Rule(Declared, frozen=True, kw_only=True):
    """A rule of its journey, or of the project; without a claim where it could not be read."""

    claim: Claim | None = None


# --- tests


class TakesPath(Claim, frozen=True, kw_only=True):
    """`expect path a, ..., b`: all deliveries in order, by place or touchpoint; None stands for any."""

    stops: tuple[str | None, ...]


class LeavesBy(Claim, frozen=True, kw_only=True):
    """`expect exit X [by +D]`: `by` is counted from the scenario's start."""

    outcome: str
    by: int | None = None


class Trait(Node, frozen=True, kw_only=True):
    """An attribute of a scenario's customer; the value is a literal, or one of money converted."""

    attribute: str
    value: Expression


class Given(Node, frozen=True, kw_only=True):
    """A field of an event that is told; nothing is drawn."""

    field: str
    value: Expression


class Start(Node, frozen=True, kw_only=True):
    """When a scenario begins, in the customer's time (`at` from midnight), and the event that comes then."""

    date: datetime.date
    at: int = 9 * 3600
    event: str = ""
    payload: tuple[Given, ...] = ()


class Take(Node, frozen=True, kw_only=True):
    """The arm that the customer goes into."""

    split: str
    arm: str


class Scripted(Node, frozen=True, kw_only=True):
    """What happens `after` so many seconds from the start: an event (in answer to a touchpoint), or a change."""

    after: int
    event: str = ""
    answers: str | None = None
    payload: tuple[Given, ...] = ()
    change: Assign | None = None


class Scenario(Node, frozen=True, kw_only=True):
    """One customer's story and what shall come of it.  What is not told does not happen."""

    title: str
    journey: str
    persona: str = ""
    traits: tuple[Trait, ...] = ()
    start: Start | None = None
    takes: tuple[Take, ...] = ()
    script: tuple[Scripted, ...] = ()
    expects: tuple[Claim, ...] = ()


class Comparison(Node, frozen=True, kw_only=True):
    """`op`: ==, !=, <, <=, >, >=.  With a number in `%` on one side, counts mean their shares of those who entered."""

    op: str
    left: Quantity
    right: Quantity


class Forecast(Node, frozen=True, kw_only=True):
    """What the figures of a simulated population shall be; `against` is the journey that it is compared with."""

    title: str
    journey: str
    against: str = ""
    customers: int | None = None
    seed: int | None = None
    expects: tuple[Comparison, ...] = ()


# --- from today to the ideal


class Change(Declared, frozen=True, kw_only=True):
    """What a plan says of one part of its journeys; `after` are other changes of the plan."""

    owner: str = ""
    by: datetime.date | None = None
    after: tuple[str, ...] = ()
    costs: tuple[Cost, ...] = ()


class Plan(Declared, frozen=True, kw_only=True):
    """The way from the journey `start` to the journey `goal`."""

    start: str
    goal: str
    changes: tuple[Change, ...] = ()
