"""Small journeys with rules of every form, made by chance: small enough that all that can happen in them can be tried.

Every duration and time of day is a multiple of `UNIT`, so that a coarse grid of instants tells all cases apart.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import msgspec

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.promises import Claim

UNIT = 6 * 3_600
"""Seconds; what the grid of a small world is cut from."""

PLAIN = frozenset(("answers", "interrupts", "jumps", "sets", "splits", "stages"))
"""What `benchmarks/plain_z3.py` knows."""
ALL = PLAIN | {"asides", "caps", "conditions", "moments", "quiet", "reentry", "repeats"}
"""What may occur beside touchpoints, waits, questions, and waits for events; `asides` are interrupts without a jump,
`conditions` waits for conditions, `moments` waits until a time of day, `jumps` ways out and forwards."""


DURATIONS = ("6h", "12h", "18h", "1d")
LONGER = ("12h", "1d", "30h", "2d")
_VOCABULARY = """customer {{
  ok: yes_no = yes
  orders: integer = 0 growing
  tier: one of bronze, gold = bronze fixed
  stars: integer?
}}
event came {{ stars: integer? }}
event order {{ size: integer?; then set customer.orders = customer.orders + 1 }}
event called
event opened
channel email {{ outbound; {email} }}
channel sms {{ outbound; {sms} }}
channel site {{ inbound }}
tag offer
tag service
action coupon {{ code: text; tag offer }}
persona planner {{ share 50% }}
persona hunter {{ share 50% }}
"""
_CONDITIONS = (
    *("customer.ok", "not customer.ok", "customer.orders >= 1", "customer.orders == 0"),
    *("customer.tier == gold", "customer.tier != gold", "customer.stars > 2", "customer.stars is unknown"),
    *("not (customer.stars > 2)", "persona == planner"),
    *("customer.ok and customer.tier == gold", "customer.ok or customer.orders >= 1"),
)
_CAPS = (
    *("at most 1 per 12h then skip", "at most 1 per 1d then wait up to 12h", "at most 1 per calendar day then skip"),
    *("at most 2 per 2d then skip", "at most 1 per calendar week then skip"),
)
_QUIET = ("quiet from 18:00 to 06:00 then wait up to 1d", "quiet from 00:00 to 06:00 then skip")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A journey `j` with its rules, by name."""

    seed: int
    text: str
    project: Project
    claims: dict[str, Claim]


def question(seed: int, *, size: int = 5, rules: int = 6, features: frozenset[str] = ALL) -> Question:
    """A file with a journey `j` of about `size` steps and so many rules, in which the features may occur.

    A few seeds give a journey with an error, such as a condition that cannot be true: then it is the next one's.
    """
    for text in (_Maker(seed + 1_000_000 * again, size, rules, features).file() for again in range(100)):
        reading = read_text(text)
        found = [*reading.findings, *check(reading.project)]
        if not any(one.severity is Severity.ERROR for one in found):
            declared = reading.project.journeys["j"].rules
            claims = {one.name: one.claim for one in declared if one.claim is not None}
            return Question(seed=seed, text=text, project=reading.project, claims=claims)
    raise AssertionError(f"no journey of seed {seed} can be read")


