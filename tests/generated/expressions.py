"""Typed expressions by chance, as text: conditions, and values to set attributes to."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import msgspec

from tests.generated.vocabulary import EVENTS, MAYBE, PERSONAS


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition may ask for where it stands.

    `events` that a run may have heard (none: bare events may not be asked for); `answers` are pairs of event and
    touchpoint; `timed`: what time alone changes may be asked for; `entered`: there is a run with an entry event.
    """

    events: Sequence[str] = ()
    answers: Sequence[tuple[str, str]] = ()
    timed: bool = True
    entered: bool = True
    stages: Sequence[str] = ()


LITERALS = {
    "integer": ("1", "2", "3", "5", "۴"),
    "number": ("0.5", "1.25", "2", "-0.75"),
    "money": ("5 EUR", "12.50 EUR", "60 EUR", "0.005 EUR"),
    "percent": ("5%", "12.5%", "20%"),
    "duration": ("90m", "36h", "3d", "1w"),
    "date": ("2027-01-20", "2027-02-14", "1999-12-31"),
    "text": ('"a"', '"Sara"', '"x"'),
    "tier": ("bronze", "silver", "gold"),
    "time": ("now",),
}
_OWN = {
    "integer": ("orders", "points", "maybe"),
    "number": ("score",),
    "money": ("spent",),
    "percent": ("rebate",),
    "duration": ("patience",),
    "date": ("renewal", "birthday"),
    "text": ("name",),
    "tier": ("tier",),
    "time": ("seen",),
}
"""Attributes by type."""

_ORDERED = ("integer", "number", "money", "percent", "duration", "date")
_WINDOWS = ("2h", "3d", "30d")


_NAMES = re.compile(r"customer\.\w+|persona|stage|weekday|today|entry\.\w+")
_DECLARED = {"is_big": "customer.spent customer.orders", "is_calm": "customer.points customer.tier"}


def subjects(condition: str) -> frozenset[str]:
    """What a condition is about.  Two about different things cannot contradict each other."""
    for name, about in _DECLARED.items():
        condition = condition.replace(name, about)
    return frozenset(_NAMES.findall(condition)) | {e for e in EVENTS if e in condition}


