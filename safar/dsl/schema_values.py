"""What may stand in one clause, as JSON Schema: types, a description and examples of each kind of value."""

from __future__ import annotations

import json
from typing import Any

from safar.engine.form import Clause, Form, Kind

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

PLAIN = ("string", "number", "boolean")
"""What an editor's YAML parser makes of a text without quotation marks: `order_placed`, `3`, `yes`."""

_NULLABLE = (Kind.NAME, Kind.TITLE, Kind.TEXT)
"""Kinds in which the word `null` may be a text like any other, and an editor takes it for nothing."""

EMPTY_BODY: Schema = {"type": ["array", "object"], "maxItems": 0, "maxProperties": 0}
"""A body of which nothing is said: `then: []`."""

KINDS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    Kind.NAME: ("A name: letters of any script, digits and `_`.", ("first_purchase",)),
    Kind.NAMES: ("Names, separated by commas or as a list.", ("planner", "planner, hunter")),
    Kind.TITLE: ("A text for people, as it is.", ("Welcome",)),
    Kind.TEXT: (
        "A text for customers; `{...}` is a placeholder.",
        ("Welcome", 'Hello {customer.first_name or else "friend"}'),
    ),
    Kind.EXPRESSION: (
        "An expression, with a value of true or false where it is a condition.",
        ("customer.orders > 3",),
    ),
    Kind.PATTERN: ("What is waited for: an event, or one of several, perhaps under a condition.", ("order_placed",)),
    Kind.EVENT: ("An event, perhaps of one touchpoint or within a time.", ("order_placed",)),
    Kind.DURATION: ("A duration.", ("30m", "2d")),
    Kind.MOMENT: ("A time of day, a weekday, or so long before or after a date.", ("09:00", "monday at 09:00")),
    Kind.PERCENT: ("A percentage.", ("40%", "2.5%")),
    Kind.INTEGER: ("A whole number.", ("3",)),
    Kind.SIGNED: ("A whole number with its sign.", ("+2", "-1", "0")),
    Kind.DATE: ("A date.", ("2027-03-21",)),
    Kind.TIME: ("A time of day.", ("09:00",)),
    Kind.TARGET: ("An attribute of the customer.", ("customer.orders",)),
    Kind.TYPE: (
        "A type, with `?` where it may be missing, a default, and words such as `private`.",
        ("text?", "yes_no = no"),
    ),
    Kind.COST: ("An amount of money, and for what.", ("0.002 EUR per message", "800 EUR to build")),
    Kind.CAP: ("So many in a time.", ("3 per 7d", "1 per calendar day")),
    Kind.REFUSAL: ("What becomes of a message that may not be sent now.", ("skip", "wait", "wait up to 3d")),
    Kind.CLOSED: ("Days on which nothing is sent: an occasion.", ("nowruz",)),
    Kind.CHANCE: ("A chance, or one for each case.", ("60%", "20% if customer.orders > 3, 10% otherwise")),
    Kind.RATE: ("How often something happens by itself.", ("2% per day",)),
    Kind.DELAY: ("How long after it happens.", ("about 18h, 90% within 3d", "5m")),
    Kind.AMOUNT: ("A value, fixed or drawn.", ("20 EUR to 90 EUR", "about 80 EUR, 90% within 200 EUR")),
    Kind.PAYLOAD: ("Fields of the event with their values.", ("(total = 20 EUR to 90 EUR)",)),
    Kind.CALL: ("An action with what it is given.", ('issue_coupon(code = "AGAIN")',)),
    Kind.REENTRY: ("Whether a customer may come again.", ("never", "always", "after 30d")),
    Kind.ARRIVAL: ("How many customers arrive.", ("300 per day",)),
    Kind.MEASURE: ("What is measured.", ("opened per delivered", "messages per customer")),
    Kind.LEVEL: ("A level to reach or not to pass.", ("at least 12%", "at most 4")),
    Kind.GOAL_VALUE: ("What reaching the goal is worth.", ("order_placed.total",)),
    Kind.DEED: ("What the shop does: messages, a channel, a touchpoint, an action or a tag.", ("email", "thanks")),
    Kind.OCCURRENCE: ("What happens: an event, a touchpoint, an action, or `entry`.", ("order_placed", "entry")),
    Kind.PER: ("For whom or in what time it is counted.", ("customer", "7d", "calendar week")),
    Kind.OFFSET: ("So long after the start.", ("+3h", "+12d")),
    Kind.REFERENCE: ("An event, perhaps in answer to a touchpoint.", ("opened(thanks)",)),
    Kind.ASSIGNMENT: ("A change of an attribute.", ("customer.email_ok = no",)),
    Kind.PATH: ("The touchpoints delivered, in order; `...` stands for any.", ("thanks, ..., feedback",)),
    Kind.TEST: ("A measure and its bound, or two that are compared.", ("won at least 12%",)),
}
"""Kinds that are a text, by what they are for people; the others are words with a schema of their own."""


def scalar(kind: Kind, *, empty: bool = False) -> Schema:
    """A text of this kind, as an editor's parser may see it; `empty`: there may be none."""
    said, examples = KINDS.get(kind, (kind.value.replace("_", " ").capitalize() + ".", ()))
    types = [*PLAIN, "null"] if empty or kind in _NULLABLE else list(PLAIN)
    schema: Schema = {"type": types, "description": said}
    return {**schema, "examples": list(examples)} if examples else schema


def flag() -> Schema:
    """A word that stands alone: `yes`, or nothing."""
    return {
        "type": ["string", "boolean", "null"],
        "description": "`yes`, or nothing; where it is not so, the key is left out.",
        "enum": ["yes", "Yes", "true", True, None],
    }


def value(clause: Clause) -> Schema:
    """What may stand under the key of a clause."""
    if clause.kind is Kind.FLAG:
        return flag()
    if clause.kind is Kind.WORD:
        return {"type": ["string"], "enum": list(clause.choices), "description": "One of these words."}
    schema = scalar(clause.kind)
    if clause.kind in (Kind.NAMES, Kind.PATH):
        schema |= {"type": [*schema["type"], "array"], "items": scalar(Kind.NAME)}
    if clause.kind is Kind.PAYLOAD:
        schema |= {"type": [*schema["type"], "object"], "additionalProperties": scalar(Kind.AMOUNT)}
    return schema


def spelled(*several: Form) -> Schema:
    """Title and description of a statement: how it stands in a `.journey` file."""
    lines = "; ".join(f"`{_line(form)}`" for form in several)
    return {"title": several[0].words or several[0].plural, "description": f"In a .journey file: {lines}"}


def _line(form: Form) -> str:
    said = [form.words, *(_said(clause) for clause in form.clauses)]
    return " ".join(word for word in said if word)


def _said(clause: Clause) -> str:
    """A clause in the notation of the reference: words in small letters, what stands there in capitals."""
    if clause.kind is Kind.BODY:
        words = f"{clause.word} {{ }}".strip()
    elif clause.kind is Kind.FLAG:
        words = clause.word
    elif clause.kind is Kind.WORD:
        words = f"{clause.word} {'|'.join(clause.choices)}".strip()
    elif clause.kind is Kind.TITLE:
        words = f'{clause.word} "{clause.field.upper()}"'.strip()
    else:
        words = f"{clause.word} {clause.field.upper()}".strip()
    return words if clause.needed else f"[{words}]"


def as_text(schema: Schema) -> str:
    """A schema as JSON, the same on every machine."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
