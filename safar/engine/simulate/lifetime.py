"""What a customer is worth over a period, and two journeys compared customer by customer.

Lifetime value is the margin (revenue less what messages, answers and actions cost) over the period from the entry,
discounted month by month: R. C. Blattberg, B.-D. Kim and S. A. Neslin, Database Marketing (2008), chapter 5.  Both
journeys are sent the same customers with the same chance, by the name of the second, so differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec

from safar.engine.model import Journey, Measure, Quantity
from safar.engine.names import fold
from safar.engine.simulate.batches import Batches, Books, Estimate, People, Side, run
from safar.engine.simulate.measures import Book, evaluate
from safar.engine.simulate.money import converted
from safar.engine.simulate.population import Progress
from safar.engine.simulate.results import FORMAT_VERSION, Json
from safar.engine.simulate.sequence import Verdict, decide
from safar.engine.simulate.statistics import LEVEL
from safar.engine.source import NOWHERE

DAY = 86_400
MONTH = 30 * DAY
"""The steps in which is discounted."""


Single = Callable[[Book], "Fraction | None"]
"""A figure of one journey; None where it is divided by nothing, or no rate joins two currencies."""


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """So many `seconds` from each entry; `discount` is the rate of a year, 0.1 for 10%."""

    seconds: int = 365 * DAY
    discount: float = 0.0

    def ends(self) -> list[int]:
        """The ends of its months, the last one cut short."""
        return [*range(MONTH, self.seconds, MONTH), self.seconds]

    def weight(self, end: int) -> Fraction:
        """What money of the month that ends there is worth at the entry: as if it came in the middle of the month."""
        middle = (end - min(MONTH, end) / 2) / (365 * DAY)
        return Fraction((1 + self.discount) ** -middle)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of both journeys and the difference of the second from the first, each with its 95% interval.

    `unit` is a currency, empty for numbers per customer, or `%` for shares.  What is better depends on the figure: of
    costs and messages, less.
    """

    name: str
    unit: str
    first: Estimate | None
    second: Estimate | None
    difference: Estimate | None

    @property
    def verdict(self) -> Verdict:
        """What is known of the difference: better means that the second journey has more of it."""
        one = self.difference
        return decide(None if one is None or one.low is None or one.high is None else (one.low, one.high))


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Both journeys compared over all customers (persona empty) and over each persona that both know."""

    customers: int
    seed: int
    period: Period
    currency: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]


def compare(first: Side, second: Side, period: Period, people: People, progress: Progress | None = None) -> Compared:
    """Two journeys, or two versions of one, by the same customers: goals, messages, orders, cost, revenue, value."""
    sides = [_measuring(side, period) for side in (first, second)]
    sides[0] = msgspec.structs.replace(sides[0], keyed_by=second.journey)
    seen = Batches()
    for results in run(sides, people, progress):
        seen.add(results)
    both = [side.project.vocabulary.personas for side in sides]
    personas = ["", *(name for name in both[0] if name in both[1])]
    return Compared(
        customers=seen.customers,
        seed=people.seed,
        period=period,
        currency=second.project.settings.currency,
        groups=tuple((name, tuple(_rows(seen, sides, period, name))) for name in personas),
    )


# --- what is counted


def _name(name: str, of: str = "figure") -> Quantity:
    return Quantity(span=NOWHERE, kind="name", name=name, of=of)


def _for(persona: str, quantity: Quantity) -> Quantity:
    return Quantity(span=NOWHERE, kind="for", name=persona, parts=(quantity,)) if persona else quantity


def _within(seconds: int, quantity: Quantity) -> Quantity:
    return Quantity(span=NOWHERE, kind="within", seconds=seconds, parts=(quantity,))


def _orders(journey: Journey) -> list[str]:
    """The events that bring a goal its value."""
    return list(dict.fromkeys(goal.on.name for goal in journey.goals if goal.on is not None and goal.value is not None))


def _measuring(side: Side, period: Period) -> Side:
    """The side in whose journey everything is measured that is compared."""
    journey = side.project.journeys[side.journey]
    asked = [
        _for(persona, quantity)
        for persona in ("", *side.project.vocabulary.personas)
        for quantity in _asked(journey, period)
    ]
    measures = tuple(Measure(span=NOWHERE, name=f"compared {n}", quantity=one) for n, one in enumerate(asked))
    changed = msgspec.structs.replace(journey, measures=(*journey.measures, *measures))
    project = msgspec.structs.replace(side.project, journeys={**side.project.journeys, side.journey: changed})
    return msgspec.structs.replace(side, project=project)


def _asked(journey: Journey, period: Period) -> Iterator[Quantity]:
    yield _name("customers")
    yield _within(period.seconds, _name("messages"))
    yield from (_within(period.seconds, _name(event, "event")) for event in _orders(journey))
    yield from (_name(goal.name, "goal") for goal in journey.goals)
    for end in period.ends():
        yield from (_within(end, _name(word)) for word in ("cost", "revenue"))


# --- what is compared


def _rows(seen: Batches, sides: list[Side], period: Period, persona: str) -> Iterator[Row]:
    journeys = [side.project.journeys[side.journey] for side in sides]
    currency = sides[1].project.settings.currency
    shared = {fold(goal.name) for goal in journeys[1].goals}
    for goal in journeys[0].goals:
        if fold(goal.name) in shared:
            yield _row(seen, goal.name, "%", [_each(_for(persona, _name(goal.name, "goal")), persona)] * 2)
    yield _row(seen, "messages", "", [_each(_for(persona, _within(period.seconds, _name("messages"))), persona)] * 2)
    if all(_orders(journey) for journey in journeys):
        yield _row(seen, "orders", "", [_all_orders(journey, period, persona) for journey in journeys])
    for word in ("cost", "revenue"):
        quantity = _for(persona, _within(period.seconds, _name(word)))
        yield _row(seen, word, currency, [_each(quantity, persona, currency)] * 2)
    yield _row(seen, "lifetime value", currency, [_value(period, persona, currency)] * 2)


def _row(seen: Batches, name: str, unit: str, figures: list[Single]) -> Row:
    first, second = figures

    def gap(books: Books) -> Fraction | None:
        ours, theirs = first(books[0]), second(books[1])
        return None if ours is None or theirs is None else theirs - ours

    return Row(
        name=name,
        unit=unit,
        first=seen.estimate(lambda books: first(books[0])),
        second=seen.estimate(lambda books: second(books[1])),
        difference=seen.estimate(gap),
    )


def _each(quantity: Quantity, persona: str, currency: str = "") -> Single:
    """A figure for each customer who entered."""

    def figure(book: Book) -> Fraction | None:
        customers = evaluate(book, _for(persona, _name("customers")))
        amount = _amount(book, quantity, currency)
        return None if amount is None or customers is None or not customers.value else amount / customers.value

    return figure


def _amount(book: Book, quantity: Quantity, currency: str) -> Fraction | None:
    """The value of a quantity; money in that currency, None without a rate."""
    found = evaluate(book, quantity)
    if found is None or not found.unit:
        return None if found is None else found.value
    return converted(found.value, found.unit, currency, book.program.project.settings.rates)


def _all_orders(journey: Journey, period: Period, persona: str) -> Single:
    parts = [
        _each(_for(persona, _within(period.seconds, _name(event, "event"))), persona) for event in _orders(journey)
    ]

    def figure(book: Book) -> Fraction | None:
        found = [part(book) for part in parts]
        return None if None in found else sum((one for one in found if one is not None), Fraction(0))

    return figure


def _value(period: Period, persona: str, currency: str) -> Single:
    """The margin of each month, discounted."""
    months = [(end, period.weight(end)) for end in period.ends()]
    words = [(word, sign) for word, sign in (("revenue", 1), ("cost", -1))]

    def figure(book: Book) -> Fraction | None:
        total, before = Fraction(0), Fraction(0)
        for end, weight in months:
            now = Fraction(0)
            for word, sign in words:
                amount = _each(_for(persona, _within(end, _name(word))), persona, currency)(book)
                if amount is None:
                    return None
                now += sign * amount
            total += (now - before) * weight
            before = now
        return total

    return figure


def as_json(found: Compared, first: str, second: str) -> Json:
    """The comparison as plain data; `verdict` says whether the second has more of it or less."""
    words = {Verdict.BETTER: "more", Verdict.WORSE: "less"}
    groups = {
        name: {
            row.name: {
                "unit": row.unit,
                "first": row.first.as_json() if row.first is not None else None,
                "second": row.second.as_json() if row.second is not None else None,
                "difference": row.difference.as_json() if row.difference is not None else None,
                "verdict": words.get(row.verdict, "undecided"),
            }
            for row in rows
        }
        for name, rows in found.groups
    }
    return {
        "format_version": FORMAT_VERSION,
        "first": first,
        "second": second,
        "customers": found.customers,
        "seed": found.seed,
        "level": LEVEL,
        "period": {"unit": "s", "value": found.period.seconds},
        "discount": found.period.discount,
        "currency": found.currency,
        "all": groups.pop(""),
        "personas": groups,
    }
