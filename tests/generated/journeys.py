"""Whole journeys made by chance, as text in the DSL, that can be read, checked without errors, and simulated.

    text = journey(17)                                     # everything may occur
    text = journey(17, size=20, features=ALL - {"clock"})

The same seed gives the same text on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from tests.generated.expressions import LITERALS, Asker, Known, subjects
from tests.generated.touchpoints import Touchpoints
from tests.generated.vocabulary import Vocabulary

ALL = frozenset(
    "arrivals behaves calendar caps clock closed conditions consent events goals held history interrupts jumps moments "  # noqa: SIM905
    "payloads per personas quiet reentry repeats responses sets several splits unknowns zones".split()
)
"""What may occur: `calendar` is entries by the calendar, `clock` conditions that time changes, `conditions` waits for
conditions, `events` waits for events, `held` a control group, `moments` waits until an instant, `several` a second
journey that the first one starts, `unknowns` attributes that can be unknown, `zones` customers' own time zones."""
MORE = ALL | {"deeds"}
"""With interrupts by the journey's own deliveries and actions, and waits for these."""

_SHORT = ("10m", "1h", "6h", "1d", "30h", "2d")
_LONG = ("1d", "2d", "50h", "4d")
_SHARES = (("50%", "50%"), ("33.3%", "66.7%"), ("0.5%", "99.5%"), ("20%", "30%", "50%"))


def journey(seed: int, *, size: int = 12, features: frozenset[str] = ALL) -> str:
    """A file with a journey `j` of about `size` steps, in which the features may occur (not all will)."""
    return Maker(seed, size, features).file()


