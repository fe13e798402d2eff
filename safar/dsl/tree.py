"""The syntax tree, the same for both spellings: frozen nodes, each with a span.  Nothing is resolved."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from safar.engine.source import Span


class Node(msgspec.Struct, frozen=True):
    span: Span


# --- texts and names


class Name(Node, frozen=True):
    text: str


class Text(Node, frozen=True):
    """A text; its parts are strings and expressions (the placeholders), in order."""

    parts: tuple[str | Expr, ...]


# --- expressions


class Expr(Node, frozen=True):
    """An expression, untyped."""


class Word(Expr, frozen=True):
    """A bare name: a value, a persona, a condition, an event, a measure, `now`, `persona` ..."""

    text: str


class Dotted(Expr, frozen=True):
    """`customer.x`, `stock.left`, `entry.total`, `order_placed.total`, `coupon_test.coupon`, `last(E).total`."""

    base: Expr
    field: Name


class Literal(Expr, frozen=True):
    """`kind`: integer, number, percent, money, duration, yes_no, date, unknown.

    Values: int, Decimal, Decimal (12% is 12), Decimal (with `currency`), seconds, bool, date, None.
    """

    kind: str
    value: int | Decimal | bool | datetime.date | None
    currency: str = ""


class Quoted(Expr, frozen=True):
    text: Text


class Listing(Expr, frozen=True):
    items: tuple[Expr, ...]


class Unary(Expr, frozen=True):
    """`op`: `not`, `-`."""

    op: str
    item: Expr


class Binary(Expr, frozen=True):
    """`op`: or, and, ==, !=, <, <=, >, >=, in, contains, or else, +, -, *, /; in measures also per."""

    op: str
    left: Expr
    right: Expr


class Is(Expr, frozen=True):
    """`is known`, `is unknown`."""

    item: Expr
    known: bool


class Event(Expr, frozen=True):
    """An event form with more than its name: `opened(thanks) within 3d where total > 50 EUR`."""

    name: Name
    answers: Name | None = None
    within: Duration | None = None
    where: Expr | None = None


class Call(Expr, frozen=True):
    """`count(E)`, `last(E)`, `first(E)`, `since(E)`, `days(d)`, `hours(d)`, `average(E.field)`."""

    function: Name
    item: Expr


class Round(Expr, frozen=True):
    """`round(x to 0.01 EUR)`, `round down(x to 1)`."""

    item: Expr
    unit: Expr
    down: bool


class Between(Expr, frozen=True):
    """In measures: `time from A to B`."""

    start: Expr
    end: Expr


class Narrowed(Expr, frozen=True):
    """In measures: `A in SPLIT.ARM`, `A for PERSONA`, `A within D`; `how` is in, for, within."""

    item: Expr
    how: str
    by: Expr


# --- values of clauses


class Duration(Node, frozen=True):
    seconds: int


class Percent(Node, frozen=True):
    """12% is 12."""

    value: Decimal


class Integer(Node, frozen=True):
    value: int


class Date(Node, frozen=True):
    value: datetime.date


class Time(Node, frozen=True):
    """A time of day in seconds from midnight."""

    seconds: int


class Alternative(Node, frozen=True):
    """One alternative of a pattern, with its `if`."""

    what: Expr
    condition: Expr | None = None


class Pattern(Node, frozen=True):
    alternatives: tuple[Alternative, ...]


class Moment(Node, frozen=True):
    """What `wait until` waits for.

    `09:00` (only `at`); `monday [at T]` (`weekday`); `[3d before|after] X [at T]`: `of`, `offset` seconds, signed.
    """

    weekday: Name | None = None
    at: Time | None = None
    of: Expr | None = None
    offset: int = 0


class Type(Node, frozen=True):
    """`base`: text, integer, number, money, percent, yes_no, date, time, duration, one of, list."""

    base: Name
    options: tuple[Name, ...] = ()
    item: Type | None = None
    unknown: bool = False
    default: Expr | None = None
    words: tuple[Name, ...] = ()
    """fixed, growing, private, key."""


class Cost(Node, frozen=True):
    """`per` is message, customer, day, month, an event's name, or `to build`."""

    amount: Literal
    per: Name | None = None
    to_build: bool = False


class Cap(Node, frozen=True):
    """`3 per 7d`, `1 per calendar day`: one of `window` (seconds) and `calendar` (day, week)."""

    count: Integer
    window: Duration | None = None
    calendar: Name | None = None


