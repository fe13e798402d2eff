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
from safar.engine.simulate.columns.stamps import NEVER
from safar.engine.simulate.columns.tally import Tally
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.world import Customer, World

CHUNK = 98_304
"""Customers of a chunk: so many that NumPy's work outweighs Python's, so few that a column stays near the processor."""
SAMPLED_CHUNK = 65_536
"""Where products are taken for intervals, of which each needs a column more."""
LARGE_CHUNK = 262_144
"""Of journeys with many places, at each of which only some of a chunk's customers are."""
MANY_PLACES = 100

MOST_TIMES = 1 << 16
"""Times to goals that are kept before they are put into classes, which takes long for few of them."""

SCRIPTED = "happenings of their own"

Plain = Callable[[Customer], None]
"""Lives one customer by the plain interpreter into the counts that it belongs to."""

Each = Callable[[Chunk], None]
"""Told of each chunk when it is over, without those who cannot be followed."""


def is_drawn(customer: Customer) -> bool:
    """Whether what the customer does is a matter of chance."""
    return customer.occurrences is None and customer.arrives is not False


class Engine:
    """Lives customers through one journey into `counts` and `total`; with `plain` those who cannot be followed.

    `reasons` says how many these were, by reason.  Raises `NotInColumns` where the journey cannot be had in columns.
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
        self._plan: Plan = planned(world, recorded=recorded)
        self._plain = plain
        self._each = each
        many = len(self._plan.spots) > MANY_PLACES
        self._size = size or (LARGE_CHUNK if many else CHUNK)
        self._sampled_size = size or (LARGE_CHUNK if many else SAMPLED_CHUNK)
        self.counts, self.total = Counts(), Counts()
        self.reasons: dict[str, int] = {}
        self._counted = Tally()
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
        for begin, end, sampled in self._plan.world.sample.stretches(first, last):
            size = self._sampled_size if sampled else self._size
            yield from self._plan.people.generated(begin, end, size, sampled=sampled)

    def given(self, customers: Iterable[Customer], done: Callable[[int], None]) -> None:
        """Customers as they come; what those with happenings of their own do is no matter of chance."""
        coming, number = iter(customers), 0
        while chunk := list(islice(coming, self._size)):
            drawn = [one for one in chunk if is_drawn(one)]
            for one in chunk:
                if not is_drawn(one):
                    self._step(one, SCRIPTED)
            if drawn:
                self._live(self._plan.people.given(drawn))
            number += len(chunk)
            done(number)
        self._flush()

    def _flush(self) -> None:
        self._counted.into(self.counts, self.total)
        self._counted = Tally()

    def _step(self, customer: Customer, reason: str) -> None:
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self._plain(customer)

    def _live(self, crowd: Crowd) -> None:
        stepped, _ = self._followed(crowd)
        for row, why in stepped.items():
            self._step(crowd.customer(row), why)

    def _followed(self, crowd: Crowd) -> tuple[dict[int, str], Recorder | None]:
        """Live all who can be followed into the counts; the others, and why, and what was noted."""
        stepped: dict[int, str] = {}
        try:
            tally, recorder = self._tally(crowd, stepped)
        except NotInColumns as reason:
            return dict.fromkeys(range(crowd.n), str(reason)), None
        self._counted.add(tally)
        if self._counted.size > MOST_TIMES:
            self._flush()
        return stepped, recorder

    def _chunk(self, crowd: Crowd, kept: Array | None) -> Chunk:
        return Chunk(self._plan, crowd, self._pool, kept)

    def _tally(self, crowd: Crowd, stepped: dict[int, str]) -> tuple[Tally, Recorder | None]:
        """The counts of all who can be followed; the others join `stepped`."""
        while True:
            kept = np.setdiff1d(np.arange(crowd.n), np.array([*stepped], np.intp)) if stepped else None
            chunk = self._chunk(crowd, kept)
            chunk.live()
            if not chunk.reasons:
                if self._each is not None:
                    self._each(chunk)
                return chunk.tally, chunk.recorder
            for reason, rows in chunk.reasons.items():
                stepped.update(dict.fromkeys(np.flatnonzero(rows).tolist(), reason))
