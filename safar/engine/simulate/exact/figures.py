"""The exact answer as the figures of `safar simulate`: the same keys, with expected values in them.

What has no exact value here (quantiles, answers that may be withdrawn, restricted measures ...) is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from safar.engine.model import Measure, Quantity
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.simulate import measures, prices, results
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.exact.chain import Solution
from safar.engine.simulate.leaves import Leaf, leaves
from safar.engine.simulate.measures import Book
from safar.engine.simulate.money import major, number
from safar.engine.simulate.results import Json, Result

PLACES = 9
"""Decimal places of expected values."""


def as_json(solution: Solution, n: int) -> Json:
    """The expected figures of n customers."""
    program = solution.program
    empty = Result(
        project=program.project,
        programs=(program,),
        seed=0,
        start=0,
        days=None,
        rejected=0,
        counts={program.journey.name: Counts()},
        total=Counts(),
    )
    figures: Json = _blank(results.as_json(empty))
    figures |= {"format_version": results.FORMAT_VERSION, "journey": program.journey.name, "engine": "exact"}
    figures["customers"] = n
    figures["exact"] = {"states": solution.states, "transitions": solution.edges, "doubt": solution.doubt}
    _Figures(solution, n, figures).fill()
    return figures


def _blank(value: Any) -> Any:
    """The same keys without numbers."""
    if isinstance(value, dict):
        return {key: _blank(one) for key, one in value.items()}
    return value if isinstance(value, str) else None


_FIGURES: dict[str, tuple[str, ...]] = {
    "messages": ("figure", "messages"),
    "delivered": ("figure", "delivered"),
    "unfinished": ("unfinished",),
    "entered": ("entered",),
    "customers": ("entered",),
}
"""The counts that the figures of measures are; a run is a customer, since nobody enters twice."""


class _Figures:
    def __init__(self, solution: Solution, n: int, figures: Json) -> None:
        self._solution, self._n, self._figures = solution, n, figures
        self._program = solution.program
        self._journey = solution.program.journey

    def _count(self, *key: str) -> float:
        return round(self._solution.count(*key) * self._n, PLACES)

    def _told(self, *key: str) -> bool:
        return not self._solution.count("untold", *key)

    def fill(self) -> None:
        figures, solution = self._figures, self._solution
        again = not self._journey.entries or self._journey.reenter is None or self._journey.reenter.how == "never"
        figures["attempts"] |= {word: self._count("attempt", word) for word in ("not_eligible", "held_out")}
        if again and not any(key[0] == "answer" and self._begins(key[2]) for key in solution.counts if len(key) > 2):
            figures["attempts"] |= {"inside": 0, "too_soon": 0}
        figures["entered"] = self._count("entered")
        figures["outcomes"] = {name: self._count("outcome", name) for name in figures["outcomes"]}
        figures["unfinished"] = self._count("unfinished")
        figures["steps"] = {node: {"visits": self._visits(node)} for node in figures["steps"]}
        figures["edges"] = list(self._edges())
        for name, goal in figures["goals"].items():
            self._goal(name, goal)
        self._parts()
        self._touchpoints()
        self._money()
        own = {measure.name: measure for measure in self._journey.measures}
        figures["measures"] = {name: self._measure(measure) for name, measure in own.items()}

    def _begins(self, event: str) -> bool:
        return any(fold(entry.event) == event for entry in self._journey.entries)

    def _visits(self, node: str) -> float:
        return self._count("entered") if node == "entry" else self._count("visit", node)

    def _edges(self) -> Iterator[Json]:
        nodes = {node: position for position, node in enumerate(self._figures["steps"])}
        gone = [key for key in self._solution.counts if key[0] == "edge"]
        for _, start, end, label in sorted(gone, key=lambda k: (nodes.get(k[1], 0), nodes.get(k[2], 0), k)):
            yield {"from": start, "to": end, "label": label, "count": self._count("edge", start, end, label)}

    def _goal(self, name: str, figures: Json) -> None:
        goal = next(one for one in self._journey.goals if one.name == name)
        reached, entered = self._solution.count("goal", name), self._solution.count("entered")
        rate = reached / entered if entered else None
        is_share = goal.target is None or goal.target.unit == "%"
        compared = rate if rate is None or is_share else reached * self._n
        mean = self._solution.times.get(("goal", name), 0.0) / reached if reached else None
        figures |= {"reached": self._count("goal", name), "rate": _rounded(rate), "method": "exact"}
        figures["value"] = {currency: self._amount("goal_value", name, currency) for currency in figures["value"]}
        figures["time"] |= {"mean": _rounded(mean), "unit": "s"}
        if goal.target is not None:
            figures["target"] = number(goal.target.value)
            figures["met"] = None if compared is None else measures.met(goal.target, Fraction(compared))

    def _amount(self, *key: str) -> float:
        return round(float(major(Fraction(self._solution.count(*key) * self._n), key[-1])), PLACES)

    def _parts(self) -> None:
        for persona, figures in self._figures["personas"].items():
            self._group(figures, "persona", persona)
        for split, arms in self._figures["splits"].items():
            for arm, figures in arms.items():
                self._group(figures, "arm", split, arm)

    def _group(self, figures: Json, kind: str, *names: str) -> None:
        reached = {goal: self._count(f"{kind}_goal", *names, goal) for goal in figures["goals"]}
        figures["entered"], figures["goals"] = self._count(kind, *names), reached
        figures["rates"] = {goal: _share(n, figures["entered"]) for goal, n in reached.items()}

    def _touchpoints(self) -> None:
        for name, figures in self._figures["touchpoints"].items():
            figures["delivered"] = self._count("delivered", name)
            figures["suppressed"] = {word: self._count("suppressed", name, word) for word in figures["suppressed"]}
            if self._told("answer", name):
                answers = {event: self._count("answer", name, fold(event)) for event in figures["answers"]}
                rates = {event: _share(n, figures["delivered"]) for event, n in answers.items()}
                figures |= {"answers": answers, "rates": rates}
        for name, figures in self._figures["channels"].items():
            figures["delivered"] = self._count("channel_delivered", name)
            words = {word: self._count("channel_suppressed", name, word) for word in figures["suppressed"]}
            figures["suppressed"] = words
            if self._cost_told():
                figures["cost"] = {code: self._amount("channel_cost", name, code) for code in figures["cost"]}

    def _cost_told(self) -> bool:
        """What is paid by the day or the month depends on how long all customers together take."""
        met = [place.move.touchpoint for place in self._program.places if isinstance(place.move, Deliver)]
        channels = self._program.project.vocabulary.channels
        costs = [one.costs for one in met]
        costs += [channels[one.contact.channel].costs for one in met if one.contact and one.contact.channel in channels]
        return self._told("cost") and not any(prices.standing(each, 0) for each in costs)

    def _money(self) -> None:
        currency = self._program.project.settings.currency
        self._figures["per_customer"]["messages"]["mean"] = round(self._solution.count("figure", "messages"), PLACES)
        for word in ("cost", "revenue"):
            codes = sorted({key[1] for key in self._solution.counts if key[0] == word}) or [currency]
            told = word == "revenue" or self._cost_told()
            for code in codes:
                mean = self._solution.count(word, code) if told else None
                value = None if mean is None else round(float(major(Fraction(mean), code)), PLACES)
                self._figures["per_customer"][word][code] = {"mean": value, "low": None, "high": None}
            self._figures[word] = {code: self._amount(word, code) if told else None for code in codes}

    # --- measures

    def _measure(self, measure: Measure) -> Json:
        found = measures.measured(self._book(measure.quantity), measure) if measure.quantity else {}
        if measure.quantity is None or not all(self._known(leaf) for leaf in leaves(measure.quantity, Leaf("", ""))):
            return {"value": None, "low": None, "high": None, "unit": "", "target": found.get("target"), "met": None}
        return dict(found)

    def _book(self, quantity: Quantity | None) -> Book:
        numbers: dict[Any, Any] = {}
        sums: dict[str, Fraction] = {}
        for key, value in self._solution.counts.items():
            if key[0] in ("cost", "revenue"):
                numbers[key] = Fraction(value * self._n)
        for leaf in leaves(quantity, Leaf("", "")) if quantity is not None else ():
            count = self._leaf(leaf)
            if count is not None:
                numbers["leaf", leaf.key] = Fraction(count * self._n)
            if leaf.of == "time" and count is not None:
                sums[leaf.key] = Fraction(self._solution.times.get(self._timed(leaf), 0.0) * self._n)
        return Book(self._program, Counts(numbers, sums=sums), {})

    def _known(self, leaf: Leaf) -> bool:
        if leaf == Leaf("figure", "cost"):
            return self._cost_told()
        return leaf == Leaf("figure", "revenue") or self._leaf(leaf) is not None

    def _leaf(self, leaf: Leaf) -> float | None:
        """The expected number of what a leaf counts for one customer; None where it is not known."""
        if leaf.within is not None or len(leaf.arms) > 1 or (leaf.arms and leaf.persona):
            return None
        if leaf.of == "time":
            return self._solution.count(*self._timed(leaf)) if self._timed(leaf) and leaf == _bare(leaf) else None
        key = self._key(leaf)
        if key is None:
            return None
        return sum(value for known, value in self._solution.counts.items() if tuple(map(fold, known)) == key)

    def _timed(self, leaf: Leaf) -> tuple[str, ...]:
        """From the entry to a goal."""
        begins = {"figure:entered", *(f"event:{fold(entry.event)}" for entry in self._journey.entries)}
        goal = next((one.name for one in self._journey.goals if leaf.field == f"goal:{fold(one.name)}"), "")
        return ("goal", goal) if leaf.name in begins and goal else ()

    def _key(self, leaf: Leaf) -> tuple[str, ...] | None:
        """The folded key of the count that a leaf is."""
        group = [fold(part) for part in (leaf.arms[0] if leaf.arms else (leaf.persona,) if leaf.persona else ())]
        kind = "arm" if leaf.arms else "persona"
        entered = leaf.of == "figure" and leaf.name in ("entered", "customers")
        if group:
            inner = {(True, False): (kind, *group), (False, True): (f"{kind}_goal", *group, leaf.name)}
            return inner.get((entered, leaf.of == "goal")) if not leaf.touchpoint else None
        if leaf.touchpoint:
            if leaf.of == "event" and self._told_of(leaf.touchpoint):
                return "answer", leaf.touchpoint, leaf.name
            return ("delivered", leaf.touchpoint) if leaf.name == "delivered" else None
        if leaf.of == "figure":
            return _FIGURES.get(leaf.name)
        if leaf.of in ("goal", "outcome", "action"):
            return leaf.of, leaf.name
        return ("delivered", leaf.name) if leaf.of == "touchpoint" else None

    def _told_of(self, touchpoint: str) -> bool:
        names = [name for name in self._figures["touchpoints"] if fold(name) == touchpoint]
        return bool(names) and self._told("answer", names[0])


def _bare(leaf: Leaf) -> Leaf:
    return Leaf(leaf.of, leaf.name, leaf.field)


def _share(number: float, of: float) -> Json:
    """An expected rate, which has no interval."""
    return {"rate": round(number / of, PLACES) if of else None, "low": None, "high": None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
