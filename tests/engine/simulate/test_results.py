from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Happening, Passage, Run, Story, What
from safar.engine.simulate.results import Result, as_json, to_text
from safar.engine.simulate.statistics import wilson

TEXT = """
customer { email_ok: yes_no = yes; orders: integer = 0 }
event joined
event opened
event order_placed { total: money }
channel email {
  outbound
  cost 0.002 EUR per message
  cost 0.50 EUR per opened
  cost 3 EUR per customer
  cost 2 EUR per day
  only if customer.email_ok
}
channel shop { inbound }
action coupon "Coupon" { cost 1.50 EUR; cost 4 EUR per order_placed; cost 0.25 EUR per customer }
condition buyer = customer.orders > 0
persona planner { share 40% }
persona hunter { share 60% }
journey buying "Buying" {
  enter on joined
  reenter always
  hold out 10%
  goal won "Order" { on order_placed within 14d; target at least 12%; value order_placed.total }
  goal big { on order_placed where total > 50 EUR; value order_placed.total }
  goal stays
  measure pressure = messages per customer, target at most 1
  measure share_won = won, target at least 60%
  measure early = won within 1d
  measure arms = won in test.a - won in test.b, target at least 0%
  measure of_planners = won for planner per entered for planner
  measure basket = average(order_placed.total), target at least 40 EUR
  measure duration = time from entered to won
  measure since_joining = time from joined to order_placed
  measure cost_per_order = cost per won, target at most 5 EUR
  measure earned = margin
  measure buyers = buyer
  measure never = won per lost
  measure answers = opened(hello)
  horizon 30d
  stage meeting {
    touchpoint hello {
      send email { text "Hello" }
      cost 800 EUR to build
      do coupon()
      measure open_rate = opened per delivered, target at least 55%
      responds { opened 60% after 1h }
    }
    wait 1d
    split test { 50% a { }; 50% b { } }
    if customer.orders > 0 { exit stays }
    exit lost
  }
}
"""
DAY = 86_400
PROJECT = read_text(TEXT).project
PROGRAM = lower(PROJECT, PROJECT.journeys["buying"])
EUR = 10_000


class Teller:
    """Writes a story by hand."""

    def __init__(self, customer: str, persona: str, **attributes: Any) -> None:
        self.customer, self.persona, self.attributes = customer, persona, attributes
        self.happenings: list[Happening] = []
        self.runs: list[Run] = []

    def note(self, at: int, what: What, **parts: Any) -> Teller:
        whole: dict[str, Any] = {"journey": "buying", "entry": 1, "step": "", **parts}
        n = len(self.happenings) + 1
        self.happenings.append(Happening(customer=self.customer, n=n, at=at, what=what, **whole))
        return self

    def event(self, at: int, name: str, **parts: Any) -> Teller:
        return self.note(at, What.EVENT, journey="", entry=0, event=name, **parts)

    def goal(self, at: int, name: str, euros: int | None = None, number: int = 0, **parts: Any) -> Teller:
        value = None if euros is None else euros * EUR
        currency = "" if euros is None else "EUR"
        return self.note(at, What.GOAL, detail=name, value=value, currency=currency, number=number, **parts)

    def run(self, outcome: str, began: int, ended: int, arm: str = "", *, entry: int = 1, out: bool = False) -> Teller:
        visits = ("hello", "meeting/wait", f"exit:{outcome}") if not out else ()
        ways = tuple(Passage(a, b, "") for a, b in itertools.pairwise(("entry", *visits)))
        arms = {"test": arm} if arm else {}
        self.runs.append(
            Run(
                journey="buying",
                entry=entry,
                began=began,
                ended=ended,
                outcome=outcome,
                held_out=out,
                visits=visits,
                passages=ways,
                arms=arms,
            )
        )
        return self

    def story(self) -> Story:
        return Story(
            customer=self.customer,
            persona=self.persona,
            happenings=tuple(self.happenings),
            runs=tuple(self.runs),
            attributes=self.attributes,
        )


