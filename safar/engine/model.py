"""The journey: frozen data that both spellings give.  Names are resolved, expressions typed.

Two models are equal when they say the same; spans never count (see `Span`).  Durations are whole seconds,
shares and chances exact fractions of 1.  `name` is as written at the declaration.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from safar.engine.expression import EventForm, Expression, Node, Template, Type, Value
from safar.engine.parts import Assign as Assign
from safar.engine.parts import Cost as Cost
from safar.engine.parts import Declared as Declared
from safar.engine.parts import Level as Level
from safar.engine.parts import Measure as Measure
from safar.engine.parts import Quantity as Quantity
from safar.engine.promises import Forecast, Plan, Rule, Scenario
from safar.engine.source import NOWHERE, Span

# --- what is declared for a whole project


class Attribute(Declared, frozen=True, kw_only=True):
    """An attribute of the customer.  `change` is fixed, growing or free."""

    type: Type
    default: Value = None
    change: str = "free"
    private: bool = False


class Field(Declared, frozen=True, kw_only=True):
    """A field of an event, an action or a feed."""

    type: Type
    key: bool = False
    private: bool = False


class Event(Declared, frozen=True, kw_only=True):
    fields: tuple[Field, ...] = ()
    then_set: tuple[Assign, ...] = ()


class Refusal(Node, frozen=True, kw_only=True):
    """What a check does with a message that does not pass: skip it, or hold it up to so long."""

    wait: bool
    up_to: int = 3 * 86_400


class Cap(Node, frozen=True, kw_only=True):
    """At most `count` per rolling `window` (seconds) or per `calendar` day or week."""

    count: int
    refusal: Refusal
    window: int | None = None
    calendar: str | None = None


class Quiet(Node, frozen=True, kw_only=True):
    """Seconds from local midnight; `start` may be later than `end` (over midnight)."""

    start: int
    end: int
    refusal: Refusal


class Closed(Node, frozen=True, kw_only=True):
    """Closed on the days of an occasion, or on the holidays of a country."""

    refusal: Refusal
    occasion: str = ""
    country: str = ""


class Channel(Declared, frozen=True, kw_only=True):
    outbound: bool = True
    costs: tuple[Cost, ...] = ()
    consent: Expression | None = None
    caps: tuple[Cap, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    closed: tuple[Closed, ...] = ()


class Limit(Declared, frozen=True, kw_only=True):
    """A cap over several channels; all outbound ones if none is named."""

    channels: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()


class Action(Declared, frozen=True, kw_only=True):
    fields: tuple[Field, ...] = ()
    costs: tuple[Cost, ...] = ()
    tags: tuple[str, ...] = ()


class ConditionDeclared(Declared, frozen=True, kw_only=True):
    expression: Expression


class Team(Declared, frozen=True, kw_only=True):
    pass


class Tag(Declared, frozen=True, kw_only=True):
    pass


class Feed(Declared, frozen=True, kw_only=True):
    fields: tuple[Field, ...] = ()


class Occasion(Declared, frozen=True, kw_only=True):
    dates: tuple[datetime.date, ...] = ()


# --- assumptions


class Drawn(Node, frozen=True, kw_only=True):
    """An amount: `value` alone; uniform from `value` to `high`; log-normal with median `value`, 90% within `high`.

    Exactly one of `choices` and `value` is given.
    """

    value: Expression | None = None
    high: Expression | None = None
    about: bool = False
    choices: tuple[tuple[Expression, Fraction], ...] = ()


class AmountCase(Node, frozen=True, kw_only=True):
    amount: Drawn
    condition: Expression | None = None


class ChanceCase(Node, frozen=True, kw_only=True):
    chance: Fraction
    condition: Expression | None = None


class RateCase(Node, frozen=True, kw_only=True):
    """Events per second, as an exact fraction."""

    rate: Fraction
    condition: Expression | None = None


class Delay(Node, frozen=True, kw_only=True):
    """`kind`: fixed (`low`), uniform (`low` to `high`), exponential (mean `low`), log_normal (median `low`, 90%
    within `high`).  Seconds.
    """

    kind: str = "fixed"
    low: int = 0
    high: int = 0


class Filled(Node, frozen=True, kw_only=True):
    """One payload field with its amount; `type` is the field's."""

    field: str
    type: Type
    cases: tuple[AmountCase, ...]


