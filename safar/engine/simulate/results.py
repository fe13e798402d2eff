"""The result of a simulation, and its figures as `safar simulate --json` gives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from safar.engine.model import At, Goal, Project, Send, Touchpoint
from safar.engine.moves import Deliver, Draw, Exit, Jump
from safar.engine.program import Program
from safar.engine.simulate import clock, funnel, holidays, measures, prices
from safar.engine.simulate.counts import Counts, Key
from safar.engine.simulate.fast import FAST, STEPPED
from safar.engine.simulate.fold import ATTEMPTS
from safar.engine.simulate.leaves import listed
from safar.engine.simulate.measures import Book, met
from safar.engine.simulate.money import major, number, rounded, written
from safar.engine.simulate.sloped import Sloped
from safar.engine.simulate.spread import MESSAGES, error
from safar.engine.simulate.spread import money as factor
from safar.engine.simulate.statistics import LEVEL, Z, wilson

FORMAT_VERSION = 1
REASONS = ("consent", "limit", "quiet", "closed", "held")
QUANTILES = ("0.1", "0.5", "0.9")

Json = dict[str, Any]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one journey, or (`together`) of several on one timeline, and how they were come by."""

    project: Project
    programs: tuple[Program, ...]
    seed: int
    start: int
    days: int | None
    rejected: int
    counts: dict[str, Counts]
    total: Counts
    together: bool = False

    @property
    def customers(self) -> int:
        return max((counts.get("customers") for counts in self.counts.values()), default=0)

    @property
    def seconds(self) -> int:
        """How long what is paid by time was paid for: `days`, or else from the start to the last happening."""
        return self.days * 86_400 if self.days is not None else max(0, self.total.last - self.start)


def as_json(result: Result) -> Json:
    """The figures as plain data.  Every key is always there.

    Rates, bounds, means and measures are rounded to six places; money is exact, in major units.
    """
    head: Json = {"format_version": FORMAT_VERSION}
    facts: Json = {
        "seed": result.seed,
        "engine": "fast" if result.total.get(FAST) else "plain",
        "stepped": _stepped(result),
        "data": {"zones": clock.data_version(), "holidays": holidays.version(result.project)},
        "customers": result.customers,
        "rejected_rows": result.rejected,
    }
    if not result.together:
        program = result.programs[0]
        return {**head, "journey": program.journey.name, **facts, **_journey(result, program)}
    journeys = {program.journey.name: _journey(result, program) for program in result.programs}
    return {**head, **facts, "journeys": journeys, **_totals(result)}


def _stepped(result: Result) -> Json:
    """The customers whom the plain interpreter lived through, event by event, and why."""
    number = result.customers - result.total.get(FAST)
    return {
        "customers": number,
        "share": rounded(Fraction(number, result.customers)) if result.customers else None,
        "reasons": {rest[0]: many for rest, many in result.total.under(STEPPED)},
    }


def to_text(figures: Json) -> str:
    """Figures as the text of a file; equal figures give equal bytes."""
    return json.dumps(figures, ensure_ascii=False, indent=2) + "\n"


def _journey(result: Result, program: Program) -> Json:
    counts = result.counts[program.journey.name]
    book = Book(program, counts, standing(result, [program]))
    goals = program.journey.goals
    own = [measure for touchpoint, measure in listed(program) if not touchpoint]
    return {
        "attempts": {word: counts.get("attempt", word) for word in ATTEMPTS},
        "entered": counts.get("entered"),
        "outcomes": {name: counts.get("outcome", name) for name in _outcomes(program)},
        "unfinished": counts.get("unfinished"),
        "goals": {goal.name: _goal(book, goal) for goal in goals},
        "hold_out": _hold_out(counts, goals),
        "stages": {name: _stage(one, _outcomes(program)) for name, one in funnel.stages(program, counts).items()},
        "steps": {node: {"visits": counts.get("visit", node)} for node in _nodes(program)},
        "edges": list(_edges(program, counts)),
        "touchpoints": {one.name: _touchpoint(book, one) for one in _touchpoints(program)},
        "channels": _channels(result, [program], counts),
        "splits": {split: _split(counts, split, arms, goals) for split, arms in _splits(program)},
        "personas": {name: _group(counts, ("persona", name), goals) for name in result.project.vocabulary.personas},
        **_money(result, counts, book.standing),
        "per_customer": _per_customer(program, counts),
        "measures": {measure.name: measures.measured(book, measure) for measure in own},
    }


