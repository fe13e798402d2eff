"""20,000 customers against figures calculated exactly: shares, chances, delays, amounts, rates, and independence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.program import lower
from safar.engine.simulate.happening import Story
from safar.engine.simulate.plain import live
from safar.engine.simulate.population import generate
from safar.engine.simulate.world import World

N = 20_000
HOUR, DAY = 3_600, 86_400

TEXT = """
customer { tier: one of bronze, silver, gold = bronze; points: integer = 0; spent: money = 0 EUR; rate: number = 0
  paid: yes_no = no }
event came
event opened; event clicked; event called; event liked; event visited; event waved
event order { pieces: integer; total: money; kind: integer }
event chatted; event asked
channel letter { outbound }
persona planner { share 37.5%; set customer.tier = one of silver 70%, gold 30%; set customer.points = 1 to 6
  set customer.spent = about 40 EUR, 90% within 100 EUR; set customer.rate = 2 to 5 }
persona hunter { share 40%; set customer.tier = one of bronze 55%, gold 45%; set customer.rate = about 3, 90% within 4
  behaves { asked 10% per day } }
persona other { share 22.5% }
journey j {
  enter on came
  hold out 20%
  horizon 50d
  behaves { called 2% per day; chatted 40% per week if customer.tier == gold, 20% per week otherwise }
  stage s {
    split three { 30% a { }; 45% b { }; 25% c { } }
    split two { 50% d { }; 50% e { } }
    touchpoint hello { send letter { text "x" }
      responds {
        opened 60% if persona == planner, 35% if customer.tier == gold, 20% otherwise after about 18h, 90% within 3d {
          clicked 50% after about 5h { liked 40% after 1h to 4h }
        }
        visited 50% after about 10h
        order 80% after 2h to 26h with (pieces = 2 to 12, total = 40 EUR to 120 EUR, kind = one of 5 60%, 1 40%)
      } }
    touchpoint hello as later
    wait 40d
    repeat up to 4 times every 2h { touchpoint wave { send letter { text "x" }; responds { waved 50% } } }
  }
  stage t { behaves { visited 30% per day }; wait 5d }
}
"""


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    reading = read_text(TEXT)
    assert not [d.message for d in reading.findings if d.severity is Severity.ERROR]
    project = reading.project
    world = World(programs=(lower(project, project.journeys["j"]),), start=0, customers=N, words=False)
    return [live(world, customer) for customer in generate(project, N, 1)]


def share(count: int, of: int, exact: float) -> None:
    """A count within four standard errors of its exact share."""
    assert abs(count - of * exact) < 4 * math.sqrt(of * exact * (1 - exact)), (count / of, exact, of)


def events(story: Story, *names: str) -> list[Any]:
    return [one for one in story.happenings if one.what.value == "event" and one.event in names]


def entered(stories: list[Story]) -> list[Story]:
    return [story for story in stories if not story.runs[0].held_out]


def test_shares_of_personas_hold_out_arms_and_values(stories: list[Story]) -> None:
    def of(name: str) -> list[Story]:
        return [one for one in stories if one.persona == name]

    for name, exact in (("planner", 0.375), ("hunter", 0.4), ("other", 0.225)):
        share(len(of(name)), N, exact)
    share(sum(one.runs[0].held_out for one in stories), N, 0.2)
    inside = entered(stories)
    for split, arm, exact in (("three", "a", 0.3), ("three", "b", 0.45), ("three", "c", 0.25), ("two", "d", 0.5)):
        share(sum(one.runs[0].arms[split] == arm for one in inside), len(inside), exact)
    planners, hunters = of("planner"), of("hunter")
    share(sum(one.attributes["tier"] == "gold" for one in planners), len(planners), 0.3)
    share(sum(one.attributes["tier"] == "gold" for one in hunters), len(hunters), 0.45)
    held = [one for one in planners if one.runs[0].held_out]
    for value in range(1, 7):
        share(sum(one.attributes["points"] == value for one in held), len(held), 1 / 6)
    spent = [one.attributes["spent"] for one in planners]
    share(sum(x < 400_000 for x in spent), len(planners), 0.5)  # type: ignore[operator]
    share(sum(x < 1_000_000 for x in spent), len(planners), 0.9)  # type: ignore[operator]
    numbers = [one.attributes["rate"] for one in hunters]
    share(sum(x < 3 for x in numbers), len(hunters), 0.5)  # type: ignore[operator]
    share(sum(x < 4 for x in numbers), len(hunters), 0.9)  # type: ignore[operator]
    rates = [one.attributes["rate"] for one in planners]
    share(sum(x < 2.75 for x in rates), len(planners), 0.25)  # type: ignore[operator]
    assert min(rates) >= 2 and max(rates) < 5  # type: ignore[type-var, operator]


def p_opened(story: Story) -> float:
    return 0.6 if story.persona == "planner" else 0.35 if story.attributes["tier"] == "gold" else 0.2


def test_chances_by_case_and_nested(stories: list[Story]) -> None:
    """The first visit of `hello` is withdrawn at once: each line is drawn for the second visit alone."""
    inside = entered(stories)
    for p in (0.6, 0.35, 0.2):
        some = [one for one in inside if p_opened(one) == p]
        opened = [one for one in some if events(one, "opened")]
        share(len(opened), len(some), p)
    clicked = [one for one in inside if events(one, "clicked")]
    opened = [one for one in inside if events(one, "opened")]
    share(len(clicked), len(opened), 0.5)
    share(sum(bool(events(one, "liked")) for one in clicked), len(clicked), 0.4)
    assert all(len(events(one, "opened")) <= 1 for one in inside)
    assert not any(events(one, "clicked") for one in inside if not events(one, "opened"))


def delays(stories: list[Story], after: str, event: str) -> list[int]:
    found = []
    for story in stories:
        first = events(story, after) if after else None
        for one in events(story, event):
            if one.touchpoint and (first is None or first):
                found.append(one.at - (first[0].at if first else 0))
    return found


def test_delays(stories: list[Story]) -> None:
    inside = entered(stories)
    opened = delays(inside, "", "opened")
    share(sum(x < 18 * HOUR for x in opened), len(opened), 0.5)
    share(sum(x < 3 * DAY for x in opened), len(opened), 0.9)
    clicked = delays(inside, "opened", "clicked")
    for q in (0.1, 0.5, 0.9):
        share(sum(x < -5 * HOUR * math.log(1 - q) for x in clicked), len(clicked), q)
    liked = delays(inside, "clicked", "liked")
    assert min(liked) >= HOUR - 1 and max(liked) < 4 * HOUR
    share(sum(x < 2.5 * HOUR for x in liked), len(liked), 0.5)
    visited = [x for x in delays(inside, "", "visited") if x < 40 * DAY]
    share(sum(x < 10 * HOUR * math.log(2) for x in visited), len(visited), 0.5)


def test_amounts(stories: list[Story]) -> None:
    orders = [one.payload for story in entered(stories) for one in events(story, "order")]
    share(len(orders), len(entered(stories)), 0.8)
    for value in range(2, 13):
        share(sum(one["pieces"] == value for one in orders), len(orders), 1 / 11)
    assert {one["pieces"] for one in orders} == set(range(2, 13))
    totals = [one["total"] for one in orders]
    assert min(totals) >= 400_000 and max(totals) < 1_200_000 and not any(x % 100 for x in totals)
    share(sum(x < 600_000 for x in totals), len(totals), 0.25)
    share(sum(one["kind"] == 5 for one in orders), len(orders), 0.6)


def poisson(counts: list[int], mean: float) -> None:
    """Mean and each small count within four standard errors of the Poisson law."""
    assert abs(sum(counts) / len(counts) - mean) < 4 * math.sqrt(mean / len(counts))
    for k in range(4):
        share(counts.count(k), len(counts), math.exp(-mean) * mean**k / math.factorial(k))


def test_what_customers_do_by_themselves(stories: list[Story]) -> None:
    """50 days at 2% a day, held out or not; by case; of a persona; in a stage of five days."""
    poisson([len(events(one, "called")) for one in stories], 1.0)
    gold = [len(events(one, "chatted")) for one in stories if one.attributes["tier"] == "gold"]
    poisson(gold, 50 / 7 * 0.4)
    poisson([len(events(one, "chatted")) for one in stories if one.attributes["tier"] != "gold"], 50 / 7 * 0.2)
    poisson([len(events(one, "asked")) for one in stories if one.persona == "hunter"], 5.0)
    assert not any(events(one, "asked") for one in stories if one.persona != "hunter")
    late = [[e.at for e in events(one, "visited") if not e.touchpoint] for one in entered(stories)]
    poisson([len(times) for times in late], 1.5)
    assert all(40 * DAY + 6 * HOUR <= at <= 45 * DAY + 6 * HOUR for times in late for at in times)
    assert not any(events(one, "visited") for one in stories if one.runs[0].held_out)


def pairs(stories: list[Story]) -> Iterator[tuple[str, list[tuple[bool, bool]]]]:
    """Draws that must know nothing of each other."""
    inside = entered(stories)
    others = [one for one in inside if one.persona == "other"]
    answered = {name: [bool([e for e in events(one, name) if e.touchpoint]) for one in others]
                for name in ("opened", "visited", "order")}  # fmt: skip
    yield "two lines", list(zip(answered["opened"], answered["visited"], strict=True))
    yield "two lines, again", list(zip(answered["visited"], answered["order"], strict=True))
    arms = [[one.runs[0].arms["three"] == "a" for one in others], [one.runs[0].arms["two"] == "d" for one in others]]
    yield "two splits", list(zip(*arms, strict=True))
    yield "a split and an answer", list(zip(arms[1], answered["visited"], strict=True))
    yield "neighbours' splits", list(itertools.pairwise(one.runs[0].arms["two"] == "d" for one in inside))
    yield "neighbours' answers", list(itertools.pairwise(answered["visited"]))
    yield "neighbours' hold-out", list(itertools.pairwise(one.runs[0].held_out for one in stories))
    yield "persona and hold-out", [(one.persona == "planner", one.runs[0].held_out) for one in stories]
    waves = [_waves(one) for one in others]
    yield "two visits", [(wave[0], wave[1]) for wave in waves]
    yield "visits three apart", [(wave[0], wave[3]) for wave in waves]
    yield "two steps", [(wave[0], one) for wave, one in zip(waves, answered["visited"], strict=True)]
    orders = [events(one, "order")[0].payload for one in inside if events(one, "order")]
    yield "two fields", [(one["pieces"] < 7, one["total"] < 800_000) for one in orders]
    yield (
        "whether and how much",
        [
            (events(one, "order")[0].at < 14 * HOUR, events(one, "order")[0].payload["pieces"] < 7)
            for one in inside
            if events(one, "order")
        ],
    )
    planners = [one for one in stories if one.persona == "planner"]
    yield "two attributes", [(one.attributes["tier"] == "gold", one.attributes["spent"] < 400_000) for one in planners]  # type: ignore[operator]


def _waves(story: Story) -> list[bool]:
    """For each visit of `wave`, on day 40 every two hours, whether it was answered."""
    times = {one.at for one in events(story, "waved")}
    return [40 * DAY + number * 2 * HOUR in times for number in range(4)]


def test_draws_are_independent(stories: list[Story]) -> None:
    for name, drawn in pairs(stories):
        n = len(drawn)
        a, b = Fraction(sum(x for x, _ in drawn), n), Fraction(sum(y for _, y in drawn), n)
        both = Fraction(sum(x and y for x, y in drawn), n)
        error = math.sqrt(a * (1 - a) * b * (1 - b) / n)
        assert 0 < a < 1 and 0 < b < 1, name
        assert abs(both - a * b) < 4 * error, (name, float(both), float(a * b), error)
