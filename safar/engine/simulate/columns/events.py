"""Something happens to a whole batch: what it changes, which goals it reaches, who obeys it, who enters by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from safar.engine.expression import EventForm
from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import numbers
from safar.engine.simulate.columns.charges import Charging, Points
from safar.engine.simulate.columns.effects import Setting
from safar.engine.simulate.columns.goals import Wanted, reach
from safar.engine.simulate.columns.listening import Listening
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.traffic import Concern

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.place import Place
    from safar.engine.simulate.columns.recorder import Bringing


class Event(msgspec.Struct, kw_only=True, eq=False):
    """An event as one origin brings it about.

    `forms` are those that it is remembered under; `sets` its `then set` lines; `goals` those that it may reach;
    `after` what it costs where an action was done before, by the number of the action; `enters`: it begins runs.
    `tells` is the field that entries are by (`per F`), if the event has a value of its own there.
    `concerns` is what other journeys of the timeline may ask of it; `says`: the fields of which they hear, if they do.
    """

    name: str
    folded: str
    points: Points = ()
    forms: tuple[tuple[EventForm, Listening], ...] = ()
    sets: tuple[Setting, ...] = ()
    goals: tuple[Wanted, ...] = ()
    after: tuple[tuple[int, Charging], ...] = ()
    enters: bool = False
    tells: str = ""
    concerns: tuple[Concern, ...] = ()
    says: tuple[str, ...] | None = None

    def happen(self, chunk: Chunk, look: Look, origin: Bringing, place: Place) -> Batch | None:
        """Those whom it leaves where they are."""
        batch = look.batch
        if chunk.traffic is not None:
            chunk.traffic.leave(self.concerns, batch)
            if self.says is not None:
                chunk.traffic.saying.say(self.folded, look, self.says)
        if self.tells:
            chunk.own.tell(chunk, batch.rows, look.payload(self.tells))
        if chunk.recorder is not None:
            chunk.recorder.event(look, origin)
        if place.followed and not place.held_out:
            self._count(chunk, look)
        chunk.tally.seen(batch.now)
        chunk.past.record(self.forms, look, origin)
        for setting in self.sets:
            setting.do(chunk, Look(chunk, batch, None, look.values))
        if self.goals and place.followed:
            reach(chunk, self.goals, look, origin, held_out=place.held_out)
        stay = place.obey(chunk, look, origin)
        if chunk.plan.deeds:
            stay = place.overhear(chunk, stay, resting=True)
        if chunk.plan.watches:
            chunk.dirty.store(batch.rows, False)
            stay = place.look(chunk, stay)
        return self._enter(chunk, look, stay, place) if self.enters else stay

    def _count(self, chunk: Chunk, look: Look) -> None:
        if not self.points and not self.after:
            return
        batch = look.batch
        at = Marked(batch.rows, batch.n, batch.now, payload=look.values)
        for number, charging in self.after:
            done = chunk.done[number].load(batch.rows)
            if isinstance(done, np.ndarray):
                charging.charge(chunk, at.some(np.flatnonzero(done)))
            elif done:
                charging.charge(chunk, at)
        for point in self.points:
            point.mark(chunk, at)

    def _enter(self, chunk: Chunk, look: Look, stay: Batch | None, place: Place) -> Batch | None:
        """Attempts to enter: at once where the run stays, of others once it rests."""
        batch = look.batch
        everybody = Look(chunk, look.batch, None, look.values)
        if stay is look.batch:
            return chunk.plan.entering.attempt(chunk, everybody, self.folded, place)
        if stay is None:
            chunk.plan.attempts[self.folded].put_off(chunk, everybody)
            return None
        here = np.isin(numbers(batch.rows, chunk.n), numbers(stay.rows, chunk.n))
        chunk.plan.attempts[self.folded].put_off(chunk, everybody.some(np.flatnonzero(~here)))
        mine = everybody.some(np.flatnonzero(here))
        return chunk.plan.entering.attempt(chunk, mine, self.folded, place)