def _totals(result: Result) -> Json:
    counts = Counts(result.total.numbers, last=result.total.last)
    standing_costs = standing(result, result.programs)
    return {"channels": _channels(result, result.programs, counts), **_money(result, counts, standing_costs)}


def _goal(book: Book, goal: Goal) -> Json:
    counts = book.counts
    reached, entered = counts.get("goal", goal.name), counts.get("entered")
    times = counts.times.get(goal.name)
    rate = Fraction(reached, entered) if entered else None
    compared = rate if goal.target is None or goal.target.unit == "%" else Fraction(reached)
    return {
        "reached": reached,
        **_share(reached, entered),
        "method": "wilson",
        "level": LEVEL,
        "value": written(
            counts.money("goal_value", goal.name), *([book.program.project.settings.currency] if goal.value else [])
        ),
        "time": {
            "unit": "s",
            "mean": rounded(times.mean()) if times else None,
            **_bounds(times.interval() if times else None),
            "quantiles": {share: times.quantile(Fraction(share)) if times else None for share in QUANTILES},
        },
        "target": None if goal.target is None else number(goal.target.value),
        "met": None if goal.target is None else met(goal.target, compared),
    }


def _bounds(interval: tuple[float, float] | None) -> Json:
    low, high = interval or (None, None)
    return {"low": rounded(low), "high": rounded(high)}


def _per_customer(program: Program, counts: Counts) -> Json:
    """Means over customers with their 95% intervals: messages, cost (what is paid by time left out), revenue."""
    currency = program.project.settings.currency
    sent = sum(counts.get("delivered", one.name) for one in _touchpoints(program) if prices.is_marketing(one))
    means: Json = {"messages": _mean(counts, Sloped(Fraction(sent), "", {MESSAGES: Fraction(1)}))}
    for word in ("cost", "revenue"):
        amounts = counts.money(word) or {currency: 0}
        means[word] = {
            code: _mean(counts, Sloped(major(units, code), code, {factor(word, code): major(1, code)}))
            for code, units in amounts.items()
        }
    return means


def _mean(counts: Counts, total: Sloped) -> Json:
    mean = total.over(Sloped(Fraction(counts.get("customers"))))
    if mean is None:
        return {"mean": None, "low": None, "high": None}
    wrong, middle = error(counts, mean.slopes), float(mean.value)
    half = None if wrong is None else Z * wrong
    return {"mean": rounded(mean.value), **_bounds(None if half is None else (middle - half, middle + half))}


def _share(reached: int, runs: int) -> Json:
    """A share of runs with its interval; nothing is known of a share of none, and what is more is no share."""
    if not runs:
        return {"rate": None, "low": None, "high": None}
    bounds = wilson(reached, runs) if reached <= runs else None
    return {"rate": rounded(Fraction(reached, runs)), **_bounds(bounds)}


def _hold_out(counts: Counts, goals: Iterable[Goal]) -> Json:
    """Held-out customers meet no touchpoint and take no exit: of goals that count by these nothing can be said."""
    attempts = counts.get("attempt", "held_out")
    return {
        "customers": counts.get("held_out_customers"),
        "goals": {
            goal.name: {
                "reached": counts.get("held_out_goal", goal.name),
                **_share(counts.get("held_out_goal", goal.name), attempts if _by_event(goal) else 0),
            }
            for goal in goals
        },
    }


def _by_event(goal: Goal) -> bool:
    return goal.on is not None and goal.on.kind.value == "event" and goal.on.answers is None


def _touchpoint(book: Book, touchpoint: Touchpoint) -> Json:
    counts, name = book.counts, touchpoint.name
    answers = dict.fromkeys(_answers(touchpoint), 0) | {rest[0]: n for rest, n in counts.under("answer", name)}
    return {
        "delivered": counts.get("delivered", name),
        "suppressed": {reason: counts.get("suppressed", name, reason) for reason in REASONS},
        "answers": answers,
        "rates": {event: _share(n, counts.get("delivered", name)) for event, n in answers.items()},
        "measures": {measure.name: measures.measured(book, measure, name) for measure in touchpoint.measures},
    }


def _answers(touchpoint: Touchpoint) -> Iterator[str]:
    todo = list(touchpoint.responds)
    while todo:
        line = todo.pop(0)
        yield line.event
        todo = [*line.then, *todo]


