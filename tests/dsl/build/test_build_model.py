"""What declarations and journeys become in the model."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TypeVar

from safar.dsl.build import build
from safar.dsl.read import Reading, read_text
from safar.dsl.text import read_text as tree_of
from safar.engine import expression as e
from safar.engine import moves
from safar.engine.model import Journey, Level, Project, Quantity, Settings, Step, within
from safar.engine.source import Source
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo
from safar.engine.steps.split import Split
from safar.engine.steps.touchpoint import Meet
from safar.engine.steps.wait_until import WaitUntil
from safar.engine.steps.wait_up_to import WaitUpTo

S = TypeVar("S", bound=Step)
DAY = 86_400


def read(text: str, **files: str) -> Reading:
    """A text without mistakes."""
    reading = read_text(text, files={f"{name}.journey": body for name, body in files.items()})
    assert reading.findings == ()
    return reading


def project(text: str) -> Project:
    return read(text).project


def journey(lines: str, before: str = "") -> Journey:
    vocabulary = "customer { renewal: date?; seen: time? }\nevent bought { total: money }\nevent opened\n"
    found = project(f"{vocabulary}{before}\njourney shop {{\nenter on bought\n{lines}\n}}")
    return found.journeys["shop"]


def steps(lines: str, kind: type[S], before: str = "") -> list[S]:
    found = journey(f"stage only {{\n{lines}\n}}", before)
    return [step for step in within(found.stages[0].steps) if isinstance(step, kind)]


def test_attributes() -> None:
    found = project("""
        customer {
          name: text? private
          orders: integer = 0 growing
          score: number = 3
          value: money = 5 IRT growing
          plain: money?
          born: date? fixed
          tier: one of bronze, gold = gold
          interests: list of text
          sizes: list of integer = [1, 2]
        }""").vocabulary.attributes
    assert {name: one.default for name, one in found.items()} == {
        "name": None,
        "orders": 0,
        "score": 3.0,
        "value": 500,
        "plain": None,
        "born": None,
        "tier": "gold",
        "interests": (),
        "sizes": (1, 2),
    }
    assert [one.change for one in found.values()].count("growing") == 2
    assert found["born"].change == "fixed"
    assert found["name"].private and found["name"].type.unknown
    assert (found["value"].type.currency, found["plain"].type.currency) == ("IRT", "EUR")
    assert found["score"].type.base is e.Base.NUMBER


def test_attributes_of_several_blocks_and_files_are_one_customer() -> None:
    found = read('use "a.journey"\ncustomer { b: text? }\ncustomer { c: text? }', a="customer { a: text? }")
    assert list(found.project.vocabulary.attributes) == ["a", "b", "c"]


def test_then_set_sees_the_events_fields_without_its_name() -> None:
    event = project("""
        customer { value: money = 0 EUR; last: time? }
        event bought {
          total: money
          then set customer.value = customer.value + total
          then set customer.last = now
        }""").vocabulary.events["bought"]
    first, second = event.then_set
    assert isinstance(first.value, e.Arithmetic)
    assert isinstance(first.value.right, e.PayloadField)
    assert (second.attribute, type(second.value)) == ("last", e.Now)


def test_channels() -> None:
    found = project("""
        customer { ok: yes_no = no }
        event opened
        occasion nowruz { 2027-03-21; 2028-03-20 }
        channel email {
          cost 0.002 EUR per message
          cost 5 EUR per month
          cost 1 EUR per opened
          cost 800 EUR to build
          only if customer.ok
          at most 3 per 7d then skip
          at most 1 per calendar day then wait up to 2d
          quiet from 22:00 to 08:00 then wait
          closed nowruz then wait
          closed holidays "IR" then skip
        }
        limit all { at most 4 per 7d then skip }
        limit some { channels email; at most 4 per 7d then skip }""").vocabulary
    email = found.channels["email"]
    assert email.outbound
    assert [(c.amount, c.per, c.event) for c in email.costs] == [
        (20, "message", ""),
        (50_000, "month", ""),
        (10_000, "event", "opened"),
        (8_000_000, "build", ""),
    ]
    assert [(c.count, c.window, c.calendar, c.refusal.wait) for c in email.caps] == [
        (3, 7 * DAY, None, False),
        (1, None, "day", True),
    ]
    assert (email.quiet[0].start, email.quiet[0].end, email.quiet[0].refusal.up_to) == (79_200, 28_800, 3 * DAY)
    assert [(c.occasion, c.country) for c in email.closed] == [("nowruz", ""), ("", "IR")]
    assert [limit.channels for limit in found.limits.values()] == [(), ("email",)]
    assert found.occasions["nowruz"].dates == (datetime.date(2027, 3, 21), datetime.date(2028, 3, 20))


def test_assumptions() -> None:
    found = project("""
        event opened
        event clicked
        event bought { total: money; size: integer }
        persona planner { share 100%; behaves { bought 2% per day; bought 1% per week } }
        touchpoint thanks {
          responds {
            opened 60% if persona == planner, 20% otherwise after about 18h, 90% within 3d {
              clicked 20% after about 5m
              clicked 12.5% after 1h to 3d
              bought 1% after 2h with (total = about 80 EUR, 90% within 200 EUR, size = one of 5 60%, 1 40%)
            }
          }
        }""").vocabulary
    opened = found.touchpoints["thanks"].responds[0]
    assert [case.chance for case in opened.chance] == [Fraction(3, 5), Fraction(1, 5)]
    assert (opened.delay.kind, opened.delay.low, opened.delay.high) == ("log_normal", 64_800, 3 * DAY)
    assert [line.key for line in opened.then] == ["clicked", "clicked#2", "bought"]
    assert [line.delay.kind for line in opened.then] == ["exponential", "uniform", "fixed"]
    total, size = opened.then[2].payload
    assert (total.field, total.cases[0].amount.about) == ("total", True)
    assert [share for _, share in size.cases[0].amount.choices] == [Fraction(3, 5), Fraction(2, 5)]
    lines = found.personas["planner"].behaves
    assert [(line.line, line.rates[0].rate) for line in lines] == [
        (1, Fraction(2, 100 * DAY)),
        (2, Fraction(1, 700 * DAY)),
    ]


def test_headers() -> None:
    found = journey("""
        enter each year on customer.renewal at 10:00
        enter each monday
        enter each nowruz
        enter on 2027-03-21 at 08:00
        reenter after 30d
        hold out 10% of project
        horizon 60d
        goal won "Order" { on bought within 14d; target at least 12%; value first bought.total }
        arrive 300 per day with (total = 10 EUR to 20 EUR)
        on bought exit won
        stage only { exit lost "No answer" }""", "occasion nowruz { 2027-03-21 }")  # fmt: skip
    assert [(x.kind, x.event or x.attribute or x.unit or x.occasion, x.at) for x in found.entries] == [
        ("event", "bought", 32_400),
        ("yearly", "renewal", 36_000),
        ("each", "monday", 32_400),
        ("occasion", "nowruz", 32_400),
        ("date", "", 28_800),
    ]
    assert found.reenter is not None and (found.reenter.how, found.reenter.after) == ("after", 30 * DAY)
    assert found.hold_out is not None and (found.hold_out.share, found.hold_out.of_project) == (Fraction(1, 10), True)
    goal = found.goals[0]
    assert goal.on is not None and (goal.on.within, goal.within, goal.value_first) == (None, 14 * DAY, True)
    assert isinstance(goal.value, e.PayloadField)
    assert goal.target is not None and (goal.target.value, goal.target.unit) == (Fraction(3, 25), "%")
    assert found.arrive is not None and (found.arrive.count, found.arrive.period) == (Fraction(300), DAY)
    assert isinstance(found.interrupts[0].reaction, Exit)


def test_per_and_entry_fields() -> None:
    found = project("""
        event bought { order: text; total: money }
        journey shop { enter on bought per order; stage only { if entry.total > 5 EUR { }; exit done } }""")
    shop = found.journeys["shop"]
    assert shop.entries[0].per == "order"
    entry = next(iter(shop.stages[0].steps)).condition.left  # type: ignore[attr-defined]
    assert isinstance(entry, e.EntryField) and not entry.type.unknown


def test_moments() -> None:
    found = steps("""
        wait until 09:30
        wait until monday
        wait until 3d before customer.renewal at 08:00
        wait until 3h after customer.seen
        wait until 2d after bought
        wait until opened(hello)
        wait until nowruz
        touchpoint hello { doing "Reads" }
        wait until 2027-03-21""", WaitUntil, "occasion nowruz { 2027-03-21 }")  # fmt: skip
    kinds = [type(step.deadline) for step in found]
    assert kinds == [
        *(moves.Clock, moves.Clock, moves.FromDate, moves.FromInstant, moves.FromInstant, moves.FromInstant),
        *(moves.FromOccasion, moves.FromDate),
    ]
    assert found[0].deadline == moves.Clock(34_200)
    assert found[1].deadline == moves.Clock(32_400, "monday")
    date, instant = found[2].deadline, found[4].deadline
    assert isinstance(date, moves.FromDate) and (date.days, date.at) == (-3, 28_800)
    assert isinstance(instant, moves.FromInstant) and isinstance(instant.instant, e.EventForm)
    assert found[2].words == "3d before customer.renewal at 08:00"


def test_the_last_way_carries_the_waits_otherwise() -> None:
    same_line, own_line = steps("""
        wait up to 3d { for bought { }; for opened { exit a } otherwise { exit b } }
        wait up to 3d as second {
          for bought { }
          otherwise { exit c }
        }""", WaitUpTo)  # fmt: skip
    late = [step.otherwise.steps[0] for step in (same_line, own_line)]
    assert [step.outcome for step in late if isinstance(step, Exit)] == ["b", "c"]
    assert [len(same_line.ways), len(own_line.ways)] == [2, 1]


def test_touchpoints_met() -> None:
    lines = """
        touchpoint hello as again
        touchpoint hello "Hello" { doing "Reads" }
        touchpoint declared
        touchpoint sketch "Only a title"
        wait for opened(again) or opened(hello) up to 2d { go to again }"""
    before = 'touchpoint declared "Declared" { doing "Reads" }'
    found = steps(lines, Meet, before)
    assert [(step.name, step.touchpoint.label, step.declared) for step in found] == [
        ("again", "Hello", True),
        ("hello", "Hello", False),
        ("declared", "Declared", True),
        ("sketch", "Only a title", False),
    ]
    assert found[0].touchpoint is found[1].touchpoint
    assert [step.target for step in steps(lines, GoTo, before)] == ["again"]


def test_a_goal_and_an_outcome_may_share_a_name() -> None:
    found = journey("goal won { on bought }\nstage only { wait for bought up to 1d { exit won } }")
    assert found.goals[0].name == "won"


def test_shares_are_exact() -> None:
    split = steps("split test { 33.34% a { }; 33.33% b { }; 33.33% c { } }", Split)[0]
    assert sum(arm.share for arm in split.arms) == 1


def measured(text: str) -> Quantity:
    lines = f"""
        measure asked = {text}
        goal won {{ on bought }}
        stage only {{
          touchpoint hello {{ doing "Reads" }}
          split test {{ 50% a {{ exit won }}; 50% b {{ exit lost }} }}
        }}"""
    found = journey(lines, "persona planner { share 100% }").measures[0].quantity
    assert found is not None
    return found


def test_measures() -> None:
    assert [measured(name).of for name in ("bought", "hello", "won", "lost", "entered", "messages", "customer")] == [
        *("event", "touchpoint", "goal", "outcome", "figure", "figure", "figure"),
    ]
    arm = measured("won in test.a")
    assert (arm.kind, arm.name, arm.field, arm.parts[0].of) == ("in", "test", "a", "goal")
    assert (measured("won for planner").kind, measured("won within 7d").seconds) == ("for", 7 * DAY)
    assert measured("messages per customer").op == "per"
    assert measured("average(bought.total)").field == "total"
    assert [part.name for part in measured("time from bought to won").parts] == ["bought", "won"]
    assert measured("won * 2 + 1").parts[1].value == 1
    assert measured("opened(hello)").field == "hello"


def test_targets() -> None:
    found = journey("""
        measure a = messages per customer, target at most 4
        measure b = cost per customer, target at most 3 EUR
        measure c = won, target at least 12%
        goal won { on bought }
        stage only { exit won }""")  # fmt: skip
    levels = [one.target for one in found.measures if one.target is not None]
    assert [(one.at_least, one.value, one.unit) for one in levels] == [
        (False, Fraction(4), ""),
        (False, Fraction(30_000), "EUR"),
        (True, Fraction(3, 25), "%"),
    ]
    assert all(isinstance(one, Level) for one in levels)


def test_order_in_the_file_says_nothing() -> None:
    lines = [
        "customer { orders: integer = 0 }",
        "event bought",
        "condition regular = loyal",
        "condition loyal = bought within 30d",
        "journey shop { enter on bought; stage early { wait 1d; start second; go to two }; stage two { exit done } }",
        "journey second { enter on bought; stage only { if regular { }; exit done } }",
    ]
    forwards, backwards = (read("\n".join(order)).project for order in (lines, lines[::-1]))
    assert forwards.vocabulary.conditions == backwards.vocabulary.conditions
    assert forwards.journeys == backwards.journeys


def test_used_declarations_are_told() -> None:
    reading = read("event a\nevent b\ncondition asked = a")
    names = {reading.source.text[start:end] for _, start, end in reading.used}
    assert names == {"a"}


def test_the_vocabulary_of_used_files_is_built_once() -> None:
    vocabulary = tree_of(Source("v.journey", "event bought\ncondition loyal = bought"))[0]
    main = tree_of(Source("a.journey", "condition asked = loyal"))[0]
    settings = Settings()
    one, two = (build(main, [vocabulary], settings).project.vocabulary for _ in range(2))
    assert one.conditions["loyal"] is two.conditions["loyal"]
    assert set(one.conditions) == {"loyal", "asked"}


def test_a_clash_with_a_used_file_is_shown_with_both_places() -> None:
    finding = read_text('use "v.journey"\nevent bought', files={"v.journey": "event bought"}).findings[0]
    assert (finding.rule, finding.span.source.path) == ("duplicate-name", "text.journey")
    assert finding.related[0].span.source.path == "v.journey"


def test_the_nearest_name_is_suggested_and_can_be_put_in() -> None:
    text = "event order_placed\ncondition asked = oder_placed or Order_Placed"
    unknown, alike = read_text(text).findings
    assert unknown.help == "did you mean `order_placed`?"
    assert alike.fix is not None
    assert [edit.text for edit in alike.fix.edits] == ["order_placed"]


def test_a_started_journey_may_lack_its_entry() -> None:
    text = """
        event bought { total: money }
        journey first_one { enter on bought; stage only { wait 1d; start two; exit done } }
        journey two { enter on bought; stage only { if entry.total > 5 EUR { exit a }; exit b } }"""
    step = project(text).journeys["two"].stages[0].steps[0]
    assert step.condition.type.unknown  # type: ignore[attr-defined]
