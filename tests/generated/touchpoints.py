"""Touchpoints made by chance, what customers answer to them, and what they do by themselves."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.generated.expressions import Asker, Known
from tests.generated.vocabulary import CHANNELS, FIELDS

Answer = tuple[str, str]
"""An event and the touchpoint that it answers."""

_DELAYS = ("", "after 2h", "after 1h to 3d", "after about 18h", "after about 12h, 90% within 2d", "after about 5m")


class Touchpoints:
    """Makes touchpoints and knows which answers may have come where the text stands.

    `expected` answers may come to what was met on some way; `answered` ones may have come, since time has passed.
    """

    def __init__(self, chance: random.Random, features: frozenset[str], ask: Asker) -> None:
        self._chance = chance
        self._features = features
        self._ask = ask
        self.names: list[str] = []
        self.expected: list[Answer] = []
        self.answered: list[Answer] = []
        self.coupons = False
        self._forks: list[tuple[list[list[Answer]], list[list[list[Answer]]]]] = []

    # --- what may have been answered

    def time_passes(self) -> None:
        self.answered = list(self.expected)

    def fork(self) -> None:
        """Before a step that may have bodies."""
        self._forks.append((self._met, []))

    def branch(self) -> None:
        """At the beginning of a body: what was met in those beside it was not met here."""
        if not self._forks[-1][1]:
            self._forks[-1] = (self._met, [])
        self._met = self._forks[-1][0]

    def leave(self, *, gone: bool) -> None:
        """At the end of a body, out of which no way leads to the next step if the run is `gone`."""
        start, ends = self._forks[-1]
        ends.append(start if gone else self._met)

    def join(self) -> None:
        """Behind a step: what was met in any of its bodies may have been met."""
        _, ends = self._forks.pop()
        if ends:
            self._met = [list(dict.fromkeys(one for end in ends for one in end[n])) for n in (0, 1)]

    @property
    def _met(self) -> list[list[Answer]]:
        return [list(self.expected), list(self.answered)]

    @_met.setter
    def _met(self, lists: list[list[Answer]]) -> None:
        self.expected, self.answered = list(lists[0]), list(lists[1])

    # --- texts

    def _has(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self._features and (chance >= 1.0 or self._chance.random() < chance)

    def _one(self, ways: Sequence[str]) -> str:
        return self._chance.choice(ways)

    def one(self, name: str) -> Iterator[str]:
        self.names.append(name)
        channel = self._one(CHANNELS)
        yield f"touchpoint {name} {{"
        if channel == "site":
            yield "  at site"
        else:
            yield f'  send {channel} {{ text "Hello, {{customer.tier}}" }}'
        if self._chance.random() < 0.15:
            yield "  transactional"
        if self._chance.random() < 0.2:
            yield f"  priority {self._one(('high', 'low'))}"
        if self._chance.random() < 0.2:
            self.coupons = True
            yield '  do coupon(code = "T")'
        if self._has("responses", 0.9):
            yield from self._responds(name)
        yield "}"

    def _responds(self, name: str) -> Iterator[str]:
        yield "  responds {"
        events = self._chance.sample(("opened", "clicked", "order", "rated"), self._chance.randint(1, 3))
        for event in events:
            yield f"    {self._line(event, 1)}"
        yield "  }"
        self.expected = [*(one for one in self.expected if one[1] != name), *((event, name) for event in events)]

    def _line(self, event: str, depth: int) -> str:
        line = f"{event} {self._chance_of()} {self._one(_DELAYS)}{self.filled(event)}".rstrip()
        if depth and self._chance.random() < 0.3:
            line += f" {{ {self._line(self._one(('clicked', 'order', 'called')), depth - 1)} }}"
        return line

    def _chance_of(self) -> str:
        if self._chance.random() < 0.5:
            return f"{self._chance.randint(1, 80)}%"
        asked = self._ask.condition(Known(timed=False), 1)
        otherwise = f", {self._chance.randint(1, 40)}.5% otherwise" if self._chance.random() < 0.6 else ""
        return f"{self._chance.randint(1, 80)}% if {asked}{otherwise}"

    def filled(self, event: str) -> str:
        """A payload, of some of the event's fields."""
        fields = FIELDS.get(event, {})
        if not self._has("payloads", 0.8) or not fields:
            return ""
        chosen = self._chance.sample(sorted(fields), self._chance.randint(1, len(fields)))
        return f" with ({', '.join(f'{field} = {self._one(fields[field])}' for field in chosen)})"

    def behaves(self, events: Sequence[str]) -> Iterator[str]:
        """Lines of what customers do by themselves."""
        yield "behaves {"
        for event in self._chance.sample(list(events), self._chance.randint(1, 2)):
            rate = f"{self._one(('3%', '10%', '0.5%'))} per day"
            if self._chance.random() < 0.4:
                asked = self._ask.condition(Known(timed=False), 1)
                rate = f"20% per week if {asked}, {rate} otherwise"
            yield f"  {event} {rate}{self.filled(event)}"
        yield "}"
