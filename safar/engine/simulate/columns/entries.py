"""Entries by whole batches: each attempt is not eligible, inside, too soon, held out or entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from safar.engine.model import Reentry
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import of
from safar.engine.simulate.columns.charges import Points
from safar.engine.simulate.columns.column import is_true
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.listening import parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.stamps import instant
from safar.engine.simulate.columns.ways import Way
from safar.engine.simulate.happening import What

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.place import Place


class Entrance(NamedTuple):
    """An `enter` line: its condition if it has one, its number among the lines, and whether it is `per` a field."""

    condition: Expr | None
    number: int
    by: bool


class Entering(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`lines` are the `enter` lines for each event (folded).

    `entered` is who marks an entry by each event; `fields` are those of the entry's event that somebody reads.
    `per` is the field that the entries are by, if any.
    """

    lines: dict[str, tuple[Entrance, ...]]
    start: Way
    horizon: int
    reentry: Reentry
    hold_out: int
    hold_out_part: int
    entered: dict[str, Points]
    fields: frozenset[str]
    per: str

    def attempt(self, chunk: Chunk, look: Look, event: str, place: Place) -> Batch | None:
        """Eligible by the first line whose condition is true.  Those who stay where they are."""
        return self.ask(chunk, look, self.lines[event], (event, place))

    def ask(self, chunk: Chunk, look: Look, lines: tuple[Entrance, ...], where: tuple[str, Place]) -> Batch | None:
        left: Look | None = look
        stay: list[Batch] = []
        if chunk.traffic is not None:
            chunk.traffic.met(look.batch, 0)
        for line in lines:
            if left is None:
                break
            met = True if line.condition is None else is_true(line.condition(left), left.n)
            mine, left = parted(left, met)
            if mine is not None:
                stay += self.admit(chunk, mine, where, line)
        if left is not None:
            self._count(chunk, "not_eligible", left.batch)
            if chunk.recorder is not None:
                chunk.recorder.attempt(What.NOT_ELIGIBLE, left, lines)
            stay.append(left.batch)
        return merge(stay, None) if stay else None

    def admit(self, chunk: Chunk, look: Look, where: tuple[str, Place], line: Entrance | None = None) -> list[Batch]:
        """Inside, too soon, or in.  Those who do not begin a run."""
        event, place = where
        if self.per:
            by = line is not None and line.by
            chunk.own.enters(chunk, look.batch.rows, look.payload(self.per) if by else None)
        if place.inside:
            self._count(chunk, "inside", look.batch)
            if chunk.recorder is not None:
                chunk.recorder.attempt(What.INSIDE, look, (line,))
            return [look.batch]
        again, new = parted(look, chunk.entry.load(look.batch.rows) > 0)
        stay = []
        if again is not None:
            mine, too_soon = parted(again, self._may_return(chunk, again.batch))
            if too_soon is not None:
                self._count(chunk, "too_soon", too_soon.batch)
                if chunk.recorder is not None:
                    chunk.recorder.attempt(What.TOO_SOON, too_soon, (line,))
                stay.append(too_soon.batch)
            if mine is not None:
                chunk.close(mine.batch.rows, mine.batch.now)
                chunk.begin_anew(mine.batch.rows)
                self._begin(chunk, mine, event, line)
        if new is not None:
            self._begin(chunk, new, event, line)
        return stay

    def _may_return(self, chunk: Chunk, batch: Batch) -> object:
        if self.reentry.how == "after":
            return instant(batch.now) - chunk.began.load(batch.rows) >= self.reentry.after
        return self.reentry.how == "always"

    def _count(self, chunk: Chunk, word: str, batch: Batch) -> None:
        chunk.tally.numbers[("attempt", word)] += batch.n
        chunk.tally.seen(batch.now)

    def _begin(self, chunk: Chunk, look: Look, event: str, line: Entrance | None) -> None:
        batch = look.batch
        rows, now = batch.rows, instant(batch.now)
        entry = chunk.entry.load(rows) + 1
        chunk.entry.store(rows, entry)
        chunk.began.store(rows, now)
        chunk.until.store(rows, now + self.horizon)
        if chunk.traffic is not None:
            chunk.traffic.met(batch, self.horizon)
        for field in self.fields:
            chunk.keep_payload(-1, field, rows, look.payload(field))
        for stream in chunk.plan.streams:
            stream.begin(chunk, batch)
        batch = batch.anew()
        out = self._held_out(chunk, batch)
        if chunk.recorder is not None:
            chunk.recorder.begun(look, line, out)
        held, on = parted(batch, out)
        if held is not None:
            self._count(chunk, "held_out", held)
            chunk.hold_out(held)
        if on is not None:
            self._enter(chunk, on, event)

    def _held_out(self, chunk: Chunk, batch: Batch) -> object:
        """The same for a customer at every entry."""
        if not self.hold_out:
            return False
        stems = of(chunk.crowd.stems, batch.rows)
        return chance.below(chance.grow(stems, self.hold_out_part), self.hold_out)

    def _enter(self, chunk: Chunk, batch: Batch, event: str) -> None:
        tally, plan = chunk.tally, chunk.plan
        tally.numbers[("entered",)] += batch.n
        tally.seen(batch.now)
        if plan.persona_names:
            tally.group(("persona",), plan.persona_names, chunk.personas.load(batch.rows), batch.n)
        chunk.courses.store(batch.rows, True)
        at = Marked(batch.rows, batch.n, batch.now)
        for point in self.entered.get(event, ()):
            point.mark(chunk, at)
        chunk.go(self.start, batch)
