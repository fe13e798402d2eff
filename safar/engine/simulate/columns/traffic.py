"""Several journeys on one timeline: what runs of one leave behind that runs of another may meet.

Each journey is lived through by itself, as if its customers were in no other.  That is what happens to them together
as long as nothing that one journey leaves (a message that counts in a limit, an attribute, an event, a cost that is
paid once) is there when another asks for it: by induction over a customer's timeline, whose first difference would have
to be such a question.  Customers for whom that is not certain are stepped.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate.columns.cells import ALL, NOBODY, Array, Cell, Values, least, most, numbers, spread
from safar.engine.simulate.columns.paid import Paid, doubtful, twice
from safar.engine.simulate.columns.sayings import SILENCE, Heard, Saying
from safar.engine.simulate.columns.stamps import instant

if TYPE_CHECKING:
    from safar.engine.simulate.columns.batch import Batch
    from safar.engine.simulate.columns.checks import Capped
    from safar.engine.simulate.columns.chunk import Chunk

Concern = tuple[str, object]
"""What is left: of which kind, and which one."""

_LATE = 1 << 40
"""Later than any instant."""


class When(enum.Enum):
    """When a journey asks for what another has left."""

    ALWAYS = "always"
    IN_THE_END = "in the end"  # of customers who are ever in it
    AFTERWARDS = "afterwards"  # as long as they are in it, whenever it was left
    AT_ONCE = "at once"  # while they are in it


class How(msgspec.Struct, frozen=True):
    when: When
    reason: str


class _Left:
    """Who left it, first and last."""

    def __init__(self, n: int) -> None:
        self.first, self.last = Cell(n, _LATE), Cell(n, -1)


def _instants(rows: Array, batch: Batch) -> Array:
    """Row and instant in one number, so that those of a row are next to each other, in order."""
    found: Array = rows * _LATE + instant(batch.now)
    return found


class Asked:
    """The messages that counted, by counter, and those for which a limit was asked: by row and instant."""

    def __init__(self) -> None:
        self.sent: dict[int, list[Array]] = {}
        self.asked: dict[Capped, list[tuple[Array, int]]] = {}

    def _sent(self, counter: int) -> Array:
        return np.sort(np.concatenate([NOBODY, *self.sent.get(counter, ())]))

    def filled(self, others: Sequence[Asked], n: int) -> Array:
        """Where a limit is reached by what was sent here and elsewhere together, and not by that from here alone."""
        found = np.zeros(n, np.bool_)
        for check, asked in self.asked.items():
            elsewhere = np.sort(np.concatenate([one._sent(check.counter) for one in others]))
            if len(elsewhere):
                own = self._sent(check.counter)
                for at, went in asked:
                    more = _between(elsewhere, at, check.reach)
                    full = (more > 0) & (more + _between(own, at, check.reach) - went >= check.most)
                    found[at[full] // _LATE] = True
        return found


def _between(sent: Array, at: Array, seconds: int) -> Array:
    """How many there are up to each instant, from so many seconds before."""
    found: Array = sent.searchsorted(at, "right") - sent.searchsorted(at - seconds, "left")
    return found


class Traffic:
    """What the customers of a chunk left in a journey, and from when to when they were in it."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._first, self._last = Cell(n, _LATE), Cell(n, -1)
        self._left: dict[Concern, _Left] = {}
        self.limits = Asked()
        self.saying = Saying(n)
        self.paid = Paid(n)

    def passed(self, batch: Batch, capped: Sequence[Capped], counted: Sequence[int]) -> None:
        """A message goes out, for which these limits were asked, and which counts in these counters."""
        at = _instants(numbers(batch.rows, self._n), batch)
        for counter in counted:
            self.limits.sent.setdefault(counter, []).append(at)
        for check in capped:
            self.limits.asked.setdefault(check, []).append((at, 1))

    def refused(self, batch: Batch, capped: Sequence[Capped]) -> None:
        """A message does not go out, where these limits may have been asked."""
        at = _instants(numbers(batch.rows, self._n), batch)
        for check in capped:
            self.limits.asked.setdefault(check, []).append((at, 0))

    def met(self, batch: Batch, seconds: int) -> None:
        """The journey has to do with them now, and for so many seconds."""
        now = instant(batch.now)
        self._first.store(batch.rows, least(self._first.load(batch.rows), now))
        self._last.store(batch.rows, most(self._last.load(batch.rows), now + seconds))

    def leave(self, concerns: Iterable[Concern], batch: Batch) -> None:
        now, rows = instant(batch.now), batch.rows
        for concern in concerns:
            left = self._left.setdefault(concern, _Left(self._n))
            left.first.store(rows, least(left.first.load(rows), now))
            left.last.store(rows, most(left.last.load(rows), now))

    def met_by(self, other: Traffic, concern: Concern, how: How) -> Values:
        """Who left it here, and would be asked for it in the other journey."""
        left = self._left.get(concern)
        if left is None:
            return False
        first, last, begin, end = left.first.value, left.last.value, other._first.value, other._last.value
        match how.when:
            case When.ALWAYS:
                return np.not_equal(first, _LATE)
            case When.IN_THE_END:
                return np.not_equal(first, _LATE) & np.greater_equal(end, 0)
            case When.AFTERWARDS:
                return np.less_equal(first, end)
            case When.AT_ONCE:
                return np.less_equal(first, end) & np.greater_equal(last, begin)