class Maker:
    def __init__(self, seed: int, size: int, features: frozenset[str]) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        wanted = self._chance.randint(max(3, len(features) // 2), len(features)) if len(features) > 3 else len(features)
        self._features = frozenset(self._chance.sample(sorted(features), wanted))
        self._left = size
        self._size = size
        self._names = 0
        self._vocabulary = Vocabulary(self._chance, self._features)
        self._ask = Asker(self._chance, self._features, self._vocabulary.personas)
        self._touchpoints = Touchpoints(self._chance, self._features, self._ask)
        self._stages = [f"s{n}" for n in range(1, self._chance.randint(1, 3) + 1)]
        self._stage = 0
        self._bodies: list[Callable[[int], Iterator[str]]] = self._kinds()

    # --- what is asked

    def _has(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self._features and (chance >= 1.0 or self._chance.random() < chance)

    def _one(self, ways: Sequence[str]) -> str:
        return self._chance.choice(ways)

    def _known(self, *, timed: bool = True) -> Known:
        return Known(
            events=("order", "clicked", "called", "rated"),
            answers=self._touchpoints.answered,
            timed=timed,
            stages=self._stages,
        )

    def _condition(self) -> str:
        return self._ask.condition(self._known())

    def _name(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"

    # --- the file

    def file(self) -> str:
        stages = [line for number in range(len(self._stages)) for line in self._one_stage(number)]
        outcome = "exit lost" in "".join(stages)
        lines = [*self._head(), *self._goals(outcome), *stages]
        second = _SECOND if self._has("several") else ""
        body = "\n".join(f"  {line}" for line in lines)
        return f"{self._vocabulary.text()}journey j {{\n{body}\n}}\n{second}"

    def _head(self) -> Iterator[str]:
        per = " per shop" if self._has("per", 0.3) else ""
        asked = f" if {self._ask.condition(Known(entered=False), 1)}" if self._chance.random() < 0.2 else ""
        yield f"enter on came{per}{asked}"
        if self._has("calendar", 0.4):
            way = self._one(("monday at 10:30", "month", "feast at 08:00", "day at 09:00"))
            yield f"enter each {way} if {self._ask.condition(Known(timed=False, entered=False), 1)}"
        if self._has("reentry", 0.7):
            yield f"reenter {self._one(('always', 'after 5d', 'after 20d'))}"
        if self._has("held", 0.6):
            yield f"hold out {self._one(('10%', '25% of project', '0.5%'))}"
        yield f"horizon {self._one(('20d', '30d', '60d'))}"
        if self._has("arrivals", 0.7):
            yield f"arrive {self._one(('50', '2.5', '1_000'))} per day{self._touchpoints.filled('came')}"
        yield from self._interrupts(self._stages)
        if self._has("behaves", 0.8):
            yield from self._touchpoints.behaves(("came", "order", "rated", "called"))

    def _goals(self, outcome: bool) -> Iterator[str]:
        if self._has("goals"):
            value = self._one(("value order.total", "value first order.total", "value 3 EUR", ""))
            yield f"goal bought {{ on order{self._one((' within 9d', '', ' where total > 40 EUR'))}; {value} }}"
            if self._touchpoints.names and self._chance.random() < 0.5:
                yield f"goal reached {{ on {self._one(self._touchpoints.names)} }}"
            if self._touchpoints.coupons and self._chance.random() < 0.4:
                yield "goal rewarded { on coupon within 5d }"
            if outcome and self._chance.random() < 0.4:
                yield "goal lost"

    def _one_stage(self, number: int) -> Iterator[str]:
        self._stage = number
        self._left = self._size // len(self._stages) + 1
        lines: list[str] = []
        while self._left > 0:
            lines += self._step(0)
        yield f"stage {self._stages[number]} {{"
        if self._has("behaves", 0.3):
            yield from _indented(self._touchpoints.behaves(("clicked", "order")))
        yield from _indented(self._interrupts(self._stages))
        yield from _indented(lines)
        yield from _indented(self._end(number))
        yield "}"

    def _end(self, number: int) -> Iterator[str]:
        """Sometimes back to an earlier stage, after time has passed; at the end of the last stage an exit."""
        if self._has("jumps", 0.4):
            back = self._one(self._stages[: number + 1])
            yield f"wait {self._one(_LONG)}"
            yield f"if {self._condition()} {{ set customer.points = customer.points + 1; go to {back} }}"
        if number == len(self._stages) - 1 and self._chance.random() < 0.7:
            yield "exit lost"

    def _interrupts(self, targets: Sequence[str]) -> Iterator[str]:
        while self._has("interrupts", 0.35):
            event = self._one(("order", "called", "clicked", "rated where stars < 3", "order where total > 60 EUR"))
            asked = ""
            if self._chance.random() < 0.4:
                asked = f" if {self._ask.condition(self._known(), 1)}"
            deeds = ["exit won", 'task crm "Call"', 'do coupon(code = "I", worth = 3 EUR)', "exit lost"]
            if self._has("sets"):
                deeds.append("set customer.points = customer.points + 2")
            if self._has("jumps"):
                deeds.append(f"go to {self._one(targets)}")
            deed = self._one(deeds)
            self._touchpoints.coupons |= "coupon" in deed
            yield f"on {event}{asked} {deed}"
        yield from self._by_deeds()

    def _by_deeds(self) -> Iterator[str]:
        """Interrupts by what the journey does itself; none leads back to it."""
        while self._has("deeds", 0.5):
            event = self._one(("coupon", "coupon where worth > 20 EUR", *self._touchpoints.names[-3:]))
            asked = f" if {self._ask.condition(self._known(), 1)}" if self._chance.random() < 0.4 else ""
            points = "set customer.points = customer.points + 1"
            deed = self._one(("exit won", 'task crm "Call"', points, points, "exit lost"))
            yield f"on {event}{asked} {deed}"

    # --- steps

    def _kinds(self) -> list[Callable[[int], Iterator[str]]]:
        """The kinds of steps that may occur; what is common stands there more than once."""
        kinds: list[Callable[[int], Iterator[str]]] = []
        kinds += [self._touchpoint] * 4 + [self._wait] * 2 + [self._if] * 2
        kinds += [self._wait_for] * 3 if "events" in self._features else []
        kinds += [self._wait_several] if "events" in self._features else []
        kinds += [self._wait_until] * 2 if "conditions" in self._features else []
        kinds += [self._moment] * 2 if "moments" in self._features else []
        kinds += [self._split] if "splits" in self._features else []
        kinds += [self._repeat] if "repeats" in self._features else []
        kinds += [self._set] * 2 if "sets" in self._features else []
        kinds += [self._do]
        kinds += [self._start] if "several" in self._features else []
        return kinds

    def _step(self, depth: int) -> list[str]:
        self._left -= 1
        simple = (self._touchpoint, self._wait, self._do)
        kind = self._chance.choice(simple if depth >= 3 else self._bodies)
        self._touchpoints.fork()
        lines = list(kind(depth))
        self._touchpoints.join()
        return lines

    def _body(self, depth: int, *, leaves: bool = False) -> list[str]:
        """The lines of a body; what was met in it may have been met behind it."""
        self._touchpoints.branch()
        lines: list[str] = []
        for _ in range(self._chance.randint(0, 2) if self._left > 0 else 0):
            lines += self._step(depth + 1)
        gone = leaves and self._chance.random() < 0.3
        if gone:
            later = self._stages[self._stage + 1 :]
            lines.append(f"go to {self._one(later)}" if later and self._has("jumps", 0.6) else "exit lost")
        self._touchpoints.leave(gone=gone)
        return [f"  {line}" for line in lines]

    def _touchpoint(self, depth: int) -> Iterator[str]:
        yield from self._touchpoints.one(self._name("t"))

    def _wait(self, depth: int) -> Iterator[str]:
        self._touchpoints.time_passes()
        yield f"wait {self._one(_SHORT)}"

    def _if(self, depth: int) -> Iterator[str]:
        first, second = self._condition(), self._condition()
        yield f"if {first} {{"
        yield from _unasked(self._body(depth, leaves=True))
        if self._chance.random() < 0.3 and not subjects(first) & subjects(second):
            yield f"}} otherwise if {second} {{"
            yield from _unasked(self._body(depth))
        if self._chance.random() < 0.4:
            yield "} otherwise {"
            yield from _unasked(self._body(depth))
        yield "}"

    def _pattern(self) -> str:
        """An event that may come, mostly an answer to what was sent last."""
        if self._has("deeds", 0.2):
            return self._one(("coupon", "coupon where worth > 5 EUR"))
        answers = self._touchpoints.expected
        if answers and self._chance.random() < 0.7:
            event, touchpoint = answers[-1] if self._chance.random() < 0.7 else self._chance.choice(answers)
            return f"{event}({touchpoint})"
        event = self._one(("order", "clicked", "called", "order where total > 40 EUR", "rated where (stars in [4, 5])"))
        if self._chance.random() < 0.2:
            return f"{event} if {self._ask.condition(self._known(), 1)}"
        return f"{event} or opened" if self._chance.random() < 0.2 else event

    def _wait_for(self, depth: int) -> Iterator[str]:
        yield f"wait for {self._pattern()} up to {self._one(_LONG)} {{"
        self._touchpoints.time_passes()
        yield from self._body(depth, leaves=True)
        if self._chance.random() < 0.5:
            yield "} otherwise {"
            yield from self._body(depth)
        yield "}"

    def _wait_several(self, depth: int) -> Iterator[str]:
        first = self._pattern()
        second = self._one([p for p in ("order", "called", "clicked") if not first.startswith(p)])
        yield f"wait up to {self._one(_LONG)} {{"
        self._touchpoints.time_passes()
        yield f"  for {first} {{"
        yield from _indented(self._body(depth, leaves=True))
        yield "  }"
        yield f"  for {second} {{"
        yield from _indented(self._body(depth))
        yield "  } otherwise {"
        yield from _indented(self._body(depth))
        yield "  }"
        yield "}"

    def _wait_until(self, depth: int) -> Iterator[str]:
        asked = self._ask.condition(Known(timed=False), 1)
        yield f"wait for {asked} up to {self._one(_LONG)} {{"
        self._touchpoints.time_passes()
        yield from self._body(depth)
        yield "}"

    def _moment(self, depth: int) -> Iterator[str]:
        ways = ["09:00", "02:30", "monday at 09:00", "friday"]
        dated = ["feast", "1d before feast at 22:00", "2d after order", "1h after clicked"]
        if self._has("unknowns"):
            dated += ["3d before customer.renewal at 10:00", "customer.renewal", "customer.seen"]
        way = self._one(ways * 2 + dated)
        yield f"wait until {way} {{".removesuffix(" {") if way in ways else f"wait until {way} otherwise {{"
        if way in ways:
            self._touchpoints.time_passes()
        if way not in ways:
            yield from self._body(depth)
            yield "}"

    def _split(self, depth: int) -> Iterator[str]:
        shares = self._chance.choice(_SHARES)
        yield f"split {self._name('x')} {{"
        for number, share in enumerate(shares):
            yield f"  {share} arm{number} {{"
            yield from _indented(self._body(depth, leaves=number == 0))
            yield "  }"
        yield "}"

    def _repeat(self, depth: int) -> Iterator[str]:
        every = f" every {self._one(('1d', '3d', '7d'))}" if self._chance.random() < 0.5 else ""
        until = ""
        if self._chance.random() < 0.6:
            until = f" until {self._one(('order', 'called or clicked', 'customer.orders > 2', 'customer.points >= 6'))}"
        yield f"repeat up to {self._chance.randint(2, 4)} times{every}{until} {{"
        lines = list(self._touchpoint(depth))
        lines += [*self._step(depth + 1), f"wait {self._one(_SHORT)}"]
        self._touchpoints.time_passes()
        yield from _indented(lines)
        yield "}"

    def _set(self, depth: int) -> Iterator[str]:
        type, name = self._chance.choice(
            [("integer", "points"), ("number", "score"), ("percent", "rebate"), ("duration", "patience")]
            + [("money", "spent"), ("integer", "orders"), ("tier", "tier")]
            + ([("integer", "maybe"), ("date", "renewal")] if self._has("unknowns") else [])
        )
        yield f"set customer.{name} = {self._ask.value(type, self._known(), 2)}"
        if self._chance.random() < 0.2:
            yield self._one(
                (
                    'set customer.tags = customer.tags + "c"',
                    "set customer.email_ok = no",
                    f"set customer.tier = {self._one(LITERALS['tier'])}",
                )
            )

    def _do(self, depth: int) -> Iterator[str]:
        self._touchpoints.coupons = True
        yield f'do coupon(code = "A", worth = {self._ask.value("money", self._known(), 1)})'
        if self._chance.random() < 0.3:
            yield 'task crm "Look"'

    def _start(self, depth: int) -> Iterator[str]:
        yield "start k"


_SECOND = """
journey k {
  enter on called
  reenter after 3d
  on clicked exit heard
  horizon 20d
  stage only {
    touchpoint k1 { send email { text "Second" }; responds { clicked 30% after about 6h; order 10% after 1h to 3d } }
    wait for opened(k1) or clicked up to 2d
    touchpoint k2 { send sms { text "Again" }; priority high }
    wait 1d
  }
}
"""


def _unasked(lines: Sequence[str]) -> Iterator[str]:
    """A body that does not begin with a question: behind another one it might be answered already."""
    if lines and lines[0].startswith("  if "):
        yield '  task crm "Look"'
    yield from lines


def _indented(lines: Sequence[str] | Iterator[str]) -> list[str]:
    return [f"  {line}" for line in lines]


__all__ = ["ALL", "journey"]
