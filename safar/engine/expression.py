"""Types and typed expressions: closed sets of frozen nodes.  `evaluate.py` gives them their meaning.

Values at run time, by type: text and `one of` are str; integer, duration (seconds), time (an instant, seconds
since 1970 UTC) and money (hundredths of the currency's smallest unit) are int; number and percent (12% is 0.12)
are float; yes_no is bool; date is datetime.date; a list is a tuple.  None is unknown, of whatever type.
"""

from __future__ import annotations

import datetime
import enum
from fractions import Fraction

import msgspec

from safar.engine.source import Span

Value = str | int | float | bool | datetime.date | tuple["Value", ...] | None


class Base(enum.Enum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    ONE_OF = "one of"
    LIST = "list"
    PERSONA = "persona"
    STAGE = "stage"
    WEEKDAY = "weekday"
    UNKNOWN = "unknown"  # the literal `unknown`, and what could not be typed


class Type(msgspec.Struct, frozen=True):
    """A type; `unknown` says that a value may be missing.  Money has its currency, always."""

    base: Base
    options: tuple[str, ...] = ()
    item: Type | None = None
    currency: str = ""
    unknown: bool = False

    def but(self, *, unknown: bool) -> Type:
        return Type(self.base, self.options, self.item, self.currency, unknown)

    def __str__(self) -> str:
        if self.base is Base.ONE_OF:
            return "one of " + ", ".join(self.options)
        if self.base is Base.LIST and self.item is not None:
            return f"list of {self.item}"
        return f"money in {self.currency}" if self.currency else self.base.value


class Node(msgspec.Struct, frozen=True, kw_only=True):
    span: Span


class Expression(Node, frozen=True, kw_only=True):
    type: Type


class Literal(Expression, frozen=True, kw_only=True):
    value: Value


class Attribute(Expression, frozen=True, kw_only=True):
    """`customer.x`."""

    name: str


class Persona(Expression, frozen=True, kw_only=True):
    """The customer's persona, by name."""


class StageName(Expression, frozen=True, kw_only=True):
    """The name of the stage the run is in."""


class Now(Expression, frozen=True, kw_only=True):
    pass


class Today(Expression, frozen=True, kw_only=True):
    pass


class Weekday(Expression, frozen=True, kw_only=True):
    """The customer's day of the week, by its English name in small letters."""


class FeedField(Expression, frozen=True, kw_only=True):
    feed: str
    field: str


class EntryField(Expression, frozen=True, kw_only=True):
    """`entry.FIELD`: of the event that began this run."""

    field: str


class PayloadField(Expression, frozen=True, kw_only=True):
    """A field of the occurrence at hand: in `where`, `then set`, interrupts, goals and patterns on its event."""

    field: str


class EventField(Expression, frozen=True, kw_only=True):
    """`E.FIELD` of the last E of all that is known."""

    event: str
    field: str


class Heard(enum.Enum):
    """What an event form's name is the name of."""

    EVENT = "event"
    TOUCHPOINT = "touchpoint"  # its delivery
    ACTION = "action"  # its being done


class EventForm(Node, frozen=True, kw_only=True):
    """`EVENT[(TOUCHPOINT)] [within D] [where C]`.

    `answers` names the touchpoint, or the step at which one is met (`as NAME`).  `within` is in seconds.
    """

    kind: Heard
    name: str
    answers: str | None = None
    within: int | None = None
    where: Expression | None = None


class Happened(Expression, frozen=True, kw_only=True):
    """An event form as a condition: since this run's entry, or within its window."""

    form: EventForm


class Count(Expression, frozen=True, kw_only=True):
    form: EventForm


class Last(Expression, frozen=True, kw_only=True):
    """`last(E).field`."""

    form: EventForm
    field: str


class First(Expression, frozen=True, kw_only=True):
    form: EventForm
    field: str


class Since(Expression, frozen=True, kw_only=True):
    """Seconds since the last E."""

    form: EventForm


class Compare(Expression, frozen=True, kw_only=True):
    """`op`: ==, !=, <, <=, >, >=.  Both sides have one type (and one currency) here."""

    op: str
    left: Expression
    right: Expression


class And(Expression, frozen=True, kw_only=True):
    left: Expression
    right: Expression


class Or(Expression, frozen=True, kw_only=True):
    left: Expression
    right: Expression


class Not(Expression, frozen=True, kw_only=True):
    item: Expression


class OrElse(Expression, frozen=True, kw_only=True):
    left: Expression
    right: Expression


class Arithmetic(Expression, frozen=True, kw_only=True):
    """`op`: +, -, *, /.  `list + item` appends what is not there; date + duration is a date."""

    op: str
    left: Expression
    right: Expression


class Shift(Expression, frozen=True, kw_only=True):
    """Arithmetic on a date by calendar units: `months` and `days`, both signed."""

    date: Expression
    months: int
    days: int


class Negate(Expression, frozen=True, kw_only=True):
    item: Expression


class In(Expression, frozen=True, kw_only=True):
    item: Expression
    options: tuple[Expression, ...]


class Contains(Expression, frozen=True, kw_only=True):
    """A list contains an item, or a text another."""

    whole: Expression
    item: Expression


class Known(Expression, frozen=True, kw_only=True):
    """`is known` (or, not `known`, `is unknown`); itself never unknown."""

    item: Expression
    known: bool


class Round(Expression, frozen=True, kw_only=True):
    """To a multiple of `unit`, half up or `down`."""

    item: Expression
    unit: Expression
    down: bool


class Whole(Expression, frozen=True, kw_only=True):
    """`days(d)`, `hours(d)`: a duration in whole units of `seconds`, rounded up."""

    item: Expression
    seconds: int


class Convert(Expression, frozen=True, kw_only=True):
    """Money in another currency, by a declared rate; rounded half up to hundredths of its smallest unit.

    `rate` is so many hundredths of the one's smallest unit for one of the other's.
    """

    item: Expression
    rate: Fraction


class Condition(Expression, frozen=True, kw_only=True):
    """A declared condition, by its name."""

    name: str
    item: Expression


class Alternative(Node, frozen=True, kw_only=True):
    """One alternative of a pattern: an event form with an `if`, or a condition alone."""

    form: EventForm | None = None
    condition: Expression | None = None


class Pattern(Node, frozen=True, kw_only=True):
    alternatives: tuple[Alternative, ...]


class Template(Node, frozen=True, kw_only=True):
    """A text with placeholders: strings and expressions in order."""

    parts: tuple[str | Expression, ...]


MONEY_STEP = 100
"""Money is counted in hundredths of the smallest unit."""

CURRENCIES = {"EUR": 2, "USD": 2, "GBP": 2, "IRR": 0, "IRT": 0, "TRY": 2, "AED": 2, "CHF": 2, "SEK": 2, "JPY": 0}
"""Currency codes known, with the decimal places of their smallest unit (toman, IRT, is 10 rial)."""


def money_units(amount: Fraction, currency: str) -> int | None:
    """An amount in hundredths of the smallest unit; None where it is finer than that.

    >>> money_units(Fraction("0.002"), "EUR")
    20
    """
    units = amount * 10 ** CURRENCIES[currency] * MONEY_STEP
    return units.numerator if units.denominator == 1 else None