def listened(chunks: Sequence[Chunk]) -> tuple[list[Heard], Array]:
    """What each journey would hear of the others now, and for whom that is not what it heard."""
    found, others = list[Heard](), np.zeros(chunks[0].n, np.bool_)
    for chunk in chunks:
        saying = [_traffic(one).saying for one in chunks if one is not chunk]
        heard = {one.event.folded: Saying.heard(one.event.folded, saying) for one in chunk.plan.echoes}
        found.append({event: said for event, said in heard.items() if len(said.at)})
        for event, said in heard.items():
            others |= chunk.heard.get(event, SILENCE).differs(said, chunk.n)
    return found, others


def clashes(chunks: Sequence[Chunk]) -> dict[str, Array]:
    """Which customers cannot be lived through journey by journey, and why."""
    found: dict[str, Array] = {}

    def note(reason: str, met: Any) -> None:
        rows = np.broadcast_to(met, chunks[0].n)
        if rows.any():
            found[reason] = found.get(reason, False) | rows

    for chunk in chunks:
        for concern, how in chunk.plan.minds.items():
            for other in chunks:
                if other is not chunk:
                    note(how.reason, _traffic(other).met_by(_traffic(chunk), concern, how))
        others = [_traffic(one).limits for one in chunks if one is not chunk]
        note("a limit that several journeys share", _traffic(chunk).limits.filled(others, chunk.n))
    crowded = np.zeros(chunks[0].n, np.bool_)
    for said in (said for chunk in chunks for said in chunk.heard.values()):
        crowded[said.crowded()] = True
    note("one instant of several journeys", crowded)
    note("revenue that journeys count once, but not alike", doubtful(_paid(chunks), chunks[0].n))
    note("what customers do by themselves in several journeys", _by_themselves(chunks))
    return found


def counted_twice(chunks: Sequence[Chunk]) -> dict[str, int]:
    """Revenue by currency that several journeys have of one event, which counts once in all."""
    return twice(_paid(chunks))


def _paid(chunks: Sequence[Chunk]) -> list[Paid]:
    return [_traffic(chunk).paid for chunk in chunks]


def _by_themselves(chunks: Sequence[Chunk]) -> Values:
    """What a persona `behaves` begins with the first run of all, and goes on while any is followed."""
    doing = [stream.persona for stream in chunks[0].plan.streams if stream.persona >= 0]
    if not doing:
        return False
    n = chunks[0].n
    personas = spread(chunks[0].personas.load(ALL), n)
    entered = sum(spread(chunk.entry.load(ALL), n) > 0 for chunk in chunks)
    return np.isin(personas, doing) & (np.asarray(entered) > 1)


def _traffic(chunk: Chunk) -> Traffic:
    assert chunk.traffic is not None
    return chunk.traffic