class Asker:
    """Draws expressions that mean something for the given features."""

    def __init__(self, chance: random.Random, features: frozenset[str], personas: Sequence[str]) -> None:
        self._chance = chance
        self._features = features
        self._personas = personas

    def _has(self, attribute: str) -> bool:
        return attribute not in MAYBE or "unknowns" in self._features

    def _one(self, ways: Sequence[str]) -> str:
        return self._chance.choice(ways)

    # --- values

    def value(self, type: str, known: Known, depth: int = 2) -> str:
        """An expression of that type that is not made of literals alone, where there is another."""
        own = [f"customer.{name}" for name in _OWN[type] if self._has(name)]
        if depth <= 0 or self._chance.random() < 0.4:
            return self._one([*own, *self._heard(type, known)] or list(LITERALS[type]))
        made = getattr(self, f"_{type}", None)
        return made(known, depth - 1) if made is not None else self._one(own or list(LITERALS[type]))

    def _heard(self, type: str, known: Known) -> list[str]:
        """What events say."""
        if "history" not in self._features:
            return []
        ways = {
            "integer": ["rated.stars", "last(rated).stars", "first(rated where stars > 1).stars"],
            "money": ["order.total", "last(order where total > 20 EUR).total", "first(order).total"],
            "text": ["last(clicked).shop", "order.id"],
        }.get(type, [])
        if type == "money" and known.timed:
            ways.append("last(order within 30d).total")
        if known.entered and "payloads" in self._features:
            ways += {"money": ["entry.value"], "text": ["entry.shop"], "integer": ["entry.stars"]}.get(type, [])
        if type == "duration" and known.timed and "clock" in self._features:
            ways += ["since(order)", "since(came)"]
        return ways

    def _integer(self, known: Known, depth: int) -> str:
        a = self.value("integer", known, depth)
        ways = [
            f"({a} + {self._one(LITERALS['integer'])})",
            f"({a} - {self.value('integer', known, depth)})",
            f"({a} * {self._one(('2', '-3'))})",
            f"round({self.value('number', known, depth)} to 1)",
            f"round down({self.value('number', known, depth)} to 1)",
            f"days({self.value('duration', known, depth)})",
            f"hours({self.value('duration', known, depth)})",
            f"-{a}",
            f"({a} or else 2)",
        ]
        return self._one(ways)

    def _number(self, known: Known, depth: int) -> str:
        a, whole = self.value("number", known, depth), self.value("integer", known, depth)
        ways = [
            f"({a} * {self.value('number', known, depth)})",
            f"({a} / {self._one(('3', 'customer.points', '0.1'))})",
            f"({whole} / {self._one(('2', 'customer.orders'))})",
            f"({a} + {whole})",
            f"({a} - {self._one(LITERALS['number'])})",
            f"round({a} to 0.25)",
            f"({self.value('money', known, depth)} / {self._one(('7 EUR', 'customer.spent'))})",
        ]
        return self._one(ways)

    def _money(self, known: Known, depth: int) -> str:
        a = self.value("money", known, depth)
        ways = [
            f"({a} + {self._one(LITERALS['money'])})",
            f"({a} - {self.value('money', known, depth)})",
            f"({a} * {self._one(('0.1', '1.5', 'customer.score', 'customer.rebate', '2'))})",
            f"({a} / 3)",
            f"round({a} to 0.01 EUR)",
            f"round down({a} * 0.1 to 1 EUR)",
            f"({a} or else 8 EUR)",
        ]
        return self._one(ways)

    def _percent(self, known: Known, depth: int) -> str:
        a = self.value("percent", known, depth)
        return self._one((f"({a} + 2.5%)", f"({a} * 2)", f"({a} - {self.value('percent', known, depth)})"))

    def _duration(self, known: Known, depth: int) -> str:
        a = self.value("duration", known, depth)
        ways = [f"({a} + 90m)", f"({a} * 1.5)", f"({a} / 7)", f"({a} - {self.value('duration', known, depth)})"]
        if known.timed and "clock" in self._features and self._has("seen"):
            ways += ["(now - customer.seen)", "(today - customer.renewal)"]
        return self._one(ways)

    def _date(self, known: Known, depth: int) -> str:
        dates = [f"customer.{name}" for name in _OWN["date"] if self._has(name)]
        if known.timed and "clock" in self._features:
            dates.append("today")
        if not dates:
            return self._one(LITERALS["date"])
        a = self._one(dates)
        return self._one((f"({a} + 3d)", f"({a} - 1 month)", f"({a} + 1 year)", a))

    # --- conditions

    def condition(self, known: Known, depth: int = 2) -> str:
        """A condition; one comparison, or several joined in parentheses."""
        draw = self._chance.random()
        if depth > 0 and draw < 0.15:
            return f"not {self._inner(known, depth)}"
        if depth > 0 and draw < 0.45:
            left, right = self.condition(known, depth - 1), self.condition(known, depth - 1)
            if not subjects(left) & subjects(right):
                return f"({left} {self._one(('and', 'or'))} {right})"
        return self._chance.choice(self._leaves(known))(known)

    def _inner(self, known: Known, depth: int) -> str:
        inner = self.condition(known, depth - 1)
        return inner if inner.startswith("(") else f"({inner})"

    def _leaves(self, known: Known) -> list[Callable[[Known], str]]:
        leaves: list[Callable[[Known], str]] = [self._compared, self._compared, self._chosen, self._simple]
        if "unknowns" in self._features:
            leaves.append(self._is_known)
        if "history" in self._features:
            leaves.append(self._counted)
            if known.events:
                leaves.append(self._happened)
        if "clock" in self._features and known.timed:
            leaves.append(self._by_clock)
        return leaves

    def _compared(self, known: Known) -> str:
        type = self._one(_ORDERED)
        if type == "date" and not self._has("renewal"):
            type = "money"
        op = self._one(("<", "<=", ">", ">=", "==", "!="))
        return f"{self.value(type, known)} {op} {self._one(LITERALS[type])}"

    def _chosen(self, known: Known) -> str:
        ways = ["customer.tier == gold", "customer.tier != bronze", "customer.tier in [silver, gold]"]
        ways += [f'customer.tags contains "{self._one("abc")}"', "customer.points in [1, 3, 5]"]
        if len(self._personas) > 1:
            ways += [f"persona == {self._one(self._personas)}", f"persona != {self._personas[0]}"]
        if len(known.stages) > 1:
            ways.append(f"stage == {self._one(known.stages)}")
        if self._has("name"):
            ways += ['(customer.name or else "x") == "x"', 'customer.name contains "a"']
        return self._one(ways)

    def _simple(self, known: Known) -> str:
        return self._one(("customer.email_ok", "is_big", "is_calm"))

    def _is_known(self, known: Known) -> str:
        name = self._one(("maybe", "name", "renewal", "seen"))
        return f"customer.{name} is {self._one(('known', 'unknown'))}"

    def _counted(self, known: Known) -> str:
        window = f" within {self._one(_WINDOWS)}" if known.timed and self._chance.random() < 0.5 else ""
        event = self._one(("order", "clicked", "called", "rated where stars > 2", "came"))
        name, _, where = event.partition(" where ")
        rest = f" where {where}" if where else ""
        return f"count({name}{window}{rest}) {self._one(('>=', '==', '<'))} {self._chance.randint(1, 3)}"

    def _happened(self, known: Known) -> str:
        if known.answers and self._chance.random() < 0.4:
            event, touchpoint = self._chance.choice(list(known.answers))
            return f"{event}({touchpoint})"
        event = self._chance.choice(list(known.events))
        if known.timed and self._chance.random() < 0.4:
            event += f" within {self._one(_WINDOWS)}"
        if event == "order" and self._chance.random() < 0.5:
            event += f" where total > {self._chance.randint(20, 60)} EUR"
        return event

    def _by_clock(self, known: Known) -> str:
        ways = ["weekday == monday", "weekday in [friday, sunday]", "today > 2027-02-01", "since(came) > 2d"]
        if self._has("renewal"):
            ways.append("customer.renewal - 2w < today")
        return self._one(ways)

    def persona(self) -> str:
        return self._one(self._personas or PERSONAS)