class Response(Node, frozen=True, kw_only=True):
    """A line of `responds`; `key` is its path part: the event's name, with `#2` ... for equal names side by side."""

    event: str
    key: str
    chance: tuple[ChanceCase, ...]
    delay: Delay
    payload: tuple[Filled, ...] = ()
    then: tuple[Response, ...] = ()


class Behaviour(Node, frozen=True, kw_only=True):
    """A line of `behaves`: a Poisson process by case; `line` counts equal events in one block from 1."""

    event: str
    line: int
    rates: tuple[RateCase, ...]
    payload: tuple[Filled, ...] = ()


class AttributeDraw(Node, frozen=True, kw_only=True):
    """`set customer.x = AMOUNT` in a persona."""

    attribute: str
    type: Type
    cases: tuple[AmountCase, ...]


class Arrival(Node, frozen=True, kw_only=True):
    """So many customers per so many seconds."""

    count: Fraction
    period: int
    payload: tuple[Filled, ...] = ()


# --- the map


class MapLine(Node, frozen=True, kw_only=True):
    """`word`: doing, thinking, feeling, question, pain, opportunity, needs, evidence, story, theme.

    `score` is a feeling's, from -5 to 5; `personas` empty means all.
    """

    word: str
    text: str
    score: int | None = None
    personas: tuple[str, ...] = ()


# --- touchpoints


class Send(Node, frozen=True, kw_only=True):
    """A message on an outbound channel; `parts` are subject, body, text; `body_file` a path."""

    channel: str
    parts: tuple[tuple[str, Template], ...] = ()
    body_file: str = ""


class At(Node, frozen=True, kw_only=True):
    """The customer comes to us on an inbound channel."""

    channel: str


class Shown(Node, frozen=True, kw_only=True):
    label: str
    value: Expression


class Do(Node, frozen=True, kw_only=True):
    """An action and its arguments."""

    action: str
    arguments: tuple[tuple[str, Expression], ...] = ()


class Touchpoint(Declared, frozen=True, kw_only=True):
    contact: Send | At | None = None
    shows: tuple[Shown, ...] = ()
    actions: tuple[Do, ...] = ()
    tags: tuple[str, ...] = ()
    transactional: bool = False
    priority: str = "normal"
    map_lines: tuple[MapLine, ...] = ()
    owner: str = ""
    costs: tuple[Cost, ...] = ()
    measures: tuple[Measure, ...] = ()
    responds: tuple[Response, ...] = ()


