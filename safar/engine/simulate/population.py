"""A population of customers through one journey, or through all journeys of a project together.

Customers come, are lived through and folded into counts one by one: memory does not grow with their number.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from typing import TypedDict, Unpack

import msgspec

from safar.engine.model import Project
from safar.engine.program import Program, lower
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.draw import Population, customer_zone, project_zone, zone_attribute
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.fast import STEPPED, WORTH_IT, Trace, Wanted, live_in_columns
from safar.engine.simulate.fold import Fold
from safar.engine.simulate.happening import Happening, Story
from safar.engine.simulate.ledger import Column, Ledger, Record, columns
from safar.engine.simulate.plain import live
from safar.engine.simulate.results import Result
from safar.engine.simulate.situation import Situation
from safar.engine.simulate.spread import EVERYBODY, Sample
from safar.engine.simulate.traces import Tracer
from safar.engine.simulate.world import Customer, World

Results = Callable[[Sequence[Column]], Callable[[Record], object]]
"""Told the columns once, gives what takes each record."""

Progress = Callable[[int, int], None]
"""Told how many customers are done, and of how many (0: not known)."""

EVERY = 64
"""Customers between two tellings of progress."""


class Options(TypedDict, total=False):
    """What may be said of a simulation; see `Plan`."""

    customers: Iterable[Customer] | None
    n: int
    seed: int
    start: int | None
    days: int | None
    rejected: Callable[[], int]
    progress: Progress | None
    traces: Callable[[str], object] | None
    results: Results | None
    keyed_by: dict[str, str]
    engine: Wanted


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a simulation is to be made: `n` customers, made up unless `customers` are given, by `seed`, from `start`
    (seconds UTC; None: 2027-01-01 00:00 in the project's zone) on, for `days` (None: as long as it takes).

    Where `customers` have no length, `n` is the size of the population, which arrivals need.  `rejected` is asked
    for the rows set aside when all customers have come.  `traces` is given each happening as a line of JSON, what
    `results` gives each run as a record.  `engine` changes nothing of what comes out.
    `keyed_by` gives a journey the name by which its chances are drawn, so that two journeys can be compared.
    """

    customers: Iterable[Customer] | None = None
    n: int = 10_000
    seed: int = 1
    start: int | None = None
    days: int | None = None
    rejected: Callable[[], int] = int
    progress: Progress | None = None
    traces: Callable[[str], object] | None = None
    results: Results | None = None
    keyed_by: dict[str, str] = {}
    engine: Wanted = "auto"

    def size(self) -> int:
        return len(self.customers) if isinstance(self.customers, Sized) else self.n

    def known_size(self) -> int:
        """The number of customers for progress; 0 where they come from a file whose length nobody counted."""
        return self.size() if self.customers is None or isinstance(self.customers, Sized) else 0


def simulate(project: Project, journey: str, **options: Unpack[Options]) -> Result:
    """One journey, with nothing else going on.  The order of the customers changes nothing in the result."""
    return _simulated(project, (lower(project, project.journeys[journey]),), Plan(**options))


def simulate_all(project: Project, **options: Unpack[Options]) -> Result:
    """All journeys of the project on one timeline per customer: limits, priorities and `start` work across them."""
    programs = tuple(lower(project, journey) for journey in project.journeys.values())
    return msgspec.structs.replace(_simulated(project, programs, Plan(**options)), together=True)


def default_start(project: Project) -> int:
    """2027-01-01 00:00 in the project's zone: a result never depends on today."""
    return project_zone(project).instant(day_number(datetime.date(2027, 1, 1)), 0)


class Generated(msgspec.Struct, frozen=True):
    """Made-up customers, from the number `first` to `last`, drawn from the personas; without personas all their
    attributes are at their defaults.
    """

    project: Project
    seed: int
    start: int
    first: int
    last: int

    def __iter__(self) -> Iterator[Customer]:
        population = Population(self.project, self.seed, self.start)
        for number in range(self.first, self.last + 1):
            persona, attributes = population.draw(str(number))
            yield Customer(key=str(number), persona=persona, attributes=attributes)