class Refusal(Node, frozen=True):
    """`skip`, `wait`, `wait up to 3d`."""

    wait: bool
    up_to: Duration | None = None


class Closed(Node, frozen=True):
    occasion: Name | None = None
    country: Text | None = None


class Case(Node, frozen=True):
    """A value by case; without `condition` it holds always, or stands behind `otherwise`."""

    value: Node
    condition: Expr | None = None


class Chance(Node, frozen=True):
    """Cases of Percent."""

    cases: tuple[Case, ...]


class RatePart(Node, frozen=True):
    """`2% per day`; `period` in seconds."""

    percent: Percent
    period: int


class Rate(Node, frozen=True):
    """Cases of RatePart."""

    cases: tuple[Case, ...]


class Delay(Node, frozen=True):
    """`2h` (low), `1h to 3d` (low, high), `about 18h` (about), `about 18h, 90% within 3d` (about, ninety)."""

    low: Duration | None = None
    high: Duration | None = None
    about: Duration | None = None
    ninety: Duration | None = None


class Spread(Node, frozen=True):
    """An amount that is drawn or fixed: `value`; `value to high`; `about value, 90% within high`."""

    value: Expr
    high: Expr | None = None
    about: bool = False


class Choice(Node, frozen=True):
    value: Expr
    share: Percent


class OneOf(Node, frozen=True):
    """`one of 5 60%, 1 40%`."""

    choices: tuple[Choice, ...]


class Amount(Node, frozen=True):
    """Cases of Spread or OneOf."""

    cases: tuple[Case, ...]


class Argument(Node, frozen=True):
    name: Name
    value: Expr


class Filled(Node, frozen=True):
    """One field of a payload."""

    name: Name
    amount: Amount


class Payload(Node, frozen=True):
    fields: tuple[Filled, ...]


class Action(Node, frozen=True):
    """`issue_coupon(code = "BACK")`."""

    name: Name
    arguments: tuple[Argument, ...] = ()


class Reentry(Node, frozen=True):
    """`never`, `always`, or `after D`."""

    how: str
    after: Duration | None = None


class Arrival(Node, frozen=True):
    """`300 per day`; `period` in seconds."""

    count: Decimal
    period: int


class Level(Node, frozen=True):
    """`at least 12%`, `at most 4`."""

    at_least: bool
    value: Expr


class GoalValue(Node, frozen=True):
    value: Expr
    first: bool = False


class AnyOf(Expr, frozen=True):
    """In rules: `any messages`."""

    name: Name


class Per(Node, frozen=True):
    """`customer`, `run` (`unit`), `7d` (`window`), `calendar week` (`calendar`)."""

    unit: Name | None = None
    window: Duration | None = None
    calendar: Name | None = None


class Assignment(Node, frozen=True):
    """`customer.x = e`."""

    target: Expr
    value: Expr


ANY_STOPS = "..."


class Path(Node, frozen=True):
    """The names of deliveries in order; `...` stands for any."""

    stops: tuple[Name, ...]


class Test(Node, frozen=True):
    """Two measures compared; `op` as in expressions."""

    op: str
    left: Expr
    right: Expr


class Flag(Node, frozen=True):
    """A clause that is only its words."""


Value = (
    Name
    | Text
    | Expr
    | Duration
    | Percent
    | Integer
    | Date
    | Time
    | Pattern
    | Moment
    | Type
    | Cost
    | Cap
    | Refusal
    | Closed
    | Chance
    | Rate
    | Delay
    | Amount
    | Payload
    | Action
    | Reentry
    | Arrival
    | Level
    | GoalValue
    | Per
    | Assignment
    | Path
    | Test
    | Flag
    | tuple[Name, ...]
)


class Statement(Node, frozen=True):
    """One statement: its form's id, the span of its first words, and what stands in its clauses.

    Clauses left out are not in `values`.  A body is a `Block`, a reaction a `Statement`.
    """

    form: str
    head: Span
    values: dict[str, Value | Block | Statement]


class Block(Node, frozen=True):
    statements: tuple[Statement, ...]


class File(Node, frozen=True):
    """What could be read of a file."""

    statements: tuple[Statement, ...]


def within(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements and all inside them."""
    waiting = list(statements)
    while waiting:
        one = waiting.pop()
        yield one
        waiting += (inner for value in one.values.values() if isinstance(value, Block) for inner in value.statements)