class PersonaDeclared(Declared, frozen=True, kw_only=True):
    share: Fraction = Fraction(0)
    map_lines: tuple[MapLine, ...] = ()
    draws: tuple[AttributeDraw, ...] = ()
    behaves: tuple[Behaviour, ...] = ()
    arrive: Arrival | None = None


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All that a file can name: its own declarations and those of the files it uses, by name, in file order."""

    attributes: dict[str, Attribute] = {}
    events: dict[str, Event] = {}
    channels: dict[str, Channel] = {}
    limits: dict[str, Limit] = {}
    actions: dict[str, Action] = {}
    conditions: dict[str, ConditionDeclared] = {}
    teams: dict[str, Team] = {}
    tags: dict[str, Tag] = {}
    feeds: dict[str, Feed] = {}
    occasions: dict[str, Occasion] = {}
    touchpoints: dict[str, Touchpoint] = {}
    personas: dict[str, PersonaDeclared] = {}
    rules: dict[str, Rule] = {}


# --- journeys


class Step(Node, frozen=True, kw_only=True):
    """The base of all steps; each kind is a file in `engine/steps/`."""

    name: str = ""
    """Given by `as`, or by a touchpoint's or split's own name; empty where there is none."""
    name_span: Span = NOWHERE


class Body(Node, frozen=True, kw_only=True):
    steps: tuple[Step, ...] = ()


class Interrupt(Node, frozen=True, kw_only=True):
    """`on EVENT [if C] ...`: the reaction is one step that takes no time."""

    form: EventForm
    condition: Expression | None
    reaction: Step


class Entry(Node, frozen=True, kw_only=True):
    """One `enter` line.

    `kind`: event (`event`, `per`), yearly (`attribute`), each (`unit` day, month or a weekday), occasion, date.
    `at` is seconds from local midnight.
    """

    kind: str
    event: str = ""
    per: str = ""
    attribute: str = ""
    unit: str = ""
    occasion: str = ""
    date: datetime.date | None = None
    at: int = 9 * 3600
    condition: Expression | None = None


class Reentry(Node, frozen=True, kw_only=True):
    """`how`: never, always, after (`after` seconds since the last entry)."""

    how: str = "never"
    after: int = 0


class HoldOut(Node, frozen=True, kw_only=True):
    share: Fraction
    of_project: bool = False


class Goal(Declared, frozen=True, kw_only=True):
    """`on` may have no `within` of its own; the window is `within` here."""

    on: EventForm | None = None
    within: int | None = None
    target: Level | None = None
    value: Expression | None = None
    value_first: bool = False


class Stage(Declared, frozen=True, kw_only=True):
    steps: tuple[Step, ...] = ()
    map_lines: tuple[MapLine, ...] = ()
    interrupts: tuple[Interrupt, ...] = ()
    behaves: tuple[Behaviour, ...] = ()
    owner: str = ""


class Journey(Declared, frozen=True, kw_only=True, dict=True):
    owner: str = ""
    style: str = ""
    style_why: str = ""
    map_lines: tuple[MapLine, ...] = ()
    entries: tuple[Entry, ...] = ()
    reenter: Reentry | None = None
    hold_out: HoldOut | None = None
    interrupts: tuple[Interrupt, ...] = ()
    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
    rules: tuple[Rule, ...] = ()
    horizon: int = 365 * 86_400
    arrive: Arrival | None = None
    behaves: tuple[Behaviour, ...] = ()
    stages: tuple[Stage, ...] = ()

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in file order."""
        return tuple(step for stage in self.stages for step in within(stage.steps))


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What `safar.toml` says of the project, or the documented defaults."""

    name: str = ""
    timezone: str = "UTC"
    currency: str = "EUR"
    week_starts: str = "monday"
    language: str = "en"
    rates: dict[str, Fraction] = {}
    """`IRT_per_EUR`: so many of the first for one of the second."""


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says together with the files it uses: settings, vocabulary, its own journeys, tests and plans."""

    settings: Settings = Settings()
    vocabulary: Vocabulary = Vocabulary()
    journeys: dict[str, Journey] = {}
    scenarios: tuple[Scenario, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    plans: dict[str, Plan] = {}


@functools.cache
def _holders(kind: type[Step]) -> tuple[str, ...]:
    """The fields of a kind of step that can hold bodies: most steps have none, and are asked often."""
    written = {name: str(note) for base in kind.__mro__ for name, note in vars(base).get("__annotations__", {}).items()}
    return tuple(field for field in kind.__struct_fields__ if "Body" in written[field] or "tuple" in written[field])


def bodies(step: Step) -> Iterator[Body]:
    """The bodies inside a step, in file order."""
    for field in _holders(type(step)):
        value = getattr(step, field)
        if isinstance(value, Body):
            yield value
        elif isinstance(value, tuple):
            yield from (part.then for part in value if isinstance(getattr(part, "then", None), Body))


def within(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps and all steps inside them, in file order."""
    waiting = [*reversed(steps)]
    while waiting:
        step = waiting.pop()
        yield step
        if _holders(type(step)):
            inside = [one for body in bodies(step) for one in body.steps]
            waiting += reversed(inside)