def generate(project: Project, n: int, seed: int, start: int = 0) -> Iterator[Customer]:
    """Customers 1 to n."""
    return iter(Generated(project, seed, start, 1, n))


def _simulated(project: Project, programs: tuple[Program, ...], plan: Plan) -> Result:
    start = default_start(project) if plan.start is None else plan.start
    world = World(
        programs=programs,
        seed=plan.seed,
        start=start,
        customers=plan.size(),
        days=plan.days,
        keyed_by=plan.keyed_by,
        sample=_sample(plan),
        words=plan.traces is not None,
    )
    record = None
    if plan.results is not None:
        named = columns(project, programs)
        record = Ledger(named, plan.results(named))
    fold = Fold(programs, Truths(project, start), record, sample=world.sample)
    customers = Generated(project, plan.seed, start, 1, plan.n) if plan.customers is None else plan.customers
    trace = _tracing(project, plan.traces)
    reason = _live_fast(world, customers, plan, (fold, trace))
    if reason is not None:
        _live_all(world, customers, plan, (fold, trace))
        if reason:
            fold.total.add(STEPPED, reason, by=max(one.get("customers") for one in fold.journeys.values()))
    return Result(
        project=project,
        programs=programs,
        seed=plan.seed,
        start=start,
        days=plan.days,
        rejected=plan.rejected(),
        counts=fold.journeys,
        total=fold.total,
    )


def _sample(plan: Plan) -> Sample:
    """Of customers who come from elsewhere nobody knows the number: products are taken of all."""
    return Sample.of(plan.n) if plan.customers is None or isinstance(plan.customers, Generated) else EVERYBODY


Into = tuple[Fold, Trace | None]


def _tracing(project: Project, take: Callable[[str], object] | None) -> Trace | None:
    """Writes down what happens to each customer, line by line."""
    if take is None:
        return None
    tracer = Tracer(project)

    def trace(happenings: Sequence[Happening]) -> None:
        for one in happenings:
            take(tracer.line(one))

    return trace


def _live_fast(world: World, customers: Iterable[Customer], plan: Plan, into: Into) -> str | None:
    """Live in columns, if that is wanted and can be; else why not, empty where nothing speaks against it."""
    if plan.engine == "plain" or (plan.engine == "auto" and plan.size() < WORTH_IT):
        return ""
    total = plan.known_size()

    def done(number: int) -> None:
        if plan.progress is not None:
            plan.progress(number, total or number)

    fold, trace = into
    return live_in_columns(world, customers, fold, done, trace) or None


def _live_all(world: World, customers: Iterable[Customer], plan: Plan, into: Into) -> None:
    fold, trace = into
    total, done = plan.known_size(), 0
    for done, customer in enumerate(customers, 1):
        story = live(world, customer)
        fold.add(story)
        if trace is not None:
            trace(story.happenings)
        if plan.progress is not None and done % EVERY == 0:
            plan.progress(done, total)
    if plan.progress is not None:
        plan.progress(done, total or done)


class Truths:
    """Which declared conditions hold for a customer as he is when his story is over, by his attributes alone."""

    def __init__(self, project: Project, start: int) -> None:
        declared = project.vocabulary.conditions
        self._conditions = [(name, ready(condition.expression)) for name, condition in declared.items()]
        self._zone = project_zone(project)
        self._timezone = zone_attribute(project)
        self._start = start

    def __call__(self, story: Story) -> list[str]:
        now = max((one.at for one in story.happenings), default=self._start)
        zone = customer_zone(story.attributes.get(self._timezone), self._zone)
        situation = Situation(story.persona, story.attributes, zone, now)
        return [name for name, holds in self._conditions if holds(situation, None, {}) is True]
