"""Several journeys on one timeline in columns: what the plain interpreter tells, happening for happening, with the rows
of `--out` and the figures, on projects made by chance and on some where it is known who must be stepped.

A tenth of 160 projects; all of them with `SAFAR_TEST_SCALE=1`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.columns.chronicle import Chronicle, Told
from safar.engine.simulate.columns.engine import Engine
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Happening
from safar.engine.simulate.ledger import Ledger, Record, columns
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import Truths, default_start, generate, simulate_all
from safar.engine.simulate.results import as_json
from safar.engine.simulate.world import Customer, World
from tests.generated.projects import project

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
PROJECTS = max(16, int(160 * SCALE))
CUSTOMERS = 30


class Lives:
    """What an engine gave: happenings by customer, rows, and figures."""

    def __init__(self, world: World) -> None:
        project = world.programs[0].project
        self.world = world
        self.records: list[Record] = []
        self.stories: list[Sequence[Happening]] = []
        ledger = Ledger(columns(project, world.programs), self.records.append)
        self.fold = Fold(world.programs, Truths(project, world.start), ledger, sample=world.sample)

    def step(self, customer: Customer) -> None:
        story = live(self.world, customer)
        self.fold.add(story)
        self.stories.append(story.happenings)

    def figures(self) -> list[object]:
        counts = (*self.fold.journeys.values(), self.fold.total)
        return [({k: n for k, n in one.numbers.items() if n}, one.times, one.sums) for one in counts]

    def take(self, engine: Engine) -> Counter[str]:
        engine.generated(1, CUSTOMERS, lambda done: None)
        for name, counts in self.fold.journeys.items():
            counts.merge(engine.counts[name])
        self.fold.total.merge(engine.total)
        return Counter(engine.reasons)


def correct(text: str) -> Project:
    reading = read_text(text)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return reading.project


def together(text: str, customers: int, days: int | None) -> World:
    """The world of all journeys, for a population of that size."""
    read = correct(text)
    programs = tuple(lower(read, one) for one in read.journeys.values())
    return World(programs=programs, start=default_start(read), customers=customers, days=days)


def stepped(world: World) -> Counter[str]:
    """Who is stepped, and why, after everything was compared."""
    plain, told, untold = Lives(world), Lives(world), Lives(world)
    for one in generate(world.programs[0].project, CUSTOMERS, world.seed, world.start):
        plain.step(one)
    reasons = told.take(Chronicle(world, told.step, Told(told.fold.record, told.stories.append)))
    assert untold.take(Engine(world, untold.step, 11)) == reasons
    for mine, other in zip(told.stories, plain.stories, strict=True):
        assert [*mine] == [*other]
    assert told.records == plain.records
    for counts in told.fold.journeys.values():
        outcomes = sum(number for key, number in counts.numbers.items() if key[0] == "outcome")
        assert counts.get("entered") == outcomes + counts.get("unfinished")
    assert told.figures() == untold.figures() == plain.figures()
    return reasons


def test_projects_made_by_chance() -> None:
    reasons = Counter[str]()
    for seed in range(PROJECTS):
        reasons += stepped(together(project(seed), (3_000, 30_000, 1_000_000)[seed % 3], (60, 20)[seed % 2]))
    assert sum(reasons.values()) <= 0.6 * PROJECTS * CUSTOMERS
    assert len(reasons) >= 5, reasons


SHOP = """
customer { visits: integer = 0; points: integer = 0; email_ok: yes_no = yes }
event came
event bought { total: money?; then set customer.visits = customer.visits + 1 }
event called
channel email { outbound; cost 0.01 EUR per message; only if customer.email_ok; at most 3 per 7d then skip }
channel sms { outbound; cost 0.07 EUR per message }
journey shop {
  enter on came
  goal sold { on bought within 5d; value bought.total }
  horizon 30d
  arrive 300 per day
  stage asking {
    touchpoint offer { send email { text "Hello" }; responds { bought 30% after about 1d with (total = 9 EUR) } }
    wait for bought(offer) up to 2d
    touchpoint again { send email { text "Hello" } }
    exit lost
  }
}
journey news {
  enter on called
  reenter always
  horizon 20d
  arrive 700 per day
  stage only {
    OTHER
    wait 1d
  }
}
"""
LIMIT = 'touchpoint mail { send email { text "News" } }\n wait 1h\n touchpoint more { send email { text "News" } }'


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ('touchpoint news { send sms { text "News" } }', ""),
        ("set customer.points = customer.points + 1", ""),
        (LIMIT, "a limit that several journeys share"),
        ("set customer.email_ok = no", "an attribute that several journeys share"),
        ("set customer.visits = 5", "an attribute that several journeys share"),
        ("if count(bought) > 0 { exit early }", "something that another journey asks for"),
        ("wait for bought up to 9d", "something that another journey asks for"),
        ("start shop", "a journey that starts another"),
    ],
)
def test_who_is_stepped(other: str, reason: str) -> None:
    """Only for what the journeys leave for each other, and then not all who are in both."""
    reasons = stepped(together(SHOP.replace("OTHER", other), 30_000, 60))
    assert set(reasons) <= {reason}
    assert bool(reason) == (0 < sum(reasons.values()) < CUSTOMERS)


def test_journeys_that_share_nothing_are_side_by_side_at_one_instant() -> None:
    """All come at the start, to both: the order of what happens there is the plain interpreter's."""
    text = SHOP.replace("arrive 300 per day", "").replace("arrive 700 per day", "")
    assert not stepped(together(text.replace("OTHER", 'touchpoint news { send sms { text "News" } }'), 100, None))


def test_one_first_event_for_all() -> None:
    """It happens once, and is each journey's own."""
    text = SHOP.replace("enter on called", "enter on came").replace("OTHER", 'touchpoint x { send sms { text "Hi" } }')
    assert not stepped(together(text, 30_000, 60))
    assert not stepped(together(text.replace("arrive 300 per day", "").replace("arrive 700 per day", ""), 100, None))


CHAIN = SHOP.replace("enter on called", "enter on bought if bought.total > 5 EUR").replace("arrive 700 per day", "")


@pytest.mark.parametrize(("customers", "arrive", "steps"), [(99_000, 900, True), (100_000, 900, False)])
def test_what_a_journey_brings_about_begins_another(customers: int, arrive: int, steps: bool) -> None:
    """In a large population the other journey hears of it; the order in both is revenue once."""
    goal = "goal again { on bought within 9d; value bought.total }"
    text = CHAIN.replace("OTHER", "if bought.total > 3 EUR { wait 2d }").replace(
        "reenter always", f"reenter always\n  {goal}"
    )
    reasons = stepped(together(text.replace("arrive 300", f"arrive {arrive}"), customers, 60))
    assert set(reasons) == ({"something that another journey asks for"} if steps else set())


def test_the_command_says_who_was_stepped() -> None:
    read = correct(SHOP.replace("OTHER", LIMIT))
    found: dict[str, dict[str, Any]] = {
        one: as_json(simulate_all(read, n=1_500, engine=one, days=3)) for one in ("plain", "fast")
    }
    told = {one: figures.pop("stepped") for one, figures in found.items()}
    assert (found["plain"].pop("engine"), found["fast"].pop("engine")) == ("plain", "fast")
    assert found["plain"] == found["fast"]
    assert told["plain"]["share"] == 1 and 0 < told["fast"]["share"] < 0.5
    assert set(told["fast"]["reasons"]) == {"a limit that several journeys share"}
