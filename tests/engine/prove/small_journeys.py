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
    return _read(seed, (Maker(seed + 1_000_000 * again, size, rules, features).file() for again in range(100)))


def tiny(seed: int, *, rules: int = 6) -> Question:
    """A journey of three steps at most, with two features: the whole of its small world can be tried."""
    return _read(seed, (_Tiny(seed + 1_000_000 * again, 3, rules, ALL).file() for again in range(100)))


def _read(seed: int, texts: Iterator[str]) -> Question:
    for text in texts:
        reading = read_text(text)
        found = [*reading.findings, *check(reading.project)]
        if not any(one.severity is Severity.ERROR for one in found):
            declared = reading.project.journeys["j"].rules
            claims = {one.name: one.claim for one in declared if one.claim is not None}
            return Question(seed=seed, text=text, project=reading.project, claims=claims)
    raise AssertionError(f"no journey of seed {seed} can be read")


class Maker:
    durations: tuple[str, ...] = DURATIONS
    longer: tuple[str, ...] = LONGER

    def __init__(self, seed: int, size: int, rules: int, features: frozenset[str]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.features = frozenset(one for one in sorted(features) if self.chance.random() < 0.4)
        self.left, self.rules = self.chance.randint(2, size), rules
        self.touchpoints: list[str] = []
        self.steps: list[str] = []
        self.outcomes: set[str] = set()
        self.actions = False
        self.stages = ["early", "late"][: 1 + ("stages" in self.features)]
        self.count = self.before = 0

    def some(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self.features and self.chance.random() < chance

    def one(self, ways: Sequence[str]) -> str:
        return self.chance.choice(ways)

    # --- the file

    def file(self) -> str:
        stages = [line for number in range(len(self.stages)) for line in self.stage(number)]
        interrupts = list(self.interrupts())
        reentry = [f"reenter {self.one(('always', 'after 12h'))}"] if self.some("reentry") else []
        enter = "enter on came" + (f" if {self.condition()}" if self.chance.random() < 0.25 else "")
        lines = [enter, *reentry, *interrupts, *self.promises(), *stages]
        body = "\n".join(f"  {line}" for line in lines)
        return f"{_VOCABULARY.format(email=self.checks(), sms=self.checks())}journey j {{\n{body}\n}}\n"

    def checks(self) -> str:
        checks = ["only if customer.ok"] if self.chance.random() < 0.4 else []
        checks += [self.one(_CAPS)] if self.some("caps", 0.7) else []
        checks += [self.one(_QUIET)] if self.some("quiet", 0.7) else []
        return "; ".join(checks)

    def stage(self, number: int) -> Iterator[str]:
        lines = [line for _ in range(max(1, self.left // (2 - number or 1))) for line in self.step(0)]
        if not any("touchpoint" in line or "do coupon" in line for line in lines):
            lines += self.touchpoint(0)
        yield f"stage {self.stages[number]} {{"
        yield from (f"  {line}" for line in lines)
        if self.some("jumps", 0.4):
            self.outcomes.add("won")
            yield f"  wait {self.one(self.durations)}"
            yield f"  if {self.condition()} {{ exit won }}"
        yield "}"

    def interrupts(self) -> Iterator[str]:
        while self.some("interrupts", 0.5):
            event = self.one(("order", "called", "order where size > 1"))
            asked = f" if {self.condition()}" if self.chance.random() < 0.3 else ""
            asides = ['do coupon(code = "I")'] * ("asides" in self.features)
            deed = self.one(("exit won", "exit won", f"go to {self.stages[-1]}", *asides))
            self.actions |= "coupon" in deed
            self.outcomes |= {"won"} if "won" in deed else set()
            yield f"on {event}{asked} {deed}"

    # --- steps

    def condition(self) -> str:
        return self.one(_CONDITIONS)

    def step(self, depth: int) -> list[str]:
        self.left -= 1
        kinds = [self.touchpoint] * 4 + [self._wait] * 2 + [self._if] * 2 + [self._wait_for] * 2 + [self._do]
        kinds += [self._split] * ("splits" in self.features) + [self._repeat] * ("repeats" in self.features)
        kinds += [self._set] * ("sets" in self.features) + [self._moment] * ("moments" in self.features)
        kinds += [self._wait_until] * ("conditions" in self.features)
        simple = (self.touchpoint, self.touchpoint, self._wait, self._do)
        return list(self.chance.choice(simple if depth >= 2 else kinds)(depth))

    def body(self, depth: int, *, leaves: bool = True) -> list[str]:
        lines = [line for _ in range(self.chance.randint(0, 1 + (depth == 0))) for line in self.step(depth + 1)]
        if leaves and self.some("jumps", 0.3):
            later = self.stages[1:] if self.stages[1:] and self.chance.random() < 0.5 else []
            self.outcomes |= set() if later else {"lost"}
            lines.append(f"go to {later[0]}" if later else "exit lost")
        return [f"  {line}" for line in lines]

    def touchpoint(self, depth: int) -> Iterator[str]:
        name = f"t{self.before + len(self.touchpoints) + 1}"
        self.touchpoints.append(name)
        contact = self.one(('send email { text "A" }', 'send email { text "A" }', 'send sms { text "A" }', "at site"))
        more = ["tag offer"] if self.chance.random() < 0.3 else []
        more += ["transactional"] if "send" in contact and self.chance.random() < 0.1 else []
        if self.chance.random() < 0.15:
            self.actions = True
            more.append('do coupon(code = "A")')
        yield f"touchpoint {name} {{ {'; '.join([contact, *more])} }}"

    def _wait(self, depth: int) -> Iterator[str]:
        yield f"wait {self.one(self.durations)}"

    def _moment(self, depth: int) -> Iterator[str]:
        yield f"wait until {self.one(('06:00', '12:00', 'monday at 06:00'))}"

    def _if(self, depth: int) -> Iterator[str]:
        yield f"if {self.condition()} {{"
        yield from self.body(depth)
        if self.chance.random() < 0.5:
            yield "} otherwise {"
            yield from self.body(depth, leaves=False)
        yield "}"

    def event(self) -> str:
        if self.touchpoints and self.some("answers", 0.6):
            return f"opened({self.touchpoints[-1]})"
        return self.one(("order", "called", "order where size > 1"))

    def _wait_for(self, depth: int) -> Iterator[str]:
        yield f"wait for {self.event()} up to {self.one(self.longer)} {{"
        yield from self.body(depth)
        if self.chance.random() < 0.5:
            yield "} otherwise {"
            yield from self.body(depth, leaves=False)
        yield "}"

    def _wait_until(self, depth: int) -> Iterator[str]:
        condition = self.one(("customer.ok", "not customer.ok", "customer.stars > 2", "customer.orders >= 2"))
        yield f"wait for {condition} up to {self.one(self.durations)} {{"
        yield from self.body(depth)
        yield "}"

    def _split(self, depth: int) -> Iterator[str]:
        self.count += 1
        yield f"split x{self.count} {{"
        for arm in ("left", "right"):
            yield f"  50% {arm} {{"
            yield from (f"  {line}" for line in self.body(depth, leaves=arm == "left"))
            yield "  }"
        yield "}"

    def _repeat(self, depth: int) -> Iterator[str]:
        every = f" every {self.one(('6h', '12h'))}" if self.chance.random() < 0.5 else ""
        until = f" until {self.until()}" if self.chance.random() < 0.5 else ""
        yield f"repeat up to 2 times{every}{until} {{"
        lines = [*self.touchpoint(depth), *self.body(depth, leaves=False)]
        yield from (f"  {line}" for line in lines)
        yield f"  wait {self.one(('6h', '12h'))}"
        yield "}"

    def until(self) -> str:
        return self.one(("order", "called", "not customer.ok"))

    def _set(self, depth: int) -> Iterator[str]:
        yield f"set customer.{self.assigned()}"

    def assigned(self) -> str:
        return self.one(("ok = yes", "ok = no", "stars = 3", "orders = customer.orders + 1"))

    def _do(self, depth: int) -> Iterator[str]:
        self.actions = True
        yield 'do coupon(code = "D")'

    # --- rules

    def promises(self) -> Iterator[str]:
        forms = [self._follows, self._never, self._unless, self._apart, self._same_day, self.night, self._in_stage]
        forms += [self._before, self._at_most, self._at_most, self._ends, self.reach]
        for number, form in enumerate(self.chance.sample(forms, min(self.rules, len(forms))), 1):
            yield f"rule r{number} {{ {form()} }}"

    def deed(self) -> str:
        """Something that the shop does."""
        ways = [*self.touchpoints, *self.touchpoints, "email", "sms", "messages", "any messages", "offer"]
        return self.one(ways + ["coupon"] * (2 * self.actions))

    def thing(self) -> str:
        return self.deed() if self.chance.random() < 0.6 else self.one(("order", "called", "entry"))

    def _follows(self) -> str:
        cause = self.one(("entry", "entry", "order", "called", self.deed()))
        return f"after {cause} always {self.deed()} within {self.one(self.longer)}"

    def _never(self) -> str:
        return f"never {self.deed()}"

    def _unless(self) -> str:
        return f"never {self.deed()} unless {self.condition()}"

    def _apart(self) -> str:
        return f"never {self.deed()} within {self.one(self.longer)} of {self.thing()}"

    def _same_day(self) -> str:
        return f"never {self.deed()} on the same day as {self.thing()}"

    def night(self) -> str:
        return f"never {self.deed()} from {self.one(('18:00 to 06:00', '00:00 to 06:00', '06:00 to 12:00'))}"

    def _in_stage(self) -> str:
        return f"never {self.deed()} in stage {self.one(self.stages)}"

    def _before(self) -> str:
        return f"never {self.deed()} before {self.thing()}"

    def _at_most(self) -> str:
        per = self.one(("12h", "1d", "2d", "calendar day", "calendar week", "run", "run", "customer"))
        return f"at most {self.one('0112')} {self.deed()} per {per}"

    def _ends(self) -> str:
        return f"always exit within {self.one(('1d', '2d', '3d', '4d'))}"

    def reach(self) -> str:
        places = [*self.stages, *sorted(self.outcomes), *self.touchpoints]
        return f"every persona can reach {self.one(places)}"


class _Tiny(Maker):
    """Little is asked, and little time passes."""

    durations = ("6h", "12h")
    longer = ("6h", "12h", "18h")

    def __init__(self, seed: int, size: int, rules: int, features: frozenset[str]) -> None:
        super().__init__(seed, size, rules, frozenset())
        self.features = frozenset(self.chance.sample(sorted(features), 2))
        self.stages = ["early", "late"][: 1 + ("stages" in self.features)]
        self._asked = self.chance.sample(_CONDITIONS[:-2], 2)

    def condition(self) -> str:
        return self.one(self._asked)


__all__ = ["ALL", "LONGER", "PLAIN", "UNIT", "Maker", "Question", "question", "tiny"]
