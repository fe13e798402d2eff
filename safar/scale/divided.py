"""A simulation divided into portions, and what they give put together."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

import safar
from safar.checking import Ground
from safar.choosing import Chosen, absolute
from safar.engine.program import lower
from safar.engine.simulate.ledger import columns
from safar.engine.simulate.partition import Tally
from safar.engine.simulate.population import Options, Progress
from safar.engine.simulate.results import Result
from safar.errors import RuntimeLimitError, SelectionError
from safar.filed import Crowd, Portion, even
from safar.output import OutputError
from safar.people import People
from safar.scale import spool
from safar.scale.job import Answer, Job, Task
from safar.scale.work import work
from safar.tables.location import anywhere

PORTIONS = 8
"""For each worker, where customers come from files and nobody says how many: so that none waits long for the last."""

SMALLEST = 1000
"""Customers that are worth a portion of their own."""

LARGEST = 4_000_000
"""Made-up customers of a portion, where the number of portions is not given: so that progress is seen."""

LAST = 1 << 4
"""The last portions of made-up customers are such a part of what a worker does."""


class Workers(Protocol):
    """What lives through portions, in any order."""

    workers: int

    def run(self, job: bytes, tasks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """The number and the answer of each task."""


class Here:
    """This very process."""

    workers = 1

    def run(self, job: bytes, tasks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        return ((number, work(job, task)) for number, task in enumerate(tasks))


def portions(people: People, parts: int) -> tuple[Portion, ...]:
    """So many portions, or fewer."""
    if people.customers is not None:
        return tuple(people.customers.portions(parts))
    return _ranges(even(people.n, parts))


def falling(n: int, workers: int) -> tuple[Portion, ...]:
    """Portions of made-up customers, each half of what is left for a worker: few in all, and the last ones small, so
    that all workers are done at about the same time (guided self-scheduling: C. D. Polychronopoulos and D. J. Kuck,
    IEEE Transactions on Computers C-36 (1987), 1425-1439).

    >>> [portion.size for portion in falling(64_000, 2)]
    [16000, 16000, 8000, 8000, 4000, 4000, 2000, 2000, 2000, 2000]
    """
    least = max(SMALLEST, n // (workers * LAST))
    ends = [0]
    while ends[-1] < n:
        left = n - ends[-1]
        size = min(LARGEST, max(least, -(-left // (2 * workers))))
        ends += [min(n, ends[-1] + size * worker) for worker in range(1, workers + 1)]
    return _ranges((first + 1, last) for first, last in itertools.pairwise(dict.fromkeys(ends)))


def _ranges(ranges: Iterable[tuple[int, int]]) -> tuple[Portion, ...]:
    return tuple(Portion(size=last - first + 1, first=first, last=last) for first, last in ranges)


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who does the work, in how many portions, and beside which file they write."""

    workers: int
    partitions: int | None
    cluster: str
    out: Path | None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """How a simulation is asked for: the journey as it was named and where, and the files."""

    journey: str
    together: bool
    ground: Ground
    crowd: Crowd
    by: By


def simulate(order: Order, chosen: Chosen, people: People, options: Options) -> Result:
    """The same as in one piece, bit by bit.

    Raises what that raises, `SelectionError` where there is no such cluster or a file has changed meanwhile, and
    `WorkerLostError`.
    """
    names = [chosen.name] if chosen.name else list(chosen.project.journeys)
    programs = tuple(lower(chosen.project, chosen.project.journeys[name]) for name in names)
    with contextlib.ExitStack() as opened:
        workers = _workers(order.by, opened)
        divided = _divided(order, people, workers)
        traces, results = options.get("traces"), options.get("results")
        writes = traces is not None or results is not None
        folder = opened.enter_context(spool.folder(_beside(order.by))) if writes else ""
        add = None if results is None else results(columns(chosen.project, programs))
        gathering = spool.Gathering(folder, traces, add, order.by.out)
        job = _job(order, chosen, people, options, gathering)
        whole = lived(job, divided, (workers, gathering, options.get("progress")))
    return Result(
        project=chosen.project,
        programs=programs,
        seed=job.seed,
        start=job.start,
        days=job.days,
        rejected=people.rejected,
        counts={name: whole.journeys[name] for name in names},
        total=whole.total,
        together=order.together,
    )


def _divided(order: Order, people: People, workers: Workers) -> tuple[Portion, ...]:
    """As is asked for, or as suits the workers; a file of happenings is read anew for each portion, and so there are
    fewer.
    """
    if order.by.partitions:
        return portions(people, order.by.partitions)
    if people.customers is None:
        return falling(people.n, workers.workers)
    each = 1 if order.crowd.events is not None else PORTIONS
    return portions(people, max(1, min(workers.workers * each, people.n // SMALLEST)))


def _workers(by: By, opened: contextlib.ExitStack) -> Workers:
    if by.cluster:
        from safar.scale.cluster import connected

        return opened.enter_context(connected(by.cluster))
    if by.workers == 1:
        return Here()
    from safar.scale.processes import Processes

    return Processes(by.workers)


def _beside(by: By) -> Path:
    """Where the portions write what they have to: on a cluster all workers must come there."""
    if by.out is not None:
        return by.out.parent
    return Path.cwd() if by.cluster else Path(tempfile.gettempdir())


def _job(order: Order, chosen: Chosen, people: People, options: Options, gathering: spool.Gathering) -> Job:
    named, by_name = absolute(order.journey)
    project = order.ground.project or (chosen.home.root if by_name else None)
    crowd = order.crowd
    return Job(
        version=safar.__version__,
        journey=named,
        together=order.together,
        project=None if project is None else str(project.absolute()),
        limits=dict(order.ground.limits),
        customers=None if crowd.customers is None else anywhere(crowd.customers),
        events=None if crowd.events is None else anywhere(crowd.events),
        size=people.n,
        seed=options["seed"],
        start=options["start"] or 0,
        days=options["days"],
        spool=gathering.folder,
        results=gathering.add is not None,
        traces=gathering.traces is not None,
        engine=options.get("engine", "auto"),
    )


def lived(job: Job, divided: Sequence[Portion], by: tuple[Workers, spool.Gathering, Progress | None]) -> Tally:
    """The counts of all portions; what they wrote is gathered."""
    workers, gathering, progress = by
    encode = msgspec.msgpack.encode
    tasks = [encode(Task(number, portion)) for number, portion in enumerate(divided)]
    total, done, whole = sum(portion.size for portion in divided), 0, Tally()
    for number, packed in workers.run(encode(job), tasks):
        answer = msgspec.msgpack.decode(packed, type=Answer)
        if fault := gathering.fault(answer.wrong):
            raise OutputError(fault)
        if answer.wrong:
            raise (RuntimeLimitError if answer.limit else SelectionError)(answer.wrong)
        whole.merge(answer.tally())
        gathering.done(number)
        done += divided[number].size
        if progress is not None:
            progress(done, total)
    found = max((counts.get("customers") for counts in whole.journeys.values()), default=0)
    if found != job.size:
        raise SelectionError(f"{job.size} customers were counted, but {found} found: a file has changed meanwhile")
    return whole
