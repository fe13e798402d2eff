"""Files with one journey or two, rules of their own and of the project, in which nearly all of the language may occur.

Too large to be tried out; customers made up by chance are sent through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from tests.engine.prove.small_journeys import ALL, LONGER, Maker

MORE = frozenset(
    (
        *(
            "backwards",
            "clock",
            "closed",
            "compared",
            "daily",
            "dates",
            "history",
            "limits",
            "money",
            "named",
            "otherwise",
        ),
        *("per", "scopes", "several", "shared", "starts", "two", "zones"),
    )
)
"""What may occur beside `ALL`: jumps back, weekdays, days without messages, attributes compared with one another, entry
by the calendar, waits until dates, conditions on history, limits over channels, money, touchpoints met at two places,
`otherwise if`, runs per field, interrupts of stages and untils of events, several ways of a wait, rules of the project,
`start`, a second journey, time zones."""

_VOCABULARY = """customer {{
  ok: yes_no = yes
  sms_ok: yes_no = no
  orders: integer = 0 growing
  spent: money = 0 EUR growing
  tier: one of bronze, silver, gold = bronze fixed
  stars: integer?
  renewal: date?
{zone}}}
event came {{ id: text?; stars: integer? }}
event order {{
  id: text?; size: integer?; total: money?
  then set customer.orders = customer.orders + 1
  then set customer.spent = customer.spent + (total or else 0 EUR)
}}
event called {{ id: text? }}
event opened
occasion spring {{ 2027-01-06; 2027-01-12; 2027-03-28 }}
channel email {{ outbound; {email} }}
channel sms {{ outbound; {sms} }}
channel site {{ inbound }}
tag offer
tag service
action coupon {{ code: text; tag offer }}
team crm
condition loyal = customer.orders >= 2 and customer.spent > 20 EUR
persona planner {{ share 50% }}
persona hunter {{ share 50% }}
"""
_ATTRIBUTES = (
    *("customer.ok", "not customer.ok", "customer.orders >= 1", "customer.orders == 0", "customer.sms_ok"),
    *("customer.tier == gold", "customer.tier in [silver, gold]", "customer.stars > 2", "customer.stars is unknown"),
    *("not (customer.stars > 2)", "persona == planner", "customer.ok and customer.tier == gold"),
    *("customer.ok or customer.orders >= 1", "(customer.stars or else 3) >= 3", "customer.ok != customer.sms_ok"),
)
_MONEY = ("customer.spent > 20 EUR", "customer.spent >= 50 EUR", "customer.spent == 0 EUR", "loyal", "not loyal")
_COMPARED = (
    "customer.orders > customer.stars",
    "customer.orders + 1 < customer.stars",
    "customer.spent > 10 EUR * customer.orders",
)
_HISTORY = (
    *("order", "called", "not called", "order within 12h", "not (order within 1d)", "count(order) >= 2", "coupon"),
    *("count(order within 1d) >= 1", "since(order) > 12h", "last(order).size > 1", "order where size > 1"),
    *("called within 1d and customer.ok", "count(coupon) >= 1", "order where (size > 1 or total > 5 EUR)"),
)
_CLOCK = ("weekday == monday", "weekday in [saturday, sunday]", "customer.renewal > today", "stage == early")
_CAPS = (
    *("at most 1 per 12h then skip", "at most 1 per 1d then wait up to 12h", "at most 1 per calendar day then skip"),
    *("at most 2 per 2d then skip", "at most 1 per calendar week then skip", "at most 1 per calendar day then wait"),
    *("at most 3 per calendar week then wait up to 2d", "at most 1 per 36h then wait up to 3d"),
)
_QUIET = (
    *("quiet from 18:00 to 06:00 then wait up to 1d", "quiet from 00:00 to 06:00 then skip"),
    *("quiet from 06:00 to 12:00 then wait up to 2h", "quiet from 20:00 to 04:00 then wait"),
)
_CLOSED = ("closed spring then wait", "closed spring then skip", "closed spring then wait up to 6h")
_CONSENT = (
    *("only if customer.ok", "only if customer.sms_ok", "only if customer.ok and customer.tier == gold"),
    *("only if customer.ok or customer.sms_ok", "only if customer.orders >= 1"),
)


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A project of one file, made of a seed."""

    seed: int
    text: str
    project: Project


def wide(seed: int, *, size: int = 6, rules: int = 5, features: frozenset[str] = ALL | MORE) -> File:
    """A file of about `size` steps in each journey and so many rules; of a text with errors the next one's."""
    for again in range(300):
        text = _WideMaker(seed + 1_000_000 * again, size, rules, features).file()
        reading = read_text(text)
        found = [*reading.findings, *check(reading.project)]
        if not any(one.severity is Severity.ERROR for one in found):
            return File(seed=seed, text=text, project=reading.project)
    raise AssertionError(f"no file of seed {seed} can be read")


