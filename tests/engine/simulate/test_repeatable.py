"""The same seed gives the same run; order plays no part; an edit changes only the runs that pass it."""

from __future__ import annotations

import itertools
import random
from typing import Any

import msgspec
import pytest

from safar.engine.simulate.draw import draw_attributes
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer

PERSONAS = """
persona planner { share 60%; set customer.points = 1 to 6; set customer.tier = one of bronze 70%, gold 30%
  behaves { called 1% per day } }
persona hunter { share 40%; set customer.spent = about 40 EUR, 90% within 100 EUR
  set customer.secret = one of "a" 50%, "b" 50% }
"""

JOURNEY = """
journey j {{ enter on came; reenter after 20d; hold out 10%; horizon 60d
  arrive 50 per day
  on order if order.total > 80 EUR exit bought_big
  goal bought {{ on order within 14d; value order.total }}
  behaves {{ order 3% per day if customer.tier == gold, 1% per day otherwise with (total = 10 EUR to 100 EUR)
    came 2% per day }}
  stage first_contact {{
    {before}
    touchpoint hello {{ send night {{ text "Hello" }}
      responds {{ opened 60% if persona == planner, 30% otherwise after about 18h {{ clicked 40% after about 5m }}
        called 5% after 1h to 3d }} }}
    split offer {{ 50% coupon_arm {{ do coupon(code = "A") }}; 50% control {{ {inside} }} }}
    wait for opened(hello) up to 2d {{ }} otherwise {{
      touchpoint nudge {{ send capped {{ text "Psst" }}
        responds {{ order 20% after about 1d, 90% within 4d with (total = about 50 EUR, 90% within 120 EUR) }} }} }}
  }}
  stage later {{
    repeat up to 3 times every 5d until order {{
      touchpoint again {{ send strict {{ text "Again" }}
        responds {{ order 10% after about 6h with (total = 30 EUR) }} }}
    }}
    exit lost
  }}
}}
"""

NO_EDIT = PERSONAS + JOURNEY.format(before="", inside="")
EXTRA = 'touchpoint extra { send letter { text "New" }; responds { opened 50% after about 1h } }'
EDITED = PERSONAS + JOURNEY.format(before="", inside=EXTRA)


def customers(world: Any, number: int, seed: int = 1) -> list[Customer]:
    project = world.programs[0].project
    found = []
    for key in range(number):
        persona, attributes = draw_attributes(project, seed, str(key))
        found.append(Customer(key=str(key), persona=persona, attributes=attributes))
    return found


def stories(world: Any, number: int) -> dict[str, Story]:
    return {one.key: live(world, one) for one in customers(world, number)}


def test_two_runs_are_equal_and_the_order_of_customers_plays_no_part(make_world: Any) -> None:
    first, second = make_world(NO_EDIT, customers=300), make_world(NO_EDIT, customers=300)
    one = stories(first, 300)
    shuffled = customers(second, 300)
    random.Random(5).shuffle(shuffled)  # noqa: S311 - no secret
    for customer in shuffled:
        assert live(second, customer) == one[customer.key]


def test_another_seed_is_another_run(make_world: Any) -> None:
    one, other = (stories(make_world(NO_EDIT, customers=50, seed=seed), 50) for seed in (1, 2))
    differ = [key for key in one if one[key] != other[key]]
    assert len(differ) > 40


def test_an_inserted_step_changes_nothing_for_those_who_do_not_pass_it(make_world: Any) -> None:
    before = stories(make_world(NO_EDIT, customers=400), 400)
    after = stories(make_world(EDITED, customers=400), 400)
    passed = 0
    for key, story in after.items():
        if any("extra" in run.visits for run in story.runs):
            passed += 1
            continue
        assert story == before[key]
    assert 100 < passed < 250


def test_those_who_pass_it_draw_everything_else_as_before(make_world: Any) -> None:
    """A step that takes no time and is heard by nobody leaves all else as it was."""
    before = stories(make_world(NO_EDIT, customers=200), 200)
    after = stories(make_world(PERSONAS + JOURNEY.format(before=EXTRA, inside=""), customers=200), 200)

    def without(story: Story) -> list[tuple[Any, ...]]:
        return [
            (one.at, one.what, one.step, one.event, one.payload, one.detail)
            for one in story.happenings
            if "extra" not in (one.step, one.touchpoint)
        ]

    for key, story in after.items():
        assert without(story) == without(before[key])


def test_a_renamed_journey_keyed_by_the_old_name_draws_the_same(make_world: Any) -> None:
    one = stories(make_world(NO_EDIT, customers=50), 50)
    renamed = make_world(NO_EDIT.replace("journey j", "journey k"), customers=50, keyed_by={"k": "j"})
    for key, story in stories(renamed, 50).items():
        assert [(h.at, h.what) for h in story.happenings] == [(h.at, h.what) for h in one[key].happenings]


def test_without_words_only_the_words_are_gone(make_world: Any) -> None:
    loud, still = make_world(NO_EDIT, customers=100), make_world(NO_EDIT, customers=100, words=False)
    for customer in customers(loud, 100):
        one, other = live(loud, customer), live(still, customer)
        assert [msgspec.structs.replace(h, why="") for h in one.happenings] == [
            msgspec.structs.replace(h, why="") for h in other.happenings
        ]
        assert one.runs == other.runs


@pytest.mark.parametrize("seed", [1, 7])
def test_every_story_hangs_together(make_world: Any, seed: int) -> None:
    world = make_world(NO_EDIT, customers=300, seed=seed)
    for customer in customers(world, 300, seed):
        story = live(world, customer)
        assert [h.n for h in story.happenings] == list(range(1, len(story.happenings) + 1))
        times = [h.at for h in story.happenings]
        assert times == sorted(times)
        entered = [h for h in story.happenings if h.what is What.ENTERED]
        ended = [h for h in story.happenings if h.what in (What.EXIT, What.UNFINISHED)]
        runs = [run for run in story.runs if not run.held_out]
        assert len(entered) == len(ended) == len(runs)
        for run in runs:
            ways = [("entry", *run.visits)[i : i + 2] for i in range(len(run.visits))]
            assert ways == [(way.start, way.end) for way in run.passages]
        delivered = [h.at for h in story.happenings if h.what is What.DELIVERED and h.detail == "strict"]
        assert all(b - a >= 7 * 86_400 for a, b in itertools.pairwise(delivered))
        night = [h.at for h in story.happenings if h.what is What.DELIVERED and h.detail == "night"]
        assert all(8 * 3600 <= at % 86_400 < 22 * 3600 for at in night)
        goals = [h for h in story.happenings if h.what is What.GOAL]
        begins = {(run.journey, run.entry): run.began for run in story.runs}
        assert all(h.at - begins[h.journey, h.entry] <= 14 * 86_400 for h in goals)