def _channels(result: Result, programs: Iterable[Program], counts: Counts) -> Json:
    used = {one.contact.channel for p in programs for one in _touchpoints(p) if isinstance(one.contact, Send | At)}
    channels = {name: one for name, one in result.project.vocabulary.channels.items() if name in used}
    figures = {}
    for name, channel in channels.items():
        cost = counts.money("channel_cost", name)
        for currency, units in prices.standing(channel.costs, result.seconds):
            cost[currency] = cost.get(currency, 0) + units
        figures[name] = {
            "delivered": counts.get("channel_delivered", name),
            "suppressed": {reason: counts.get("channel_suppressed", name, reason) for reason in REASONS},
            "cost": written(cost, *{one.currency for one in channel.costs if one.per != "build"}),
        }
    return figures


def standing(result: Result, programs: Iterable[Program]) -> dict[str, int]:
    """What channels and touchpoints cost by the day and the month, each once however many journeys use it."""
    met = {one.name: one for program in programs for one in _touchpoints(program)}
    used = {one.contact.channel for one in met.values() if isinstance(one.contact, Send | At)}
    costs = [channel.costs for name, channel in result.project.vocabulary.channels.items() if name in used]
    amounts: dict[str, int] = {}
    for each in (*costs, *(one.costs for one in met.values())):
        for currency, units in prices.standing(each, result.seconds):
            amounts[currency] = amounts.get(currency, 0) + units
    return amounts


def _money(result: Result, counts: Counts, standing: Mapping[str, int]) -> Json:
    cost = counts.money("cost")
    for currency, units in standing.items():
        cost[currency] = cost.get(currency, 0) + units
    currency = result.project.settings.currency
    revenue = counts.money("revenue")
    return {
        "cost": written(cost, *([] if cost else [currency])),
        "revenue": written(revenue, *([] if revenue else [currency])),
    }


def _stage(one: funnel.Passing, outcomes: Iterable[str]) -> Json:
    left = {outcome: one.left.get(outcome, 0) for outcome in outcomes}
    return {"came": one.came, "went_on": one.went_on, "left": left, "inside": one.inside}


def _split(counts: Counts, split: str, arms: tuple[str, ...], goals: Iterable[Goal]) -> Json:
    return {arm: _group(counts, ("arm", split, arm), goals) for arm in arms}


def _group(counts: Counts, group: Key, goals: Iterable[Goal]) -> Json:
    """The runs of a persona or an arm, and those that reached each goal."""
    entered = counts.get(*group)
    reached = {goal.name: counts.get(f"{group[0]}_goal", *group[1:], goal.name) for goal in goals}
    return {"entered": entered, "goals": reached, "rates": {goal: _share(n, entered) for goal, n in reached.items()}}


# --- what a program has, in file order


def _touchpoints(program: Program) -> Iterator[Touchpoint]:
    seen = set()
    for place in program.places:
        if isinstance(place.move, Deliver) and place.move.touchpoint.name not in seen:
            seen.add(place.move.touchpoint.name)
            yield place.move.touchpoint


def _outcomes(program: Program) -> list[str]:
    """Outcomes by name; `completed` only where a run can come to the end."""
    reachable = program.reachable()
    return sorted(
        {
            p.move.outcome
            for p in program.places
            if isinstance(p.move, Exit) and (p.id in reachable or p.step is not None)
        }
    )


def _splits(program: Program) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place in program.places:
        if isinstance(place.move, Draw):
            yield place.move.split, tuple(arm.name for arm in place.move.arms)


def _nodes(program: Program) -> list[str]:
    """Names of places in outputs: the entry, the steps in file order, the exits by name."""
    steps = [place.node for place in program.places if not isinstance(place.move, Jump | Exit)]
    return list(dict.fromkeys(["entry", *steps, *(f"exit:{name}" for name in _outcomes(program))]))


def _edges(program: Program, counts: Counts) -> Iterator[Json]:
    """Ways that were gone, in the order of the steps."""
    order = {node: position for position, node in enumerate(_nodes(program))}
    gone = [(order.get(way[0], len(order)), order.get(way[1], len(order)), way, n) for way, n in counts.under("edge")]
    for _, _, (start, end, label), count in sorted(gone):
        yield {"from": start, "to": end, "label": label, "count": count}
