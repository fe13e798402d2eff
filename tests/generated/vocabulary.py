"""What generated journeys stand on: attributes of every type, events, channels with checks drawn by chance."""

from __future__ import annotations

import random
from collections.abc import Iterable

ATTRIBUTES = {
    "email_ok": "yes_no = yes",
    "orders": "integer = 0 growing",
    "spent": "money = 0 EUR growing",
    "points": "integer = 3",
    "score": "number = 0.5",
    "rebate": "percent = 10%",
    "tier": "one of bronze, silver, gold = bronze",
    "tags": "list of text",
    "patience": "duration = 2d",
}
MAYBE = {
    "maybe": "integer?",
    "name": "text? private",
    "renewal": "date?",
    "birthday": "date? fixed",
    "seen": "time?",
}
"""Attributes that can be unknown."""

EVENTS = {
    "came": "{ shop: text?; value: money?; stars: integer? }",
    "order": "{ id: text?; total: money?; then set customer.orders = customer.orders + 1 }",
    "opened": "",
    "clicked": "{ shop: text? }",
    "called": "",
    "rated": "{ stars: integer?; then set customer.points = customer.points + stars }",
}
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "came": {
        "shop": ('"a"', '"b"', 'one of "a" 30%, "b" 70%'),
        "value": ("12 EUR", "5 EUR to 120 EUR", "about 40 EUR, 90% within 90 EUR"),
        "stars": ("1 to 5",),
    },
    "order": {
        "id": ('"own"', 'one of "a" 50%, "b" 50%'),
        "total": ("20 EUR to 90 EUR", "about 50 EUR, 90% within 120 EUR", "customer.spent + 10 EUR", "30 EUR"),
    },
    "clicked": {"shop": ('"a"', 'one of "a" 99.5%, "c" 0.5%')},
    "rated": {"stars": ("1 to 5", "one of 5 60%, 1 40%", "customer.points", "about 2, 90% within 5")},
}
"""Amounts that a payload may have, by event and field."""

CHANNELS = ("email", "sms", "push", "site")
PERSONAS = ("planner", "hunter", "regular")

_DRAWS = {
    "email_ok": ("one of yes 70%, no 30%",),
    "orders": ("0 to 4", "2"),
    "spent": (
        "about 120 EUR, 90% within 400 EUR",
        "5 EUR to 120 EUR",
        "12.5 EUR if customer.orders > 2, 3 EUR otherwise",
    ),
    "points": ("1 to 6", "about 3, 90% within 8", "one of 1 60%, 5 40%"),
    "score": ("0.5 to 2.5", "about 1.5, 90% within 4.5", "0.25 if persona == planner, 1 to 2 otherwise"),
    "rebate": ("5% to 20%", "one of 5% 50%, 15% 50%"),
    "tier": ("one of bronze 70%, gold 30%", "one of silver 33.3%, bronze 66.7%"),
    "tags": ('["a", "b"]',),
    "patience": ("1h to 5d", "about 12h, 90% within 3d"),
    "maybe": ("1 to 3 if customer.email_ok", "4"),
    "name": ('one of "Sara" 50%, "Lena" 50%', '"سارا"'),
    "renewal": ("2027-01-04 to 2027-03-30", "2027-02-28"),
    "birthday": ("1960-01-01 to 2004-12-31", "2000-02-29"),
    "timezone": (
        'one of "Asia/Tehran" 40%, "Europe/Berlin" 30%, "Australia/Lord_Howe" 20%, "Nowhere" 10%',
        '"America/New_York"',
    ),
}
_CAPS = (
    "at most 1 per 7d then skip",
    "at most 2 per 3d then wait up to 3d",
    "at most 1 per calendar day then wait",
    "at most 2 per calendar week then wait up to 5d",
    "at most 3 per 30d then wait up to 1d",
)
_QUIET = (
    "quiet from 22:00 to 08:00 then wait up to 1d",
    "quiet from 21:30 to 09:15 then skip",
    "quiet from 01:00 to 04:00 then wait up to 2h",
)
_CLOSED = ("closed feast then wait up to 3d", "closed feast then skip")


class Vocabulary:
    """The declarations of one generated file."""

    def __init__(self, chance: random.Random, features: frozenset[str]) -> None:
        self._chance = chance
        self._features = features
        self.attributes = dict(ATTRIBUTES)
        if "unknowns" in features:
            self.attributes |= MAYBE
        if "zones" in features:
            self.attributes["timezone"] = "text? fixed"
        self.personas = PERSONAS[: chance.randint(1, 3)] if "personas" in features else ()

    def text(self) -> str:
        lines = [_block("customer", (f"{name}: {type}" for name, type in self.attributes.items()))]
        lines += [f"event {name} {body}".rstrip() for name, body in EVENTS.items()]
        lines += [self._channel(name) for name in CHANNELS[:3]]
        lines += ["channel site { inbound; cost 0.01 EUR per clicked }"]
        if "caps" in self._features:
            lines += [f"limit pressure {{ {self._chance.choice(('channels email, sms; ', ''))}{self._cap()} }}"]
        lines += [
            "occasion feast { 2027-01-05; 2027-01-06; 2027-03-28 }",
            "action coupon { code: text; worth: money?; cost 1.50 EUR }",
            "condition is_big = customer.spent >= 60 EUR and customer.orders >= 1",
            "condition is_calm = not (customer.points > 4) or customer.tier == gold",
            "team crm",
        ]
        lines += [self._persona(name, share) for name, share in zip(self.personas, self._shares(), strict=True)]
        return "\n".join(lines) + "\n"

    def _some(self, feature: str, least: float = 0.5) -> bool:
        return feature in self._features and self._chance.random() < least

    def _cap(self) -> str:
        return self._chance.choice(_CAPS)

    def _channel(self, name: str) -> str:
        lines = ["outbound", f"cost 0.{self._chance.randint(1, 99):03} EUR per message"]
        if self._some("consent"):
            lines.append("only if customer.email_ok")
        if self._some("caps"):
            lines.append(self._cap())
        if self._some("quiet"):
            lines.append(self._chance.choice(_QUIET))
        if self._some("closed"):
            lines.append(self._chance.choice(_CLOSED))
        return f"channel {name} {{ {'; '.join(lines)} }}"

    def _shares(self) -> list[str]:
        return {0: [], 1: ["100%"], 2: ["35.5%", "64.5%"], 3: ["50%", "30%", "20%"]}[len(self.personas)]

    def _persona(self, name: str, share: str) -> str:
        lines = [f"share {share}"]
        for attribute in self.attributes:
            if attribute in _DRAWS and self._chance.random() < 0.5:
                lines.append(f"set customer.{attribute} = {self._chance.choice(_DRAWS[attribute])}")
        if self._some("behaves", 0.3):
            lines.append("behaves { called 1% per day; clicked 5% per week if customer.points > 2 }")
        return _block(f"persona {name}", lines)


def _block(head: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}"])
