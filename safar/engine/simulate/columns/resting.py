"""Where runs rest: until their time is up, or something happens that takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine.simulate.columns import stamps
from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import Values, either, least, part, pick
from safar.engine.simulate.columns.echoes import at_one_instant
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.place import Place
from safar.engine.simulate.columns.stamps import NEVER, Stamps

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.sources import Source
    from safar.engine.simulate.columns.streams import Stream

UNTIL = ("until", "")
"""The token of the stamp at which a rest is over."""


class Resting(Place):
    """A place at which runs may rest.

    `quiet` are the sources that do nothing but end waits, as far as they are heard here, `loud` all others.
    `own` are the streams of its stage, which nobody follows elsewhere.  A loud source is taken off when its turn
    comes; a quiet one is past once its stamp lies before that of the run.
    """

    own: tuple[Stream, ...] = ()
    quiet: tuple[Source, ...] = ()
    loud: tuple[Source, ...] = ()

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        """The time is up."""

    def expire(self, chunk: Chunk, batch: Batch) -> None:
        """The runs are followed no longer."""
        chunk.expire(batch)

    def rest(self, chunk: Chunk, batch: Batch, until: Stamps) -> None:
        """All that happens to the runs here."""
        if chunk.plan.deeds:
            batch.tokens = {**batch.tokens, UNTIL: until}
            heard = self.overhear(chunk, batch, resting=False)
            if heard is None:
                return
            batch, until = heard, heard.tokens[UNTIL]
        if chunk.plan.watches:
            looked = self._looked(chunk, batch, until)
            if looked is None:
                return
            batch, until = looked
        for stream in self.own:
            stream.catch_up(chunk, batch)
        until, ends = self._limited(chunk, batch, until, stamps.latest(until))
        batch.tokens = {**batch.tokens, UNTIL: until}
        over: list[Batch] = []
        left: Batch | None = batch
        while left is not None:
            left = self._next(chunk, left, over)
        if over:
            self._over(chunk, merge(over, None), ends)

    def _looked(self, chunk: Chunk, batch: Batch, until: Stamps) -> tuple[Batch, Stamps] | None:
        """Those who still rest after conditions were looked at, where anything had happened."""
        batch.tokens = {**batch.tokens, UNTIL: until}
        dirty, clean = parted(batch, chunk.dirty.load(batch.rows))
        chunk.dirty.store(batch.rows, False)
        stay = [one for one in (self.look(chunk, dirty), clean) if one is not None]
        if not stay:
            return None
        batch = merge(stay, None)
        return batch, batch.tokens[UNTIL]

    def _limited(self, chunk: Chunk, batch: Batch, until: Stamps, latest: Stamps) -> tuple[Stamps, bool]:
        """Nobody rests longer than he is followed.  For nobody it is later than the `latest`."""
        limit: Any = stamps.horizon(chunk.until.load(batch.rows))
        if not isinstance(limit, np.ndarray) and latest <= limit:
            return until, False
        return least(until, limit), True

    def _next(self, chunk: Chunk, batch: Batch, over: list[Batch]) -> Batch | None:
        """Take what comes next for each run; those whom it leaves here."""
        dues = [self._due(chunk, batch, source) for source in self.quiet]
        due: Values = chunk.soonest.load(batch.rows) if self.loud else NEVER
        for one in dues:
            due = least(due, one)
        met = due < batch.tokens[UNTIL]
        early, late = parted(batch, met)
        if late is not None:
            over.append(late)
        if early is None:
            return None
        if early is not batch:
            index = np.flatnonzero(met)
            due, dues = part(due, index), [part(one, index) for one in dues]
        if self.loud:
            return self._loudly(chunk, early, dues, over)
        if len(dues) == 1:
            return self.quiet[0].happen(chunk, early.at(due), self)
        return self._take(chunk, early.at(due), [*zip(self.quiet, dues, strict=True)])

    def _loudly(self, chunk: Chunk, batch: Batch, quiet: list[Values], over: list[Batch]) -> Batch | None:
        """What was known to come soonest may have been taken off: look at all that may come."""
        loud = [chunk.due[source.number].load(batch.rows) for source in self.loud]
        soonest: Values = NEVER
        for one in loud:
            soonest = least(soonest, one)
        chunk.soonest.store(batch.rows, soonest)
        due = soonest
        for one in quiet:
            due = least(due, one)
        met = due < batch.tokens[UNTIL]
        early, late = parted(batch, met)
        if late is not None:
            over.append(late)
        if early is None:
            return None
        dues = [*zip((*self.quiet, *self.loud), (*quiet, *loud), strict=True)]
        if early is not batch:
            index = np.flatnonzero(met)
            due, dues = part(due, index), [(source, part(one, index)) for source, one in dues]
        return self._take(chunk, early.at(due), dues)

    def _due(self, chunk: Chunk, batch: Batch, source: Source) -> Values:
        """When it comes; what has come before does not come again."""
        due = chunk.due[source.number].load(batch.rows)
        past = due <= batch.now
        if np.any(past):
            due = either(past, NEVER, due)
        return due

    def _take(self, chunk: Chunk, batch: Batch, dues: list[tuple[Source, Values]]) -> Batch | None:
        """Each run's turn is one source's: stamps are never equal."""
        if chunk.mixed:
            self._doubt(chunk, batch, [due for _, due in dues])
        if chunk.heard:
            at_once = at_one_instant(batch, dues, batch.tokens[UNTIL])
            if len(at_once):
                chunk.step(pick(batch.rows, at_once), "one instant of several journeys")
        stay = []
        for source, due in dues:
            mine, _ = parted(batch, batch.now == due)
            if mine is not None:
                stay.append(source.happen(chunk, mine, self))
        staying = [one for one in stay if one is not None]
        return merge(staying, None) if staying else None

    def _doubt(self, chunk: Chunk, batch: Batch, dues: list[Values]) -> None:
        """Things of one instant but of several generations may have to come in another order."""
        for due in dues:
            same = stamps.instant(due) == stamps.instant(batch.now)
            doubtful = same & (stamps.generation(due) != stamps.generation(batch.now))
            if np.any(doubtful):
                chunk.step(pick(batch.rows, np.flatnonzero(np.broadcast_to(doubtful, batch.n))), "one instant")

    def _over(self, chunk: Chunk, batch: Batch, ends: bool) -> None:
        tokens = dict(batch.tokens)
        until = tokens.pop(UNTIL)
        batch = batch.at(until)
        batch.tokens = tokens
        self._end(chunk, batch, ends)

    def _end(self, chunk: Chunk, batch: Batch, ends: bool) -> None:
        """The time is up, or, where it `ends` the run's being followed, that is over."""
        batch.steps = 0
        ended, woken = parted(batch, stamps.is_horizon(batch.now) if ends else False)
        if ended is not None:
            self.expire(chunk, ended)
        if woken is not None:
            self.resume(chunk, woken)
