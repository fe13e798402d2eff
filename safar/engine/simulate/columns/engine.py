"""The fast engine: customers in, counts out, chunk by chunk.

Whom a chunk cannot follow exactly is taken out of it: the chunk is lived through again without him, and the plain
interpreter lives him into the same counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np

from safar.engine.simulate.columns.cells import Array, Pool
from safar.engine.simulate.columns.chunk import Chunk
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.compile import planned
from safar.engine.simulate.columns.memory import keep_freed
from safar.engine.simulate.columns.people import Crowd
from safar.engine.simulate.columns.plan import Plan
from safar.engine.simulate.columns.recorder import Recorder
from safar.engine.simulate.columns.sayings import Heard
from safar.engine.simulate.columns.stamps import NEVER
from safar.engine.simulate.columns.tally import Tally
from safar.engine.simulate.columns.traffic import clashes, counted_twice, listened
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.world import Customer, World

CHUNK = 98_304
"""Customers of a chunk: so many that NumPy's work outweighs Python's, so few that a column stays near the processor."""
SAMPLED_CHUNK = 65_536
"""Where products are taken for intervals, of which each needs a column more."""
LARGE_CHUNK = 262_144
"""Of journeys with many places, at each of which only some of a chunk's customers are."""
MANY_PLACES = 100

SMALL_CHUNK = 32_768
"""Of many journeys each, whatever memory that takes."""

MOST_ROUNDS = 6
"""Times that journeys are lived through to hear what the others said."""

MOST_TIMES = 1 << 16
"""Times to goals that are kept before they are put into classes, which takes long for few of them."""

SCRIPTED = "happenings of their own"

Plain = Callable[[Customer], None]
"""Lives one customer by the plain interpreter into the counts that it belongs to."""

Each = Callable[[Chunk], None]
"""Told of each chunk when it is over, without those who cannot be followed."""


def _size(plans: tuple[Plan, ...], usual: int) -> int:
    """Of several journeys each has its share of the memory."""
    if len(plans) > 1:
        return max(usual // len(plans), SMALL_CHUNK)
    return LARGE_CHUNK if len(plans[0].spots) > MANY_PLACES else usual


def is_drawn(customer: Customer) -> bool:
    """Whether what the customer does is a matter of chance."""
    return customer.occurrences is None and customer.arrives is not False


class Engine:
    """Lives customers through journeys into `counts` of each and `total`; with `plain` those who cannot be followed.

    `reasons` says how many these were, by reason.  Raises `NotInColumns` where the journeys cannot be had in columns.
    """

    def __init__(
        self,
        world: World,
        plain: Plain,
        size: int | None = None,
        *,
        recorded: bool = False,
        each: Each | None = None,
    ) -> None:
        keep_freed()
        self._plans: tuple[Plan, ...] = planned(world, recorded=recorded)
        self._people = self._plans[0].people
        self._plain = plain
        self._each = each
        self._size = size or _size(self._plans, CHUNK)
        self._sampled_size = size or _size(self._plans, SAMPLED_CHUNK)
        self.counts, self.total = {plan.track.name: Counts() for plan in self._plans}, Counts()
        self.reasons: dict[str, int] = {}
        self._counted = [Tally() for _ in self._plans]
        self._pool = Pool(NEVER)

    def generated(self, first: int, last: int, done: Callable[[int], None]) -> None:
        """The customers of these numbers, the last one too.  `done` is told how many are."""
        number = 0
        for crowd in self._crowds(first, last):
            self._live(crowd)
            number += crowd.n
            done(number)
            del crowd  # it is given up before the next one is drawn
        self._flush()

    def _crowds(self, first: int, last: int) -> Iterator[Crowd]:
        """The customers of these numbers in crowds that are in the sample for intervals, or out of it, as a whole."""
        for begin, end, sampled in self._plans[0].world.sample.stretches(first, last):
            size = self._sampled_size if sampled else self._size
            yield from self._people.generated(begin, end, size, sampled=sampled)

    def given(self, customers: Iterable[Customer], done: Callable[[int], None]) -> None:
        """Customers as they come; what those with happenings of their own do is no matter of chance."""
        coming, number = iter(customers), 0
        while chunk := list(islice(coming, self._size)):
            drawn = [one for one in chunk if is_drawn(one)]
            for one in chunk:
                if not is_drawn(one):
                    self._step(one, SCRIPTED)
            if drawn:
                self._live(self._people.given(drawn))
            number += len(chunk)
            done(number)
        self._flush()

    def _flush(self) -> None:
        for counted, counts in zip(self._counted, self.counts.values(), strict=True):
            counted.into(counts, self.total)
        self._counted = [Tally() for _ in self._plans]

    def _step(self, customer: Customer, reason: str) -> None:
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self._plain(customer)

    def _live(self, crowd: Crowd) -> None:
        stepped, _ = self._followed(crowd)
        for row, why in stepped.items():
            self._step(crowd.customer(row), why)

    def _followed(self, crowd: Crowd) -> tuple[dict[int, str], list[Recorder]]:
        """Live all who can be followed into the counts; the others, and why, and what was noted of each journey."""
        stepped: dict[int, str] = {}
        try:
            chunks = self._chunks(crowd, stepped)
        except NotInColumns as reason:
            return dict.fromkeys(range(crowd.n), str(reason)), []
        for counted, chunk in zip(self._counted, chunks, strict=True):
            counted.add(chunk.tally)
        if len(chunks) > 1:
            for currency, units in counted_twice(chunks).items():
                self.total.add("revenue", currency, by=-units)
        if sum(counted.size for counted in self._counted) > MOST_TIMES:
            self._flush()
        return stepped, [chunk.recorder for chunk in chunks if chunk.recorder is not None]

    def _chunk(self, number: int, crowd: Crowd, kept: Array | None, heard: Heard) -> Chunk:
        return Chunk(self._plans[number], crowd, self._pool, kept, heard)

    def _chunks(self, crowd: Crowd, stepped: dict[int, str]) -> list[Chunk]:
        """All who can be followed, journey by journey; the others join `stepped`."""
        heard: list[Heard] = [{} for _ in self._plans]
        rounds = 0
        while True:
            kept = np.setdiff1d(np.arange(crowd.n), np.array([*stepped], np.intp)) if stepped else None
            chunks, reasons = [], dict[str, Array]()
            for number in range(len(self._plans)):
                chunk = self._chunk(number, crowd, kept, heard[number])
                chunk.live()
                chunks.append(chunk)
                for reason, rows in chunk.reasons.items():
                    reasons[reason] = rows | reasons.get(reason, False)
            if len(chunks) > 1:
                rounds += 1
                heard, others = listened(chunks)
                if kept is not None:
                    others[np.setdiff1d(np.arange(crowd.n), kept)] = False
                if others.any() and rounds < MOST_ROUNDS:
                    continue
                reasons |= clashes(chunks)
                if others.any():
                    reasons["journeys that answer each other for long"] = others
            if not reasons:
                if self._each is not None:
                    for chunk in chunks:
                        self._each(chunk)
                return chunks
            for reason, rows in reasons.items():
                stepped.update(dict.fromkeys(np.flatnonzero(rows).tolist(), reason))
