"""The fast engine gives the plain interpreter's figures, bit by bit: on the examples and the reference workload, in
whatever chunks.  On journeys made by chance: `test_traces_agree.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.workloads import r200
from safar.dsl.project import find_home
from safar.dsl.read import read_file, read_text
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.columns.engine import Engine
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import Truths, default_start, generate
from safar.engine.simulate.world import World

ROOT = Path(__file__).parents[4]
EXAMPLES = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")


def example(name: str) -> Project:
    if name == "reference":
        return read_text((ROOT / "benchmarks" / "reference.journey").read_text(encoding="utf-8")).project
    path = ROOT / "journeys" / "dsl" / f"{name}.journey"
    return read_file(path, find_home(path)).project


def world_of(project: Project, name: str, customers: int) -> World:
    programs = (lower(project, project.journeys[name]),)
    return World(programs=programs, start=default_start(project), customers=customers, words=False)


Figures = tuple[dict[tuple[str, ...], int], dict[str, object], dict[str, Fraction], int, dict[tuple[str, ...], int]]


def figures(counts: Counts, total: Counts) -> Figures:
    """Everything that was counted; what was counted not at all may be left out or 0."""
    counted, together = ({key: n for key, n in one.numbers.items() if n} for one in (counts, total))
    sums = {name: value for name, value in counts.sums.items() if value}
    return counted, dict(counts.times), sums, counts.last, together


def one_by_one(world: World, stories: Iterable[Story]) -> Figures:
    fold = Fold(world.programs, Truths(world.programs[0].project, world.start))
    for story in stories:
        fold.add(story)
    (counts,) = fold.journeys.values()
    return figures(counts, fold.total)


def plainly(world: World, customers: int) -> Figures:
    people = generate(world.programs[0].project, customers, world.seed, world.start)
    return one_by_one(world, (live(world, one) for one in people))


def in_columns(world: World, customers: int, size: int | None = None) -> tuple[Figures, int]:
    """The figures, and how many customers had to be lived through one by one."""
    fold = Fold(world.programs, Truths(world.programs[0].project, world.start))
    engine = Engine(world, lambda one: fold.add(live(world, one)), size)
    engine.generated(1, customers, lambda done: None)
    (counts,) = fold.journeys.values()
    counts.merge(*engine.counts.values())
    fold.total.merge(engine.total)
    return figures(counts, fold.total), sum(engine.reasons.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    world = world_of(example(name), name, 600)
    assert in_columns(world, 600) == (plainly(world, 600), 0)


def test_reference_in_chunks_of_any_size() -> None:
    world = world_of(example("reference"), "reference", 2_000)
    expected = plainly(world, 2_000)
    for size in (1, 7, 1_000, 65_536):
        customers = 100 if size == 1 else 2_000
        assert in_columns(world, customers, size) == (expected if size > 1 else plainly(world, 100), 0)


@pytest.mark.parametrize("name", ["birthday", "loyalty"])
def test_chunks_of_any_size(name: str) -> None:
    world = world_of(example(name), name, 500)
    assert in_columns(world, 500, 33) == in_columns(world, 500)


AGAIN = """
event came
event looked
channel email { outbound }
persona one { share 60%; behaves { came 15% per day; looked 30% per day } }
persona two { share 40%; behaves { came 5% per day } }
journey j {
  enter on came
  reenter always
  goal seen { on looked within 3d }
  measure looks = looked per customer
  horizon 6d
  stage s { touchpoint t { send email { text "Hello" } }; wait for looked up to 2d; exit done }
}
"""


def test_what_customers_do_by_themselves_goes_on_when_they_enter_again() -> None:
    """A candidate that begins a run comes once, and the next one not before its time."""
    world = world_of(read_text(AGAIN).project, "j", 300)
    assert in_columns(world, 300) == (plainly(world, 300), 0)
    for one in generate(world.programs[0].project, 50, world.seed, world.start):
        instants = [h.at for h in live(world, one).happenings if h.event == "came" and h.what is What.EVENT]
        assert len(instants) == len(set(instants))


def test_what_the_entry_said_is_known_of_those_who_enter_by_themselves() -> None:
    text = AGAIN.replace("event came", "event came { value: integer? }").replace(
        "came 15% per day", "came 15% per day with (value = 1 to 4)"
    )
    text = text.replace("stage s {", "stage s { if entry.value > 2 { wait 1h; exit much }")
    world = world_of(read_text(text).project, "j", 300)
    found = in_columns(world, 300)
    assert found == (plainly(world, 300), 0)
    assert found[0][0]["outcome", "much"] > 30


def test_a_touchpoint_that_several_steps_meet() -> None:
    """As in the second workload of the benchmark: eight copies of the reference, each with steps of its own."""
    world = world_of(read_text(r200()).project, "reference", 400)
    assert in_columns(world, 400) == (plainly(world, 400), 0)
