"""The most messages over all journeys: never less than what the plain interpreter finds, and reached where it says so.

`SAFAR_TEST_SCALE=1` asks 200 projects; everywhere else it is a share.
"""

from __future__ import annotations

import os

import pytest

from safar.dsl.read import read_text
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.prove.together.most import Most, Together, messages
from safar.engine.prove.together.parts import seen
from safar.engine.prove.together.stretch import Figure, stretch
from safar.engine.prove.zones import ANY
from tests.engine.prove.small_world import DAY
from tests.engine.prove.together.small_projects import Shop, lives, most_on_a_day, most_within, sent, shop

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
COUNT, LIVES = max(10, int(200 * SCALE)), max(40, int(1_000 * SCALE))


def project(text: str) -> Project:
    reading = read_text(text)
    assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
    return reading.project


def most(text: str, channel: str = "", per: str = "window", days: int = 7) -> Most:
    made = project(text)
    figure = Figure(messages(channel), stretch(made, per, days * DAY if per == "window" else 0))
    return Together([lower(made, one) for one in made.journeys.values()], [figure]).most(figure)


def figures(small: Shop) -> list[Figure]:
    stretches = [stretch(small.project, "window", DAY), stretch(small.project, "window", 2 * DAY)]
    stretches.append(stretch(small.project, "day"))
    return [Figure(messages(name), one) for name in ("email", "") for one in stretches]


def counted(small: Shop, figure: Figure, seed: int) -> int:
    """The most that lives by chance bring."""
    best = 0
    for story in lives(small, LIVES, seed):
        instants = sent(small, story, figure.deed.name)
        window = figure.stretch.window
        best = max(best, most_on_a_day(instants) if figure.stretch.per == "day" else most_within(instants, window))
    return best


def retold(small: Shop, found: Most) -> int:
    """What the customer that is shown gets when he is told anew."""
    assert found.replayed is not None
    telling = Teller(small.programs[0], small.programs[1:]).tell(found.replayed.scenario)
    return found.figure.stretch.most(seen(telling, found.figure.deed), telling.told.zone)[0]


@pytest.mark.parametrize("batch", range(5))
def test_nobody_gets_more_and_who_is_shown_gets_so_many(batch: int) -> None:
    exact = every = 0
    for seed in range(batch * COUNT // 5, (batch + 1) * COUNT // 5):
        small = shop(seed)
        together = Together(small.programs, figures(small), budget=9_000)
        for figure in together.figures:
            found = together.most(figure)
            told = f"seed {seed}, {figure.deed.name}, {figure.stretch.words}\n{small.text}"
            assert counted(small, figure, seed) <= found.bound, told
            assert found.reached <= found.bound, told
            assert not found.reached or retold(small, found) == found.reached, told
            exact += found.exact
            every += 1
    assert exact >= 0.8 * every - 2, f"{exact} of {every} are exact"


HEAD = """customer { tier: one of bronze, gold = bronze fixed; ok: yes_no = no }
event came
event left
event order { id: text key }
channel email { outbound }
channel sms { outbound; at most 2 per 7d then skip }
"""


def test_journeys_add_up() -> None:
    found = most(
        HEAD
        + """
journey a { enter on came; stage s { touchpoint a1 { send email { text "A" } }; wait 3d
  touchpoint a2 { send email { text "A" } } } }
journey b { enter on left; stage s { wait 2d; touchpoint b1 { send email { text "A" } } } }
"""
    )
    assert (found.bound, found.reached, dict(found.share)) == (3, 3, {"a": 2, "b": 1})
    assert most(HEAD + "journey a { enter on came; stage s { wait 1d } }").bound == 0


def test_whoever_is_gold_is_not_bronze() -> None:
    found = most(
        HEAD
        + """
journey a { enter on came if customer.tier == gold; stage s { touchpoint a1 { send email { text "A" } } } }
journey b { enter on left if customer.tier == bronze; stage s { touchpoint b1 { send email { text "A" } } } }
journey c { enter on left; stage s { if customer.tier == gold { touchpoint c1 { send email { text "A" } } } } }
"""
    )
    assert (found.bound, found.reached) == (2, 2)
    assert found.replayed is not None
    assert [one.attribute for one in found.replayed.scenario.traits] == ["tier"]


def test_what_may_change_is_one_thing_here_and_another_there() -> None:
    found = most(
        HEAD
        + """
journey a { enter on came if customer.ok; stage s { touchpoint a1 { send email { text "A" } } } }
journey b { enter on left if not customer.ok; stage s { touchpoint b1 { send email { text "A" } } } }
"""
    )
    assert (found.bound, found.reached) == (2, 2)


def test_limits_bound_what_journeys_add_up_to() -> None:
    text = HEAD + "".join(
        f'journey j{n} {{ enter on came; stage s {{ touchpoint t{n} {{ send sms {{ text "A" }} }} }} }}\n'
        for n in range(5)
    )
    week, month = most(text, "sms"), most(text, "sms", days=30)
    assert (week.bound, week.limited, week.reached) == (2, True, 2)
    assert (month.bound, month.limited) == (5, False)


def test_runs_side_by_side_have_no_bound() -> None:
    text = HEAD + 'journey a { enter on order per id; stage s { touchpoint a1 { send email { text "A" } } } }'
    found = most(text)
    assert found.bound == ANY
    assert found.reached > 5
    assert most(text.replace("send email", "send sms"), "sms").bound == 2


def test_a_calendar_day_has_an_end() -> None:
    text = HEAD + (
        'journey a { enter on came; stage s { touchpoint a1 { send email { text "A" } }; wait 23h; '
        'touchpoint a2 { send email { text "A" } }; wait 2h; touchpoint a3 { send email { text "A" } } } }'
    )
    assert most(text, per="day").reached == 2
    assert most(text, per="day").bound == 2
    assert most(text, per="window", days=1).bound == 2