class _Maker:
    def __init__(self, seed: int, size: int, rules: int, features: frozenset[str]) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._features = frozenset(one for one in sorted(features) if self._chance.random() < 0.4)
        self._left, self._rules = self._chance.randint(2, size), rules
        self._touchpoints: list[str] = []
        self._steps: list[str] = []
        self._outcomes: set[str] = set()
        self._actions = False
        self._stages = ["early", "late"][: 1 + ("stages" in self._features)]
        self._count = 0

    def _some(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self._features and self._chance.random() < chance

    def _one(self, ways: Sequence[str]) -> str:
        return self._chance.choice(ways)

    # --- the file

    def file(self) -> str:
        stages = [line for number in range(len(self._stages)) for line in self._stage(number)]
        interrupts = list(self._interrupts())
        reentry = [f"reenter {self._one(('always', 'after 12h'))}"] if self._some("reentry") else []
        enter = "enter on came" + (f" if {self._condition()}" if self._chance.random() < 0.25 else "")
        lines = [enter, *reentry, *interrupts, *self._promises(), *stages]
        body = "\n".join(f"  {line}" for line in lines)
        return f"{_VOCABULARY.format(email=self._checks(), sms=self._checks())}journey j {{\n{body}\n}}\n"

    def _checks(self) -> str:
        checks = ["only if customer.ok"] if self._chance.random() < 0.4 else []
        checks += [self._one(_CAPS)] if self._some("caps", 0.7) else []
        checks += [self._one(_QUIET)] if self._some("quiet", 0.7) else []
        return "; ".join(checks)

    def _stage(self, number: int) -> Iterator[str]:
        lines = [line for _ in range(max(1, self._left // (2 - number or 1))) for line in self._step(0)]
        if not any("touchpoint" in line or "do coupon" in line for line in lines):
            lines += self._touchpoint(0)
        yield f"stage {self._stages[number]} {{"
        yield from (f"  {line}" for line in lines)
        if self._some("jumps", 0.4):
            self._outcomes.add("won")
            yield f"  wait {self._one(DURATIONS)}"
            yield f"  if {self._condition()} {{ exit won }}"
        yield "}"

    def _interrupts(self) -> Iterator[str]:
        while self._some("interrupts", 0.5):
            event = self._one(("order", "called", "order where size > 1"))
            asked = f" if {self._condition()}" if self._chance.random() < 0.3 else ""
            asides = ['do coupon(code = "I")'] * ("asides" in self._features)
            deed = self._one(("exit won", "exit won", f"go to {self._stages[-1]}", *asides))
            self._actions |= "coupon" in deed
            self._outcomes |= {"won"} if "won" in deed else set()
            yield f"on {event}{asked} {deed}"

    # --- steps

    def _condition(self) -> str:
        return self._one(_CONDITIONS)

    def _step(self, depth: int) -> list[str]:
        self._left -= 1
        kinds = [self._touchpoint] * 4 + [self._wait] * 2 + [self._if] * 2 + [self._wait_for] * 2 + [self._do]
        kinds += [self._split] * ("splits" in self._features) + [self._repeat] * ("repeats" in self._features)
        kinds += [self._set] * ("sets" in self._features) + [self._moment] * ("moments" in self._features)
        kinds += [self._wait_until] * ("conditions" in self._features)
        simple = (self._touchpoint, self._touchpoint, self._wait, self._do)
        return list(self._chance.choice(simple if depth >= 2 else kinds)(depth))

    def _body(self, depth: int, *, leaves: bool = True) -> list[str]:
        lines = [line for _ in range(self._chance.randint(0, 1 + (depth == 0))) for line in self._step(depth + 1)]
        if leaves and self._some("jumps", 0.3):
            later = self._stages[1:] if self._stages[1:] and self._chance.random() < 0.5 else []
            self._outcomes |= set() if later else {"lost"}
            lines.append(f"go to {later[0]}" if later else "exit lost")
        return [f"  {line}" for line in lines]

    def _touchpoint(self, depth: int) -> Iterator[str]:
        name = f"t{len(self._touchpoints) + 1}"
        self._touchpoints.append(name)
        contact = self._one(('send email { text "A" }', 'send email { text "A" }', 'send sms { text "A" }', "at site"))
        more = ["tag offer"] if self._chance.random() < 0.3 else []
        more += ["transactional"] if "send" in contact and self._chance.random() < 0.1 else []
        if self._chance.random() < 0.15:
            self._actions = True
            more.append('do coupon(code = "A")')
        yield f"touchpoint {name} {{ {'; '.join([contact, *more])} }}"

    def _wait(self, depth: int) -> Iterator[str]:
        yield f"wait {self._one(DURATIONS)}"

    def _moment(self, depth: int) -> Iterator[str]:
        yield f"wait until {self._one(('06:00', '12:00', 'monday at 06:00'))}"

    def _if(self, depth: int) -> Iterator[str]:
        yield f"if {self._condition()} {{"
        yield from self._body(depth)
        if self._chance.random() < 0.5:
            yield "} otherwise {"
            yield from self._body(depth, leaves=False)
        yield "}"

    def _event(self) -> str:
        if self._touchpoints and self._some("answers", 0.6):
            return f"opened({self._touchpoints[-1]})"
        return self._one(("order", "called", "order where size > 1"))

    def _wait_for(self, depth: int) -> Iterator[str]:
        yield f"wait for {self._event()} up to {self._one(LONGER)} {{"
        yield from self._body(depth)
        if self._chance.random() < 0.5:
            yield "} otherwise {"
            yield from self._body(depth, leaves=False)
        yield "}"

    def _wait_until(self, depth: int) -> Iterator[str]:
        condition = self._one(("customer.ok", "not customer.ok", "customer.stars > 2", "customer.orders >= 2"))
        yield f"wait for {condition} up to {self._one(DURATIONS)} {{"
        yield from self._body(depth)
        yield "}"

    def _split(self, depth: int) -> Iterator[str]:
        self._count += 1
        yield f"split x{self._count} {{"
        for arm in ("left", "right"):
            yield f"  50% {arm} {{"
            yield from (f"  {line}" for line in self._body(depth, leaves=arm == "left"))
            yield "  }"
        yield "}"

    def _repeat(self, depth: int) -> Iterator[str]:
        every = f" every {self._one(('6h', '12h'))}" if self._chance.random() < 0.5 else ""
        until = f" until {self._one(('order', 'called', 'not customer.ok'))}" if self._chance.random() < 0.5 else ""
        yield f"repeat up to 2 times{every}{until} {{"
        lines = [*self._touchpoint(depth), *self._body(depth, leaves=False)]
        yield from (f"  {line}" for line in lines)
        yield f"  wait {self._one(('6h', '12h'))}"
        yield "}"

    def _set(self, depth: int) -> Iterator[str]:
        yield "set customer." + self._one(("ok = yes", "ok = no", "stars = 3", "orders = customer.orders + 1"))

    def _do(self, depth: int) -> Iterator[str]:
        self._actions = True
        yield 'do coupon(code = "D")'

    # --- rules

    def _promises(self) -> Iterator[str]:
        forms = [self._follows, self._never, self._unless, self._apart, self._same_day, self._night, self._in_stage]
        forms += [self._before, self._at_most, self._at_most, self._ends, self._reach]
        for number, form in enumerate(self._chance.sample(forms, min(self._rules, len(forms))), 1):
            yield f"rule r{number} {{ {form()} }}"

    def _deed(self) -> str:
        """Something that the shop does."""
        ways = [*self._touchpoints, *self._touchpoints, "email", "sms", "messages", "any messages", "offer"]
        return self._one(ways + ["coupon"] * (2 * self._actions))

    def _thing(self) -> str:
        return self._deed() if self._chance.random() < 0.6 else self._one(("order", "called", "entry"))

    def _follows(self) -> str:
        cause = self._one(("entry", "entry", "order", "called", self._deed()))
        return f"after {cause} always {self._deed()} within {self._one(LONGER)}"

    def _never(self) -> str:
        return f"never {self._deed()}"

    def _unless(self) -> str:
        return f"never {self._deed()} unless {self._condition()}"

    def _apart(self) -> str:
        return f"never {self._deed()} within {self._one(LONGER)} of {self._thing()}"

    def _same_day(self) -> str:
        return f"never {self._deed()} on the same day as {self._thing()}"

    def _night(self) -> str:
        return f"never {self._deed()} from {self._one(('18:00 to 06:00', '00:00 to 06:00', '06:00 to 12:00'))}"

    def _in_stage(self) -> str:
        return f"never {self._deed()} in stage {self._one(self._stages)}"

    def _before(self) -> str:
        return f"never {self._deed()} before {self._thing()}"

    def _at_most(self) -> str:
        per = self._one(("12h", "1d", "2d", "calendar day", "calendar week", "run", "run", "customer"))
        return f"at most {self._one('0112')} {self._deed()} per {per}"

    def _ends(self) -> str:
        return f"always exit within {self._one(('1d', '2d', '3d', '4d'))}"

    def _reach(self) -> str:
        places = [*self._stages, *sorted(self._outcomes), *self._touchpoints]
        return f"every persona can reach {self._one(places)}"


__all__ = ["ALL", "PLAIN", "UNIT", "Question", "question"]