def sara() -> Story:
    """Enters, is met, opens after an hour, orders twice; the first order reaches two goals."""
    told = Teller("1", "planner", orders=2)
    told.event(0, "joined").note(0, What.ENTERED, event="joined", payload={})
    told.note(0, What.DELIVERED, touchpoint="hello", step="hello").note(0, What.DONE, detail="coupon", step="hello")
    told.event(3600, "opened", touchpoint="hello")
    told.event(7200, "order_placed", payload={"total": 80 * EUR})
    told.goal(7200, "won", 80, 3).goal(7200, "big", 80, 3)
    told.event(2 * DAY, "order_placed", payload={"total": 20 * EUR})
    told.goal(2 * DAY, "won", 20, 4)
    told.note(DAY, What.EXIT, detail="stays").goal(DAY, "stays")
    return told.run("stays", 0, DAY, "a").story()


def jonas() -> Story:
    """Enters, gets nothing for want of consent, is lost; comes again and is still inside at the end."""
    told = Teller("2", "hunter", orders=0)
    told.note(0, What.NOT_ELIGIBLE).note(0, What.ENTERED, event="joined")
    told.note(0, What.SUPPRESSED, touchpoint="hello", detail="consent", step="hello")
    told.note(DAY, What.EXIT, detail="lost").note(DAY, What.TOO_SOON)
    told.note(5 * DAY, What.ENTERED, entry=2, event="joined")
    told.note(5 * DAY, What.DELIVERED, entry=2, touchpoint="hello", step="hello")
    told.note(35 * DAY, What.UNFINISHED, entry=2)
    return told.run("lost", 0, DAY, "b").run("", 5 * DAY, 35 * DAY, "b", entry=2).story()


def lena() -> Story:
    """Held out, and orders all the same, twice."""
    told = Teller("3", "planner", orders=1)
    told.note(0, What.HELD_OUT).event(DAY, "order_placed", payload={"total": 10 * EUR})
    told.goal(DAY, "won", 10, 1, held_out=True).goal(2 * DAY, "won", 10, 2, held_out=True)
    return told.run("", 0, 30 * DAY, out=True).story()


def result(*stories: Story, days: int | None = None) -> Result:
    fold = Fold([PROGRAM], truths=lambda story: ["buyer"] if story.attributes["orders"] else [])
    for story in stories:
        fold.add(story)
    return Result(
        project=PROJECT,
        programs=(PROGRAM,),
        seed=7,
        start=0,
        days=days,
        rejected=2,
        counts=fold.journeys,
        total=fold.total,
    )


def test_the_file_is_read_without_findings() -> None:
    assert [f.message for f in read_text(TEXT).findings] == []


def test_every_figure() -> None:
    figures = as_json(result(sara(), jonas(), lena(), days=10))
    assert figures["format_version"] == 1
    assert (figures["journey"], figures["seed"], figures["engine"]) == ("buying", 7, "plain")
    assert (figures["customers"], figures["rejected_rows"]) == (3, 2)
    assert figures["attempts"] == {"not_eligible": 1, "inside": 0, "too_soon": 1, "held_out": 1}
    assert figures["entered"] == 3
    assert figures["outcomes"] == {"lost": 1, "stays": 1}
    assert figures["unfinished"] == 1
    won = figures["goals"]["won"]
    assert (won["reached"], won["rate"], won["value"]) == (1, 0.333333, {"EUR": 100})
    assert (won["low"], won["high"]) == (0.061492, 0.792340)
    quantiles = {"0.1": 7200, "0.5": 7200, "0.9": 7200}
    assert won["time"] == {"unit": "s", "mean": 7200, "low": None, "high": None, "quantiles": quantiles}
    assert (won["target"], won["met"]) == (0.12, True)
    assert figures["goals"]["stays"]["value"] == {}
    assert figures["hold_out"]["customers"] == 1
    assert figures["hold_out"]["goals"]["won"] == {"reached": 1, "rate": 1, "low": 0.206549, "high": 1}
    assert figures["hold_out"]["goals"]["stays"] == {"reached": 0, "rate": None, "low": None, "high": None}
    assert figures["steps"]["hello"] == {"visits": 3}
    assert figures["steps"]["exit:lost"] == {"visits": 1}
    assert figures["edges"][0] == {"from": "entry", "to": "hello", "label": "", "count": 3}
    assert figures["touchpoints"]["hello"]["delivered"] == 2
    nothing = {"limit": 0, "quiet": 0, "closed": 0, "held": 0}
    assert figures["touchpoints"]["hello"]["suppressed"] == {"consent": 1, **nothing}
    assert figures["touchpoints"]["hello"]["answers"] == {"opened": 1}
    # Two messages, one answer, two customers, ten days.
    email = 2 * 0.002 + 0.5 + 2 * 3 + 10 * 2
    assert figures["channels"]["email"]["cost"] == {"EUR": pytest.approx(email, abs=1e-12)}
    assert "shop" not in figures["channels"]
    assert figures["cost"] == {"EUR": pytest.approx(email + 1.5 + 2 * 4 + 0.25, abs=1e-12)}
    assert figures["revenue"] == {"EUR": 100}
    goals = {"won": 1, "big": 1, "stays": 1}
    all_of_one = {"rate": 1, "low": 0.206549, "high": 1}
    none_of_two = {"rate": 0, "low": 0, "high": 0.65762}
    assert figures["splits"] == {
        "test": {
            "a": {"entered": 1, "goals": goals, "rates": dict.fromkeys(goals, all_of_one)},
            "b": {"entered": 2, "goals": dict.fromkeys(goals, 0), "rates": dict.fromkeys(goals, none_of_two)},
        }
    }
    assert figures["personas"]["planner"] == {
        "entered": 1,
        "goals": goals,
        "rates": dict.fromkeys(goals, all_of_one),
    }
    assert figures["personas"]["hunter"]["entered"] == 2


