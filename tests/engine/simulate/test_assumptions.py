"""What customers are assumed to do: chances, delays, amounts, behaviour, personas; and what is never shown."""

from __future__ import annotations

import datetime
import statistics
from fractions import Fraction
from typing import Any

from safar.engine.simulate.draw import draw_attributes
from safar.engine.simulate.happening import What
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer

MANY = 4000


def answers(make_world: Any, line: str, persona: str | None = None) -> list[Any]:
    """For each of many customers the events that answer `x`."""
    world = make_world(
        f"""persona planner {{ share 100% }}
        journey j {{ enter on came; horizon 3000d
          stage s {{ set customer.points = 4
            touchpoint x {{ send letter {{ text "x" }}; responds {{ {line} }} }} }} }}""",
        words=False,
    )
    found = []
    for number in range(MANY):
        story = live(world, Customer(key=str(number), persona=persona))
        found.append([h for h in story.happenings if h.what is What.EVENT and h.touchpoint])
    return found


def delays(make_world: Any, line: str) -> list[int]:
    return sorted(one.at - 1_799_020_800 for events in answers(make_world, line) for one in events)


def test_chances(make_world: Any) -> None:
    came = sum(bool(events) for events in answers(make_world, "opened 30%"))
    assert abs(came / MANY - 0.3) < 4 * (0.21 / MANY) ** 0.5


def test_a_chance_by_case_takes_the_first_that_is_true_at_delivery(make_world: Any) -> None:
    line = "opened 0% if customer.points == 0, 100% if customer.points == 4, 50% otherwise"
    assert all(len(events) == 1 for events in answers(make_world, line))
    assert not any(answers(make_world, "opened 100% if persona == planner"))
    assert all(answers(make_world, "opened 100% if persona == planner", "planner"))


