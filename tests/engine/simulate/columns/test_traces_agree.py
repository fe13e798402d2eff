"""The fast engine tells the plain interpreter's stories, happening for happening, word for word: on journeys made by
chance, with the figures and the rows of `--out` that come of them.

A tenth of 5,000 journeys with 20 customers each; all of them with `SAFAR_TEST_SCALE=1` (half an hour of a core).  One
million runs (two hours of a core):

    SAFAR_TEST_SCALE=1 SAFAR_TEST_CUSTOMERS=200 python -m pytest tests/engine/simulate/columns/test_traces_agree.py
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from weakref import WeakSet

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.columns import chronicle
from safar.engine.simulate.columns.chronicle import Chronicle, Told
from safar.engine.simulate.columns.chunk import Chunk
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.recorder import Recorder
from safar.engine.simulate.columns.teller import Teller
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.ledger import Ledger, Record, columns
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import Truths, default_start, generate
from safar.engine.simulate.world import Customer, World
from tests.engine.simulate.columns.test_engines_agree import figures, in_columns
from tests.generated.journeys import ALL, MORE, journey

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
JOURNEYS = max(40, int(5_000 * SCALE))
CUSTOMERS = int(os.environ.get("SAFAR_TEST_CUSTOMERS", "20"))

LEFT = {
    "entries `per` several fields, or by one event with and without `per`",
    "an action with the field that entries are `per`",
    "a condition on the past that asks for more than what happened then",
    "an answer at one of several steps that meet a touchpoint",
}
"""Why a whole journey may be left to the plain interpreter."""


class Lived(msgspec.Struct):
    """What an engine gave: happenings by customer, in the order of the customers, rows, and figures."""

    stories: list[Sequence[Happening]]
    records: list[Record]
    figures: object


class Compared(msgspec.Struct):
    """One journey.  `left` is why it is not lived in columns, `stepped` why how many customers are not."""

    difference: str = ""
    left: str = ""
    stepped: dict[str, int] = {}


def world_of(project: Project, customers: int = CUSTOMERS) -> World:
    programs = (lower(project, project.journeys["j"]),)
    return World(programs=programs, start=default_start(project), customers=customers)


def folding(world: World) -> tuple[Fold, list[Record]]:
    project, records = world.programs[0].project, list[Record]()
    ledger = Ledger(columns(project, world.programs), records.append)
    return Fold(world.programs, Truths(project, world.start), ledger), records


def plainly(world: World) -> Lived:
    fold, records = folding(world)
    stories = list[Sequence[Happening]]()
    for one in generate(world.programs[0].project, world.customers, world.seed, world.start):
        story = live(world, one)
        fold.add(story)
        stories.append(story.happenings)
    (counts,) = fold.journeys.values()
    return Lived(stories, records, figures(counts, fold.total))


def by_columns(world: World) -> tuple[Lived, dict[str, int]]:
    fold, records = folding(world)
    stories: list[Sequence[Happening]] = []

    def step(customer: Customer) -> None:
        story = live(world, customer)
        fold.add(story)
        stories.append(story.happenings)

    engine = Chronicle(world, step, Told(fold.record, stories.append))
    engine.generated(1, world.customers, lambda done: None)
    (counts,) = fold.journeys.values()
    counts.merge(*engine.counts.values())
    fold.total.merge(engine.total)
    return Lived(stories, records, figures(counts, fold.total)), engine.reasons


def compare(seed: int) -> Compared:
    """Of each fifth journey (of all, where all are tried) figures alone too, for which less is kept."""
    project = correct(journey(seed, features=MORE if seed % 4 == 0 else ALL))
    world = world_of(project)
    try:
        found, stepped = by_columns(world)
    except NotInColumns as reason:
        return Compared(left=str(reason))
    expected = plainly(world)
    difference = _difference(found, expected)
    if (seed % 5 == 0 or SCALE >= 1) and not difference and in_columns(world, CUSTOMERS)[0] != expected.figures:
        difference = "figures where nothing is told"
    return Compared(difference and f"journey({seed}): {difference}", stepped=stepped)


def _difference(found: Lived, expected: Lived) -> str:
    """The first; of a payload the order of the fields counts too, in which they are written down."""
    for customer, (mine, other) in enumerate(zip(found.stories, expected.stories, strict=True), 1):
        for one, two in zip(mine, other, strict=False):
            if one != two or [*(one.payload or ())] != [*(two.payload or ())]:
                return f"customer {customer}\n{one}\n{two}"
        if len(mine) != len(other):
            return f"customer {customer}: {len(mine)} happenings for {len(other)}"
    if found.records != expected.records:
        return next(f"\n{a}\n{b}" for a, b in zip(found.records, expected.records, strict=True) if a != b)
    return "" if found.figures == expected.figures else "figures"


def test_journeys_made_by_chance() -> None:
    left, stepped, followed = Counter[str](), Counter[str](), 0
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as processes:
        for one in processes.map(compare, range(JOURNEYS), chunksize=5):
            assert not one.difference
            stepped.update(one.stepped)
            if one.left:
                left[one.left] += 1
            else:
                followed += CUSTOMERS - sum(one.stepped.values())
    assert set(left) <= LEFT
    assert followed >= 0.9 * CUSTOMERS * JOURNEYS, (left, stepped)


def correct(text: str) -> Project:
    reading = read_text(text)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return reading.project


PER = """
event came { order: text?; total: money? }
event bought { order: text?; total: money? }
event looked { order: text? }
channel email { outbound; at most 2 per 7d then skip }
persona many {
  share 50%
  behaves {
    came 20% per day with (order = one of "a" 80%, "b" 20%, total = 20 EUR to 90 EUR)
    bought 10% per day with (order = "a", total = 5 EUR)
  }
}
persona few {
  share 50%
  behaves {
    came 10% per day with (order = "a")
    bought 9% per day with (order = one of "a" 90%, "b" 10%)
    looked 9% per day
  }
}
journey j {
  enter on came per order if count(came) < 9
  reenter after 5d
  goal paid { on bought within 5d; value bought.total }
  horizon 20d
  arrive 50 per day with (order = "a")
  on bought where order == "a" if count(looked) > 1 exit done
  stage s {
    behaves { bought 2% per day }
    touchpoint t {
      send email { text "Hello" }
      responds { bought 20% after about 2d with (total = 9 EUR); looked 30% }
    }
    wait for bought up to 3d
    if last(came).total > 50 EUR { touchpoint u { send email { text "Again" } } }
    wait 4d
    exit left
  }
}
"""


def test_runs_by_a_field() -> None:
    """Whose events tell one value is lived in columns; whose tell several would be in several runs at once."""
    project = correct(PER)
    world = world_of(project, 300)
    found, stepped = by_columns(world)
    assert not _difference(found, plainly(world))
    assert set(stepped) == {"several runs side by side"}
    assert 30 < stepped["several runs side by side"] < 270


FIRSTS = """
customer { points: integer = 0 }
event came
event order { total: money?; stars: integer?; took: duration? }
channel email { outbound }
journey j {
  enter on came
  horizon 30d
  measure stars = average(order.stars) in x.a
  measure took = average(order.took) in x.b
  measure gap = time from order to t in x.a
  reenter always
  behaves {
    came 4% per day
    order 40% per day with (total = 5 EUR to 50 EUR, stars = 1 to 5, took = 3d)
  }
  stage s {
    split x { 50% a { wait 2d }; 50% b { wait 60h } }
    repeat up to 5 times {
      wait 30h
      if first(order within 2d).total > 30 EUR { set customer.points = first(order within 4d where stars > 2).stars }
      if first(order within 6h).stars is unknown { touchpoint t { send email { text "Hello" } } }
    }
    exit left
  }
}
"""


def test_the_first_within_a_time_and_averages_in_arms() -> None:
    world = world_of(correct(FIRSTS), 200)
    found, stepped = by_columns(world)
    assert not stepped
    assert not _difference(found, plainly(world))


DEEDS = """
customer { points: integer = 0; luck: integer = 5 }
event came
event looked
event ordered { total: money? }
channel email { outbound; at most 1 per 3d then wait up to 2d }
channel push { outbound }
action coupon { code: text; worth: integer? }
action call
team crm
persona quick { share 50%; set customer.luck = 1 to 9 }
persona slow { share 50% }
journey j {
  enter on came
  reenter always
  horizon 30d
  goal rewarded { on coupon where worth > 4 }
  behaves { looked 20% per day; ordered 10% per day with (total = 5 EUR to 50 EUR); came 3% per day }
  on looked if customer.points < 4 do coupon(code = "A", worth = customer.points)
  on coupon where worth == 2 do call()
  on call set customer.points = customer.points + 1
  on urgent if customer.luck > 5 go to end
  on coupon where worth == 1 exit rewarded
  stage begin {
    on hello task crm "Greet"
    on hello if customer.luck > 7 go to end
    touchpoint hello { send push { text "Hello" }; responds { looked 30% after about 1d } }
    do coupon(code = "B", worth = customer.luck)
    wait for coupon where code == "A" up to 3d { set customer.points = 2 } otherwise { set customer.points = 1 }
    repeat up to 3 times every 2d {
      touchpoint urgent { send email { text "Now" } }
      if customer.points > 2 { do call() }
    }
    wait for ordered up to 4d { touchpoint urgent as again }
    wait up to 2d { for call { set customer.points = 4 }; for looked { } }
  }
  stage end {
    wait 1d
    do coupon(code = "C", worth = 1)
    exit left
  }
}
"""


def test_interrupts_by_what_the_run_does_itself() -> None:
    """One deed before a rest is heard there; after several the order would count, and the customer is stepped."""
    world = world_of(correct(DEEDS), 300)
    found, stepped = by_columns(world)
    assert not _difference(found, plainly(world))
    assert set(stepped) <= {"several own deeds at once", "one instant"}
    assert sum(stepped.values()) < 100
    told = [one for story in found.stories for one in story]
    assert {one.detail for one in told if one.what is What.INTERRUPTED} >= {"on hello", "on urgent", "on coupon"}


def test_what_was_noted_is_given_up_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting for anybody to look for circles: memory does not grow with the population."""
    living, most, make = WeakSet[Recorder](), 0, Recorder.__init__

    def counted(recorder: Recorder, teller: Teller, chunk: Chunk) -> None:
        nonlocal most
        living.add(recorder)
        most = max(most, len(living))
        make(recorder, teller, chunk)

    monkeypatch.setattr(Recorder, "__init__", counted)
    monkeypatch.setattr(chronicle, "BLOCK", 20)
    gc.disable()
    try:
        found, _ = by_columns(world_of(correct(FIRSTS), 200))
    finally:
        gc.enable()
    assert len(found.stories) == 200
    assert most <= 2