def test_every_measure() -> None:
    figures = as_json(result(sara(), jonas(), lena(), days=10))
    measures = {name: (m["value"], m["unit"], m["target"], m["met"]) for name, m in figures["measures"].items()}
    cost = figures["cost"]["EUR"]
    assert measures == {
        "pressure": (1, "", 1, True),
        "share_won": (0.333333, "", 0.6, False),
        "early": (1, "", None, None),
        "arms": (1, "", 0, True),
        "of_planners": (1, "", None, None),
        "basket": (50, "EUR", 40, True),
        "duration": (7200, "s", None, None),
        "since_joining": (7200, "s", None, None),
        "cost_per_order": (cost, "EUR", 5, False),
        "earned": (pytest.approx(100 - cost, abs=1e-6), "EUR", None, None),
        "buyers": (1, "", None, None),
        "never": (1, "", None, None),
        "answers": (1, "", None, None),
    }
    # Opened - half of delivered is 0, 1/2, -1/2: a variance of 3/16, for which one would ask 4/3 people.
    low, high = (pytest.approx(bound, abs=1e-6) for bound in wilson(2 / 3, 4 / 3))
    assert figures["touchpoints"]["hello"]["measures"] == {
        "open_rate": {"value": 0.5, "low": low, "high": high, "unit": "", "target": 0.55, "met": False}
    }


def test_nothing_divided_by_nothing() -> None:
    figures = as_json(result())
    assert figures["customers"] == figures["entered"] == 0
    assert figures["goals"]["won"]["rate"] is None
    assert figures["goals"]["won"]["met"] is None
    assert figures["goals"]["won"]["time"]["mean"] is None
    assert figures["measures"]["pressure"] == {
        **dict.fromkeys(("value", "low", "high", "met")),
        "unit": "",
        "target": 1,
    }
    assert figures["measures"]["share_won"]["met"] is None
    assert figures["outcomes"] == {"lost": 0, "stays": 0}
    assert figures["cost"] == {"EUR": 2}


def test_all_keys_are_always_there() -> None:
    def keys(figures: Any) -> Any:
        return {k: keys(v) for k, v in figures.items() if k != "edges"} if isinstance(figures, dict) else None

    full, empty = (as_json(result(*stories)) for stories in ((sara(), jonas(), lena()), ()))
    assert keys(full) == keys(empty)


def test_order_and_division_of_customers_play_no_part() -> None:
    texts = {to_text(as_json(result(*order))) for order in itertools.permutations((sara(), jonas(), lena()))}
    assert len(texts) == 1
    merged = Counts()
    for story in (lena(), sara(), jonas()):
        merged.merge(result(story).counts["buying"])
    assert merged == result(sara(), jonas(), lena()).counts["buying"]


def test_text_is_json_with_letters_as_they_are() -> None:
    assert json.loads(to_text({"نام": 1.5})) == {"نام": 1.5}
    assert "نام" in to_text({"نام": 1})