class _WideMaker(Maker):
    name = "j"

    # --- the file

    def file(self) -> str:
        size = self.left
        first = self._journey()
        second: list[str] = []
        if self.some("two"):
            self.name, self.left, self.before = "k", max(2, size // 2), len(self.touchpoints)
            self.touchpoints, self.outcomes, self.actions = [], set(), False
            second = self._journey()
        zone = "  timezone: text? fixed\n" if self.some("zones") else ""
        limits = [f"limit pressure {{ {self._scope()}{self._more(_CAPS, 2)} }}"] if self.some("limits") else []
        shared = [f"rule p{number} {{ {form()} }}" for number, form in enumerate(self._of_project(), 1)]
        vocabulary = _VOCABULARY.format(email=self.checks(), sms=self.checks(), zone=zone)
        return vocabulary + "\n".join([*limits, *shared, *first, *second]) + "\n"

    def _scope(self) -> str:
        return self.one(("channels email, sms; ", "", "channels sms; "))

    def _more(self, ways: tuple[str, ...], most: int) -> str:
        return "; ".join(self.chance.sample(ways, self.chance.randint(1, most)))

    def _of_project(self) -> list[Callable[[], str]]:
        if not self.some("shared"):
            return []
        return self.chance.sample(
            [self._at_most_of_all, self._at_most_of_all, self._consent, self._ends, self._night], 3
        )

    def _at_most_of_all(self) -> str:
        per = self.one(("12h", "2d", "7d", "calendar day", "calendar week", "run", "customer"))
        what = self.one(("email", "messages", "any messages", "offer", "coupon", "sms"))
        return f"at most {self.one('01223')} {what} per {per}"

    def _consent(self) -> str:
        return f"never {self.one(('email', 'sms', 'messages', 'offer'))} unless {self.one(_ATTRIBUTES[:5])}"

    def _journey(self) -> list[str]:
        stages = [line for number in range(len(self.stages)) for line in self.stage(number)]
        head = [*self._entries(), *self.interrupts()]
        if self.some("reentry"):
            head.append(f"reenter {self.one(('always', 'after 12h', 'after 1d'))}")
        promises = list(self.promises())
        body = "\n".join(f"  {line}" for line in [*head, *promises, *stages])
        return [f"journey {self.name} {{\n{body}\n}}"]

    def _entries(self) -> Iterator[str]:
        event = "came" if self.name == "j" else self.one(("came", "order", "called"))
        per = " per id" if self.some("per", 0.6) else ""
        asked = f" if {self.condition()}" if self.chance.random() < 0.25 else ""
        yield f"enter on {event}{per}{asked}"
        if self.chance.random() < 0.15:
            yield f"enter on {self.one(('order', 'called'))}{per} if {self.condition()}"
        if self.some("daily", 0.5):
            yield self.one(("enter each day at 09:00", "enter each monday", "enter each spring at 06:00")) + (
                f" if {self.one(_ATTRIBUTES)}" if self.chance.random() < 0.7 else ""
            )

    def checks(self) -> str:
        checks = [self.one(_CONSENT)] if self.chance.random() < 0.5 else []
        checks += [self._more(_CAPS, 3)] if self.some("caps", 0.7) else []
        checks += [self.one(_QUIET)] if self.some("quiet", 0.7) else []
        checks += [self.one(_CLOSED)] if self.some("closed", 0.5) else []
        return "; ".join(checks)

    def interrupts(self) -> Iterator[str]:
        yield from super().interrupts()
        while self.some("asides", 0.3):
            deed = self.one(('do coupon(code = "J")', 'task crm "look"', *self._starts()))
            self.actions |= "coupon" in deed
            yield f"on {super().event()} {deed}"

    def _starts(self) -> tuple[str, ...]:
        return ("start k",) if self.some("starts") and self.some("two") and self.name == "j" else ()

    def stage(self, number: int) -> Iterator[str]:
        lines = list(super().stage(number))
        yield lines[0]
        while self.some("scopes", 0.4):
            self.outcomes.add("won")
            asked = f" if {self.condition()}" if self.chance.random() < 0.3 else ""
            aside = ['do coupon(code = "S")'] * ("asides" in self.features)
            deed = self.one(("exit won", f"go to {self.stages[-1]}", *aside))
            self.actions |= "coupon" in deed
            yield f"  on {super().event()}{asked} {deed}"
        yield from lines[1:]

    # --- steps

    def condition(self) -> str:
        ways: list[tuple[str, ...]] = [_ATTRIBUTES]
        ways += [_HISTORY, _HISTORY] if self.some("history") else []
        ways += [_CLOCK] if self.some("clock") else []
        ways += [_MONEY] if self.some("money") else []
        ways += [_COMPARED] if self.some("compared") else []
        ways += [self._visited()] if self.some("history") and self.touchpoints else []
        found = self.one(self.chance.choice(ways))
        if self.chance.random() < 0.15:
            found = f"({found}) {self.one(('and', 'or'))} ({self.one(_ATTRIBUTES)})"
        return found

    def _visited(self) -> tuple[str, ...]:
        place = self.touchpoints[-1]
        return (place, f"not {place}", f"opened({place})", f"not opened({place})", f"count({place}) >= 1")

    def step(self, depth: int) -> list[str]:
        kinds = [self._several] * self.some("several") + [self._date] * self.some("dates")
        kinds += [self._start] * bool(self._starts()) + [self._else_if] * self.some("otherwise")
        kinds += [self._back] * (self.some("backwards") and depth == 0) + [self._place] * self.some("named")
        if not kinds or self.chance.random() < 0.65 or depth >= 2:
            return super().step(depth)
        self.left -= 1
        return list(self.chance.choice(kinds)(depth))

    def _several(self, depth: int) -> Iterator[str]:
        yield f"wait up to {self.one(LONGER)} {{"
        for _ in range(2):
            asked = f" if {self.one(_ATTRIBUTES)}" if self.chance.random() < 0.3 else ""
            yield f"  for {self.event()}{asked} {{"
            yield from (f"  {line}" for line in self.body(depth))
            yield "  }"
        yield "  otherwise {"
        yield from (f"  {line}" for line in self.body(depth, leaves=False))
        yield "  }"
        yield "}"

    def event(self) -> str:
        if self.some("scopes", 0.3):
            return self.one(("order or called", "called or order where size > 1", "order where total > 5 EUR"))
        return super().event()

    def _date(self, depth: int) -> Iterator[str]:
        when = self.one(
            (
                *("1d before customer.renewal", "12h after order", "1d after came", "spring", "0d after called"),
                *("1d after customer.renewal at 06:00", "1d before customer.renewal at 18:00"),
            )
        )
        yield f"wait until {when} otherwise {{"
        yield from self.body(depth)
        yield "}"

    def _start(self, depth: int) -> Iterator[str]:
        yield "start k"

    def _else_if(self, depth: int) -> Iterator[str]:
        yield f"if {self.condition()} {{"
        yield from self.body(depth)
        yield f"}} otherwise if {self.condition()} {{"
        yield from self.body(depth, leaves=False)
        yield "} otherwise {"
        yield from self.body(depth, leaves=False)
        yield "}"

    def _back(self, depth: int) -> Iterator[str]:
        self.count += 1
        yield f"wait {self.one(LONGER)} as w{self.count}"
        yield from self.touchpoint(depth)
        yield f"if {self.condition()} {{ go to w{self.count} }}"

    def _place(self, depth: int) -> Iterator[str]:
        """A touchpoint that is met once more: where it is written out is its first place."""
        if not self.touchpoints or self.name == "k":
            yield from self.touchpoint(depth)
            return
        self.count += 1
        yield f"touchpoint {self.one(self.touchpoints)} as s{self.count}"

    def until(self) -> str:
        if self.some("scopes", 0.7):
            return self.one(
                (
                    "order or called",
                    "order where size > 1",
                    "customer.stars > 2 and customer.ok",
                    "customer.orders >= 2",
                )
            )
        return super().until()

    def assigned(self) -> str:
        ways = ("ok = yes", "ok = no", "stars = 3", "orders = customer.orders + 1", "stars = unknown")
        more = (
            "spent = customer.spent + 5 EUR",
            "sms_ok = customer.ok",
            "stars = customer.orders",
            "stars = customer.stars + 1",
        )
        return self.one((*ways, *more))

    def touchpoint(self, depth: int) -> Iterator[str]:
        """More actions than in small journeys, and priorities."""
        for line in super().touchpoint(depth):
            more = [f"priority {self.one(('high', 'low'))}"] if self.some("two", 0.3) else []
            if "do coupon" not in line and self.chance.random() < 0.3:
                self.actions = True
                more.append('do coupon(code = "T")')
            yield "; ".join([line.removesuffix(" }"), *more]) + " }"

    # --- rules

    def thing(self) -> str:
        if self.touchpoints and self.chance.random() < 0.3:
            return self.one((f"opened({self.one(self.touchpoints)})", "order where size > 1"))
        return super().thing()

    def _ends(self) -> str:
        return f"always exit within {self.one(('1d', '2d', '4d', '9d', '20d'))}"

    def _night(self) -> str:
        what = self.one(("email", "sms", "messages", "offer", "coupon"))
        return f"never {what} from {self.one(('18:00 to 06:00', '00:00 to 06:00', '06:00 to 12:00', '21:30 to 09:10'))}"


__all__ = ["MORE", "File", "wide"]