def test_delays(make_world: Any) -> None:
    start = 1_799_020_800
    assert start == int(datetime.datetime(2027, 1, 4, tzinfo=datetime.UTC).timestamp())
    assert set(delays(make_world, "opened 100% after 2h")) == {7200}
    uniform = delays(make_world, "opened 100% after 1h to 3h")
    assert uniform[0] >= 3600 and uniform[-1] < 3 * 3600
    assert abs(statistics.mean(uniform) - 7200) < 150
    exponential = delays(make_world, "opened 100% after about 18h")
    assert abs(statistics.mean(exponential) / 64_800 - 1) < 0.07
    assert abs(exponential[MANY // 2] / 64_800 - 0.693) < 0.05
    spread = delays(make_world, "opened 100% after about 18h, 90% within 3d")
    assert abs(spread[MANY // 2] / 64_800 - 1) < 0.08
    assert abs(spread[MANY * 9 // 10] / 259_200 - 1) < 0.1


def test_the_delay_is_as_long_whether_the_answer_is_rare_or_not(make_world: Any) -> None:
    rare = delays(make_world, "opened 20% after about 18h")
    assert abs(statistics.mean(rare) / 64_800 - 1) < 0.15


def test_inner_lines_only_after_outer_ones_and_counted_from_them(make_world: Any) -> None:
    for events in answers(make_world, "opened 50% after 1h { clicked 50% after 30m }"):
        names = [one.event for one in events]
        assert names in ([], ["opened"], ["opened", "clicked"])
        if len(events) == 2:
            assert events[1].at - events[0].at == 1800


def test_equal_lines_side_by_side_are_drawn_apart(make_world: Any) -> None:
    counts = [len(events) for events in answers(make_world, "opened 50%; opened 50%")]
    assert abs(counts.count(2) / MANY - 0.25) < 0.04


def payloads(make_world: Any, amount: str) -> list[Any]:
    line = f"order 100% with (total = {amount})"
    return sorted(one.payload["total"] for events in answers(make_world, line) for one in events)


def test_amounts_of_money_are_whole_cents(make_world: Any) -> None:
    uniform = payloads(make_world, "40 EUR to 120 EUR")
    assert all(units % 100 == 0 for units in uniform)
    assert uniform[0] >= 400_000 and uniform[-1] < 1_200_000
    assert abs(statistics.mean(uniform) - 800_000) < 20_000
    spread = payloads(make_world, "about 80 EUR, 90% within 200 EUR")
    assert all(units % 100 == 0 for units in spread)
    assert abs(spread[MANY // 2] / 800_000 - 1) < 0.08
    assert abs(spread[MANY * 9 // 10] / 2_000_000 - 1) < 0.1
    chosen = payloads(make_world, "one of 5 EUR 60%, 1 EUR 40%")
    assert abs(chosen.count(50_000) / MANY - 0.6) < 0.04
    assert set(payloads(make_world, "customer.spent + 2 EUR")) == {20_000}
    assert set(payloads(make_world, "3 EUR if customer.points == 4, 4 EUR otherwise")) == {30_000}


def test_whole_numbers_reach_their_upper_end(make_world: Any) -> None:
    world = make_world(
        "persona planner { share 100%; set customer.points = 1 to 6 }\njourney j { enter on came\n stage s { } }"
    )
    project = world.programs[0].project
    drawn = [draw_attributes(project, 1, str(key))[1]["points"] for key in range(3000)]
    assert {drawn.count(n) > 400 for n in range(1, 7)} == {True}
    assert set(drawn) == set(range(1, 7))


def test_personas_by_their_shares_and_the_same_for_a_customer_every_time(make_world: Any) -> None:
    world = make_world(
        """persona planner { share 60%; set customer.tier = one of gold 100% }
        persona hunter { share 40% }
        journey j { enter on came\n stage s { } }"""
    )
    project = world.programs[0].project
    drawn = [draw_attributes(project, 1, str(key)) for key in range(3000)]
    assert abs(sum(persona == "planner" for persona, _ in drawn) / 3000 - 0.6) < 0.04
    assert all(attributes["tier"] == ("gold" if persona == "planner" else "bronze") for persona, attributes in drawn)
    assert drawn == [draw_attributes(project, 1, str(key)) for key in range(3000)]
    assert drawn != [draw_attributes(project, 2, str(key)) for key in range(3000)]


def test_without_personas_all_attributes_are_at_their_defaults(make_world: Any) -> None:
    world = make_world("journey j { enter on came\n stage s { } }")
    persona, attributes = draw_attributes(world.programs[0].project, 1, "c1")
    assert persona is None
    assert (attributes["tier"], attributes["name"], attributes["tags"], attributes["spent"]) == ("bronze", None, (), 0)


# --- behaviour


def behaved(make_world: Any, text: str, persona: str | None = None, number: int = 1000) -> list[Any]:
    world = make_world(text, words=False)
    found = []
    for key in range(number):
        story = live(world, Customer(key=str(key), persona=persona))
        found.append([h.at - world.start for h in story.happenings if h.what is What.EVENT and h.event == "order"])
    return found


def test_behaviour_is_a_poisson_process_while_the_run_is_followed(make_world: Any) -> None:
    text = "journey j { enter on came; horizon 100d; behaves { order 3% per day }\n stage s { wait 1d } }"
    found = behaved(make_world, text)
    counts = [len(times) for times in found]
    assert abs(statistics.mean(counts) - 3) < 0.2
    assert abs(statistics.variance(counts) - 3) < 0.5
    assert max(time for times in found for time in times) <= 100 * 86_400
    halves = sum(time < 50 * 86_400 for times in found for time in times) / sum(counts)
    assert abs(halves - 0.5) < 0.04


def test_the_behaviour_of_a_stage_ends_with_it(make_world: Any) -> None:
    text = """journey j { enter on came; horizon 100d
      stage a { wait 10d }\n stage b { behaves { order 20% per day }; wait 10d }\n stage c { wait 10d } }"""
    times = [time for times in behaved(make_world, text) for time in times]
    assert min(times) >= 10 * 86_400 and max(times) <= 20 * 86_400
    assert abs(len(times) / 1000 - 2) < 0.2


def test_the_rate_is_that_of_the_case_then_true(make_world: Any) -> None:
    text = """journey j { enter on came; horizon 40d
      behaves { order 20% per day if customer.points == 1, 5% per day otherwise }
      stage s { wait 20d; set customer.points = 1; wait 20d } }"""
    times = [time for times in behaved(make_world, text) for time in times]
    early = sum(time < 20 * 86_400 for time in times)
    assert abs(early / 1000 - 1) < 0.15 and abs((len(times) - early) / 1000 - 4) < 0.3


def test_the_behaviour_of_a_persona_lasts_while_any_run_is_followed(make_world: Any) -> None:
    text = """persona planner { share 100%; behaves { order 10% per day } }
      journey j { enter on came; reenter always; horizon 10d; behaves { came 5% per day }\n stage s { } }"""
    found = behaved(make_world, text, "planner")
    assert sum(map(len, found)) > 900
    assert not any(behaved(make_world, text, None, 50)), "it is the persona's"


def test_a_candidate_that_is_not_allowed_changes_no_other(make_world: Any) -> None:
    text = """journey j {{ enter on came; horizon 60d
      behaves {{ order 10% per day if customer.points == {}, 5% per day otherwise }}\n stage s {{ wait 50d }} }}"""
    more = behaved(make_world, text.format(0), number=200)
    fewer = behaved(make_world, text.format(1), number=200)
    assert all(set(few) <= set(many) for few, many in zip(fewer, more, strict=True))
    assert sum(map(len, fewer)) < sum(map(len, more))


# --- attributes and what is hidden


def test_growing_keeps_the_greater_and_unknown_leaves_what_may_not_be_unknown(tell: Any) -> None:
    told = tell(
        """set customer.orders = 1
        set customer.points = customer.points + customer.maybe
        set customer.renewal = unknown
        set customer.spent = customer.spent - 5 EUR""",
        attributes={"orders": 3, "points": 2, "renewal": datetime.date(2027, 5, 1), "spent": 100_000},
    )
    after = told.story.attributes
    assert (after["orders"], after["points"], after["renewal"], after["spent"]) == (3, 2, None, 100_000)
    assert told.why("set") == [
        "customer.orders: 3 -> 3, it only grows",
        "customer.points: 2 -> 2, unknown leaves it",
        "customer.renewal: 2027-05-01 -> unknown",
        "customer.spent: 10.00 EUR -> 10.00 EUR, it only grows",
    ]


def test_private_values_are_never_shown(tell: Any) -> None:
    told = tell(
        """set customer.secret = "hush"
        if customer.secret == "hush" { do coupon(code = customer.secret or else "none") }
        if customer.name contains "Sa" { exit sa }""",
        attributes={"name": "Sara"},
    )
    assert told.outcomes == ["sa"]
    shown = "".join(f"{h.why}{h.payload}" for h in told.story.happenings)
    assert "Sara" not in shown
    assert "hush" not in shown.replace('customer.secret == "hush"', "")
    assert told.why("branch")[1] == 'customer.name contains "Sa" (customer.name = (private))'


def test_reasons_name_the_values_that_decided(tell: Any) -> None:
    told = tell("if customer.points > 3 or customer.renewal < 2027-02-01 { exit x }", attributes={"points": 2})
    values = "(customer.points = 2, customer.renewal = unknown, unknown counts as false)"
    assert told.why("branch") == [f"customer.points > 3 or customer.renewal < 2027-02-01 {values}"]


def test_arms_by_their_shares(make_world: Any) -> None:
    world = make_world(
        "journey j { enter on came\n stage s { split t { 50% a { }; 12.5% b { }; 37.5% c { } } } }", words=False
    )
    arms = [live(world, Customer(key=str(key))).runs[0].arms["t"] for key in range(MANY)]
    for name, share in (("a", Fraction(1, 2)), ("b", Fraction(1, 8)), ("c", Fraction(3, 8))):
        assert abs(arms.count(name) / MANY - share) < 0.035


def test_private_fields_of_events_are_masked_but_count(tell: Any, happen: Any) -> None:
    text = """event paid { card: text? private; sum: money? }
      journey j { enter on came; goal paying { on paid; value paid.sum }
        stage s { wait for paid where card == "1234" up to 3d { exit card_seen } } }"""
    told = tell(text, [happen("0h", "came"), happen("1d", "paid", card="1234", sum=500)])
    assert told.outcomes == ["card_seen"]
    assert [h.payload for h in told.story.happenings if h.event == "paid" and h.what is What.EVENT] == [
        {"card": "(private)", "sum": 500}
    ]
    assert "1234" not in "".join(f"{h.why}{h.payload}" for h in told.story.happenings if h.what is not What.WOKEN)
