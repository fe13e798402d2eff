"""How long the most messages over all journeys take by the number of journeys, beside simpler ways, in one run.

    python -m benchmarks.pressure [--journeys 5,20,100,300,1000] [--steps 60] [--z3 100] [--per 7d] [--seed 1]

Makes a shop of so many journeys of about so many steps each (those of `benchmarks/prove.py`), entered by events of
their own, each for some customers by four things that are fixed, and asks for the most emails.  Beside it: the sum of
what each journey brings to anybody (`sum`), which knows nothing of customers; and z3's `Optimize` over the same
curves (`--z3`: up to so many journeys; 0 leaves it out), which must say the same bound.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Iterator, Sequence

import msgspec

from benchmarks.prove import _HEAD, journey, project_of
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.prove.together.cells import Common, Profile, highest, profile
from safar.engine.prove.together.most import Together, messages
from safar.engine.prove.together.stretch import Figure, stretch

_FIXED = """  age: one of young, middle, old = young fixed
  home: one of city, town, village = city fixed
  payer: one of card, cash, later = card fixed
  language: one of fa, en, de = fa fixed
}"""
_ASKED = {
    "age": ("young", "middle", "old"),
    "home": ("city", "town", "village"),
    "payer": ("card", "cash", "later"),
    "language": ("fa", "en", "de"),
}


def shop(journeys: int, steps: int, seed: int) -> str:
    """A file with so many journeys."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    head = _HEAD.replace("}", _FIXED, 1)
    events = "".join(f"event came_{number}\n" for number in range(journeys))
    return head + events + "".join(_journey(number, steps, seed, chance) for number in range(journeys))


def _journey(number: int, steps: int, seed: int, chance: random.Random) -> str:
    body = journey(steps, seed * 100_000 + number).split("journey j {")[1]
    body = re.sub(r"\n  rule r\d+ [^\n]*", "", body)
    body = re.sub(r"\b(t\d+|first_mail|second|welcome|farewell)\b", rf"\1_{number}", body)
    asked = chance.sample(sorted(_ASKED), chance.randrange(1, 4))
    conditions = " and ".join(
        f"customer.{name} {chance.choice(('==', '!='))} {chance.choice(_ASKED[name])}" for name in asked
    )
    return f"journey j{number} {{{body.replace('enter on came', f'enter on came_{number} if {conditions}', 1)}"


class Asked(msgspec.Struct, frozen=True):
    """Seconds of processor time and what was found."""

    places: int
    read: float
    curves: float
    bound: float
    replay: float
    most: float
    reached: int
    exact: int
    alone: float


def ask(project: Project, per: int) -> tuple[Asked, list[Profile], Common]:
    """Our own answer, step by step."""
    clock = _Clock()
    programs = [lower(project, one) for one in project.journeys.values()]
    figure = Figure(messages("email"), stretch(project, "window", per))
    together = Together(programs, [figure])
    read = clock.lap()
    curves = together.curves(figure.deed)
    took = clock.lap()
    profiles = [profile(one, together.common, figure.stretch.seconds) for one in curves]
    summed = highest(profiles, together.common)
    bound = clock.lap()
    found = together.most(figure)
    replay = clock.lap()
    places = sum(len(one.places) for one in programs)
    alone = sum(max((count for count, _, _ in one.peaks), default=0) for one in profiles)
    exact = sum(one.exact for one in curves)
    told = Asked(places, read, took, bound, replay, summed.bound, found.reached, exact, alone)
    return told, profiles, together.common


class _Clock:
    def __init__(self) -> None:
        self._at = time.process_time()

    def lap(self) -> float:
        before, self._at = self._at, time.process_time()
        return self._at - before


def z3_most(profiles: Sequence[Profile], common: Common) -> float:
    """The highest sum over all cells, as z3 finds it: one number for each common thing, one for each journey."""
    import z3

    solver = z3.Optimize()
    things = [z3.Int(f"thing{number}") for number in range(len(common.keys))]
    for thing, several in zip(things, common.values, strict=True):
        solver.add(thing >= 0, thing < len(several))
    brings = []
    for number, one in enumerate(profiles):
        brought = z3.Int(f"brings{number}")
        value: object = z3.IntVal(0)
        for count, cell, _ in reversed(one.peaks):
            fits = [
                z3.Or(*(thing == n for n in range(len(common.values[at])) if mask >> n & 1))
                for at, (thing, mask) in enumerate(zip(things, cell, strict=True))
                if mask != common.all[at]
            ]
            value = z3.If(z3.And(*fits), int(count), value)
        solver.add(brought == value)
        brings.append(brought)
    goal = solver.maximize(z3.Sum(brings))
    solver.check()
    return float(goal.value().as_long())


def _rows(sizes: Sequence[int], wanted: argparse.Namespace) -> Iterator[str]:
    for size in sizes:
        began = time.process_time()
        project = project_of(shop(size, wanted.steps, wanted.seed))
        parsed = time.process_time() - began
        one, profiles, common = ask(project, wanted.days * 86_400)
        z3 = ""
        if size <= wanted.z3:
            clock = _Clock()
            same = "" if z3_most(profiles, common) == one.most else " ANOTHER BOUND"
            z3 = f"{clock.lap():8.2f}{same}"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ours = one.read + one.curves + one.bound + one.replay
        yield (
            f"{size:>8,}{one.places:>9,}{one.alone:>8,.0f}{one.most:>7,.0f}{one.reached:>8,}{one.exact:>7,}"
            f"{parsed:>8.2f}{one.read:>8.2f}{one.curves:>8.2f}{one.bound:>8.2f}{one.replay:>8.2f}{ours:>8.2f}"
            f"{memory:>8,.0f}{z3}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--journeys", default="5,20,100,300,1000", help="numbers, with commas")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--z3", type=int, default=100, metavar="JOURNEYS", help="up to how many z3 is asked; 0: never")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    names = ("journeys", "places", "sum", "most", "reached", "exact")
    print("".join(f"{name:>{8 if n in (0, 2, 4) else 9 if n == 1 else 7}}" for n, name in enumerate(names)), end="")
    print(
        "".join(
            f"{name:>8}" for name in ("parse s", "lower s", "curve s", "bound s", "shown s", "all s", "MiB", "z3 s")
        )
    )
    for row in _rows([int(one) for one in wanted.journeys.split(",")], wanted):
        print(row, flush=True)


if __name__ == "__main__":
    main()
