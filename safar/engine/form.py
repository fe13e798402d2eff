"""Forms: how a statement is spelled.  One form serves the grammar, the YAML keys, the schema and `fmt`.

A form is its first words and then its clauses in order.  In a `.journey` file they stand on one line;
in a `.journey.yaml` file the first words are the first key (its value is the first clause without a
word) and every later clause is a key of the same mapping.
"""

from __future__ import annotations

import enum

import msgspec


class Kind(enum.Enum):
    """What may stand in a clause.  The value is the name of the grammar rule that reads it."""

    NAME = "name"
    NAMES = "names"  # `a, b, c`
    WORD = "plain_word"  # one of the clause's `choices`
    TITLE = "title"  # a text, as it is
    TEXT = "text"  # a text with placeholders
    EXPRESSION = "expression"
    PATTERN = "pattern"
    EVENT = "event_form"
    DURATION = "duration"
    MOMENT = "moment"  # what `wait until` waits for
    PERCENT = "percent"
    INTEGER = "integer"
    SIGNED = "signed"  # +3, -2, 0
    DATE = "date"
    TIME = "time_of_day"
    TARGET = "target"  # customer.x
    TYPE = "type"  # with default and the words behind it
    COST = "cost"  # 2 EUR per message, 800 EUR to build
    CAP = "cap"  # 3 per 7d
    REFUSAL = "refusal"  # skip, wait, wait up to 3d
    CLOSED = "closed_days"  # an occasion, or holidays "IR"
    CHANCE = "chance"  # 60%, or by case
    RATE = "rate"  # 2% per day, or by case
    DELAY = "delay"  # what follows `after`
    AMOUNT = "amount"  # a value, fixed or drawn
    PAYLOAD = "payload"  # (field = amount, ...)
    CALL = "call"  # action(key = expression, ...)
    REENTRY = "reentry"  # never, always, after 30d
    ARRIVAL = "arrival"  # 300 per day
    MEASURE = "measure"  # opened per delivered
    LEVEL = "level"  # at least 12%, at most 4
    GOAL_VALUE = "goal_value"  # [first] expression
    DEED = "deed"  # what a rule speaks of: thanks, email, any messages
    OCCURRENCE = "occurrence"  # the same, or an event with `where`
    PER = "per_what"  # customer, run, 7d, calendar week
    OFFSET = "offset"  # +3h
    REFERENCE = "reference"  # order_placed, opened(thanks)
    ASSIGNMENT = "assignment"  # customer.x = expression
    PATH = "path"  # thanks, ..., feedback
    TEST = "measure_test"  # won at least 12%, won in a.b >= won in a.c
    REACTION = "reaction"  # what an interrupt does: a step that takes no time
    FLAG = "flag"  # the words alone
    BODY = "body"


class Clause(msgspec.Struct, frozen=True):
    """One clause: the words before it, what stands in it, and the field of the node that takes it."""

    word: str
    kind: Kind
    field: str
    needed: bool = False
    key: str = ""
    """The key in YAML, where it is not the word."""
    block: str = ""
    """For a body: the block that may stand in it."""
    choices: tuple[str, ...] = ()
    many: bool = False


class Form(msgspec.Struct, frozen=True):
    """A kind of statement: where it may stand, its first words, its clauses.

    `plural` is the YAML key of a map from names to such statements (`events`), or of a list of them
    (`enter`) when `listed`.
    """

    id: str
    words: str
    clauses: tuple[Clause, ...]
    blocks: tuple[str, ...]
    plural: str = ""
    listed: bool = False
    many: bool = True
    """Whether the line may stand more than once in its block."""

    def clause(self, field: str) -> Clause:
        return next(c for c in self.clauses if c.field == field)


def needed(word: str, kind: Kind, field: str, key: str = "", choices: tuple[str, ...] = ()) -> Clause:
    """A clause that must be there."""
    return Clause(word, kind, field, True, key, "", choices)


def maybe(word: str, kind: Kind, field: str, key: str = "", choices: tuple[str, ...] = ()) -> Clause:
    """A clause that may be left out."""
    return Clause(word, kind, field, False, key, "", choices)


def body(block: str, field: str = "then", *, word: str = "", must: bool = False) -> Clause:
    """A block of statements; with a word, as in `otherwise { }`."""
    return Clause(word, Kind.BODY, field, must, word or field, block)


NAMED = maybe("as", Kind.NAME, "name")
"""`as NAME`: any step may be named."""

OTHERWISE = body("steps", "otherwise", word="otherwise")
