"""How much processor time proofs take by the size of a journey, beside the same questions put to z3, in one run.

    python -m benchmarks.prove [--steps 40,300,1000,10000,100000] [--z3 1000] [--seconds 60] [--seed 1]

Makes a journey of so many steps (touchpoints on three channels, waits, waits for events, questions about ten
attributes, splits; no loops, which `plain_z3` does not know) with a rule of each form, and proves it.  z3 is asked up
to a size (`--z3`), at most so many seconds for each rule; 0 leaves it out.  The rules hold or not as chance will:
what is compared is time, and that nobody contradicts another.  The first rule of a journey pays for what all rules
share, as in `safar prove`.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.read import Home, read_file
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.promises import Claim
from safar.engine.prove.prove import prove
from safar.engine.prove.system import System

_HEAD = """customer {
  email_ok: yes_no = yes
  sms_ok: yes_no = no
  orders: integer = 0 growing
  points: integer = 0
  value: money = 0 EUR growing
  member: yes_no = no
  tier: one of bronze, silver, gold = bronze fixed
  taste: one of sport, kids, home = home
  stars: integer?
  region: one of north, south, east, west = north fixed
}
event came
event order { then set customer.orders = customer.orders + 1 }
event called
event clicked
channel email { outbound; only if customer.email_ok }
channel sms { outbound; only if customer.sms_ok }
channel site { inbound }
tag offer
action coupon { code: text; tag offer }
persona planner { share 60% }
persona hunter { share 40% }
"""
RULES = {
    "consent": "never email unless customer.email_ok",
    "fresh consent": "never sms unless customer.sms_ok and customer.member",
    "pressure": "at most 3 messages per 7d",
    "apart": "never second within 1d of first_mail",
    "first": "never coupon before first_mail",
    "once": "at most 1 coupon per run",
    "stage": "never offer in stage s1",
    "never": "never farewell",
    "thanks": "after entry always welcome within 1h",
    "ends": "always exit within 20d",
    "reach": "every persona can reach s5",
}
_TESTS = (
    *("customer.email_ok", "customer.sms_ok", "customer.orders >= 2", "customer.orders == 0", "customer.points > 10"),
    *("customer.value >= 100 EUR", "customer.member", "customer.tier == gold", "customer.tier != bronze"),
    *("customer.taste == sport", "customer.stars > 3", "customer.stars is unknown", "customer.region == north"),
    *("persona == planner", "customer.member and customer.tier == silver"),
)
_FIRST = (
    "touchpoint welcome { at site }",
    'touchpoint first_mail { send email { text "A" } }',
    "wait 2d",
    'touchpoint second { send sms { text "A" } }',
)
_LAST = (
    "if customer.region == north {",
    "  wait 1d",
    '  if customer.region == south { touchpoint farewell { send email { text "A" } } }',
    "}",
)


def journey(steps: int, seed: int) -> str:
    """A file with a journey of about so many steps."""
    return "\n".join([_HEAD, "journey j {", "  enter on came", *_Maker(steps, seed).lines(), "}"]) + "\n"


class _Maker:
    def __init__(self, steps: int, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._left = self._stage = steps
        self._number = 0

    def lines(self) -> Iterator[str]:
        yield from (f"  rule r{number} {{ {text} }}" for number, text in enumerate(RULES.values(), 1))
        yield "  on called exit won"
        whole = self._left
        for number in range(1, 6):
            yield f"  stage s{number} {{"
            yield from (f"    {line}" for line in _FIRST if number == 1)
            while self._left > whole * (5 - number) / 5:
                yield from self._step("    ", 0)
            yield from (f"    {line}" for line in _LAST if number == 5)
            yield "  }"

    def _step(self, indent: str, depth: int) -> Iterator[str]:
        self._left -= 1
        kinds = (
            [self._touchpoint] * 4
            + [self._wait] * 3
            + ([self._if] * 3 + [self._wait_for] * 2 + [self._split]) * (depth < 3)
        )
        for line in self._chance.choice(kinds)(depth):
            yield f"{indent}{line}"

    def _body(self, depth: int) -> Iterator[str]:
        for _ in range(self._chance.randint(1, 2)):
            yield from self._step("  ", depth + 1)

    def _touchpoint(self, depth: int) -> Iterator[str]:
        self._number += 1
        contact = self._chance.choice(('send email { text "A" }', 'send sms { text "A" }', "at site"))
        more = self._chance.choice(("", "", "", "; tag offer", '; do coupon(code = "A")'))
        yield f"touchpoint t{self._number} {{ {contact}{more} }}"

    def _wait(self, depth: int) -> Iterator[str]:
        yield f"wait {self._chance.choice(('1d', '2d', '3d', '12h'))}"

    def _if(self, depth: int) -> Iterator[str]:
        yield f"if {self._chance.choice(_TESTS)} {{"
        yield from self._body(depth)
        if self._chance.random() < 0.5:
            yield "} otherwise {"
            yield from self._body(depth)
        yield "}"

    def _wait_for(self, depth: int) -> Iterator[str]:
        yield f"wait for {self._chance.choice(('order', 'clicked'))} up to {self._chance.choice(('1d', '3d', '5d'))} {{"
        yield from self._body(depth)
        yield "}"

    def _split(self, depth: int) -> Iterator[str]:
        self._number += 1
        yield f"split x{self._number} {{"
        for arm in ("left", "right"):
            yield f"  50% {arm} {{"
            yield from (f"  {line}" for line in self._body(depth))
            yield "  }"
        yield "}"


def project_of(text: str) -> Project:
    """The text read as a file, with limits that let the largest in."""
    limits = msgspec.structs.replace(DEFAULT_LIMITS, file=1 << 30, nodes=1 << 30, statements=1 << 30)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "j.journey"
        file.write_text(text, encoding="utf-8")
        reading = read_file(file, Home(root=Path(folder), limits=limits))
    wrong = [one.message for one in reading.findings if one.severity is Severity.ERROR]
    if wrong:
        raise SystemExit(f"the journey of the benchmark is broken: {wrong[0]}")
    return reading.project


class Asked(msgspec.Struct, frozen=True):
    """One rule as it was answered, and how long that took; `z3` is empty where it was not asked."""

    rule: str
    outcome: str
    method: str
    seconds: float
    z3: str = ""
    z3_seconds: float = 0.0


def ask(system: System, name: str, claim: Claim, z3: float | None) -> Asked:
    """Prove one rule, and ask z3 too if it is given so many seconds."""
    began = time.process_time()
    answer = prove(system, claim)
    seconds = time.process_time() - began
    method = answer.method.value if answer.method is not None else ""
    if z3 is None:
        return Asked(name, answer.outcome.value, method, seconds)
    from benchmarks.plain_z3 import z3_refutes

    began = time.process_time()
    refuted = z3_refutes(system.program, claim, z3)
    said = {True: "refuted", False: "proved", None: "no answer"}[refuted]
    return Asked(name, answer.outcome.value, method, seconds, said, time.process_time() - began)


def _line(size: int, one: Asked) -> str:
    ours = f"{size:>8,}  {one.rule:<14}{one.outcome:<11}{one.method:<9}{one.seconds * 1000:>10,.1f}"
    if not one.z3:
        return ours
    against = {one.outcome, one.z3} == {"proved", "refuted"}
    return f"{ours}  {one.z3:<10}{one.z3_seconds * 1000:>10,.1f}" + ("  CONTRADICTION" if against else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--steps", default="40,300,1000,10000,100000", help="sizes, with commas")
    parser.add_argument("--z3", type=int, default=1000, metavar="STEPS", help="up to which size z3 is asked; 0: never")
    parser.add_argument("--seconds", type=float, default=60, help="for z3, for each rule")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    print(f"{'steps':>8}  {'rule':<14}{'verdict':<11}{'method':<9}{'ms':>10}  {'z3':<10}{'ms':>10}")
    for steps in map(int, wanted.steps.split(",")):
        began = time.process_time()
        project = project_of(journey(steps, wanted.seed))
        program = lower(project, project.journeys["j"])
        read = time.process_time() - began
        seconds = wanted.seconds if steps <= wanted.z3 else None
        claims = [rule.claim for rule in project.journeys["j"].rules if rule.claim is not None]
        system = System(program, claims)
        asked = []
        for name, claim in zip(RULES, claims, strict=True):
            asked.append(ask(system, name, claim, seconds))
            print(_line(steps, asked[-1]), flush=True)
        ours, theirs = sum(one.seconds for one in asked), sum(one.z3_seconds for one in asked)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        beside = f", z3 {theirs:.1f} s" if seconds is not None else ""
        print(f"{steps:>8,}  all rules {ours:.2f} s{beside}; read {read:.2f} s; {memory:,.0f} MiB at most so far\n")


if __name__ == "__main__":
    main()
