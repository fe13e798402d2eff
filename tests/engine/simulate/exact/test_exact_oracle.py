"""The exact answer against the plain interpreter: by samples of generated journeys, and by trying all choices."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from fractions import Fraction

import pytest

from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate import chance
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.exact.chain import Solution, solve
from safar.engine.simulate.exact.refusal import NotExactError, TooManyStatesError
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import simulate
from safar.engine.simulate.world import Customer, World
from tests.generated.journeys import journey

FEATURES = frozenset(
    {"personas", "responses", "events", "splits", "repeats", "goals", "jumps", "interrupts", "consent"}
)
WANTED = max(5, round(200 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))))
CUSTOMERS = 100
ONCE = ("outcome", "goal", "unfinished", "arm", "arm_goal", "persona", "persona_goal")
"""What is counted once in a run at most, so that its standard error is known."""


def solved() -> Iterator[tuple[int, Project, Solution]]:
    """Generated journeys that have an exact answer in which something is left to chance."""
    for seed in itertools.count():
        project = read_text(journey(seed, features=FEATURES, size=8)).project
        try:
            solution = solve(lower(project, next(iter(project.journeys.values()))), most=1_000)
        except (NotExactError, TooManyStatesError):
            continue
        if any(0.01 < value < 0.99 for key, value in solution.counts.items() if key[0] in ("outcome", "goal")):
            yield seed, project, solution


def test_simulated_figures_lie_within_four_standard_errors() -> None:
    compared = 0
    for seed, project, solution in itertools.islice(solved(), WANTED):
        name = solution.program.journey.name
        counts = simulate(project, name, n=CUSTOMERS, seed=seed).counts[name]
        for key in {key for key in (*solution.counts, *counts.numbers) if key[0] in ONCE}:
            share = solution.count(*key)
            error = max((share * (1 - min(share, 1.0)) * CUSTOMERS) ** 0.5, 0.5)
            assert abs(counts.get(*key) - share * CUSTOMERS) <= 4 * error, (seed, key)
            compared += 1
    assert compared > 5 * WANTED


# --- all choices, one by one

SMALL = """
customer {{ level: integer = 0 }}
event joined
event opened
event ordered {{ total: money }}
event called
channel email {{ outbound; cost 0.01 EUR per message }}
persona a {{ share 25%; set customer.level = 1 to 2 }}
persona b {{ share 75% }}
journey j {{
  enter on joined
  {interrupt}
  goal won {{ on ordered within 9s; value ordered.total }}
  horizon 60s
  stage s {{
    touchpoint hello {{
      send email {{ text "Hello" }}
      responds {{ {responds} }}
    }}
    {body}
  }}
}}
"""
CASES = {
    "race": (
        "",
        "opened 50% after 0s to 4s; called 25% after 1s to 3s",
        "wait up to 3s { for opened { exit opened }; for called { exit called } otherwise { exit late } }",
    ),
    "inner": (
        "on ordered exit bought",
        "opened 75% after 0s to 4s { ordered 50% after 1s to 5s with (total = 5 EUR) }",
        "wait for opened(hello) up to 4s { wait for ordered(hello) up to 2s { } }",
    ),
    "late": (
        "",
        "ordered 50% if customer.level == 1, 25% otherwise after 2s to 6s with (total = 2 EUR)",
        "wait 3s\nif customer.level > 1 { exit high }\nexit low",
    ),
    "loop": (
        "",
        "opened 50% after 1s to 5s",
        'repeat up to 2 times every 4s until opened { touchpoint again { send email { text "A" } } }\nexit done',
    ),
    "fact": (
        "",
        "opened 50% after 1s to 5s; ordered 25% after 4s with (total = 1 EUR)",
        "wait 2s\nif opened(hello) { exit early }\nwait for opened(hello) up to 1s { exit later }\nexit never",
    ),
}


class _Choices:
    """The uniform numbers of one way through all choices: each kind of draw takes each of its classes once."""

    CLASSES = 4

    def __init__(self, taken: tuple[int, ...]) -> None:
        self.taken, self.asked = taken, dict[int, int]()

    def __call__(self, key: int) -> int:
        number = self.asked.setdefault(key, len(self.asked))
        part = self.taken[number] if number < len(self.taken) else 0
        return (2 * part + 1) * chance.ONE // (2 * self.CLASSES)


@pytest.mark.parametrize("name", CASES)
def test_all_choices_give_the_exact_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chances are quarters and delays have four seconds or two, so that the middle of each quarter of the uniform
    numbers stands for all of it, chances and delays together: of 4 x 4 classes of `u` where one decides both.
    """
    monkeypatch.setattr(_Choices, "CLASSES", 16)
    interrupt, responds, body = CASES[name]
    project = read_text(SMALL.format(interrupt=interrupt, responds=responds, body=body)).project
    program = lower(project, project.journeys["j"])
    counts, ways = Counts(), Fraction(0)
    for persona, level, share in (("a", 1, Fraction(1, 8)), ("a", 2, Fraction(1, 8)), ("b", 0, Fraction(3, 4))):
        world = World(programs=(program,), start=0, words=False)
        for taken in itertools.product(range(16), repeat=2):
            with monkeypatch.context() as patch:
                patch.setattr(chance, "uniform", _Choices(taken))
                fold = Fold((program,))
                fold.add(live(world, Customer(key="1", persona=persona, attributes={"level": level})))
            for key, number in fold.journeys["j"].numbers.items():
                counts.add_exact(repr(key), Fraction(number) * share / 256)
            ways += share / 256
    assert ways == 1
    solution = solve(program)
    for key in {key for key in solution.counts if key[0] in ("outcome", "goal", "goal_value", "revenue", "visit")}:
        assert solution.count(*key) == pytest.approx(float(counts.sums.get(repr(key), Fraction(0))), abs=1e-12), key
    known = {repr(key) for key in solution.counts}
    assert all(key in known for key in counts.sums if key.startswith(("('outcome'", "('goal'")))
