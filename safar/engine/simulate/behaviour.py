"""What customers do by themselves: Poisson processes, drawn as numbered candidates at a line's highest rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.simulate import chance
from safar.engine.simulate.answers import first_true
from safar.engine.simulate.order import BEHAVIOUR
from safar.engine.simulate.run import Run

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life
    from safar.engine.simulate.track import Stream


class Flow:
    """One line for one run, or, without a run, for one customer.  Its candidates are numbered from 1."""

    __slots__ = ("_began", "_elapsed", "_key", "_life", "_next", "_number", "_planned", "_run", "_stream")

    def __init__(self, life: Life, stream: Stream, run: Run | None) -> None:
        self._life, self._stream, self._run = life, stream, run
        self._key = chance.mix(life.key, stream.part if run is None else chance.together(stream.part, run.entry))
        self._began = self._next = life.now
        self._elapsed = 0.0
        self._number = 0
        self._planned = False
        self._draw()

    def _draw(self) -> None:
        self._number += 1
        self._life.count_due()
        u = chance.uniform(chance.mix(self._key, self._number))
        self._elapsed += self._stream.mean * chance.minus_log(1.0 - u * 2.0**-53)
        self._next = self._began + int(self._elapsed)

    def plan(self) -> None:
        """Schedule the next candidate, unless nobody is followed so long."""
        if self._planned:
            return
        life, run = self._life, self._run
        while self._next < life.now:
            self._draw()
        if self._next <= (run.until if run is not None else life.followed_until):
            self._planned = True
            order = (run.order if run is not None else 0, *self._stream.order, self._number)
            life.schedule(self._next, BEHAVIOUR, order, self._come, None)

    def _come(self, _: None) -> None:
        run, life = self._run, self._life
        self._planned = False
        if run is not None and not run.followed:
            return
        key = chance.mix(self._key, self._number)
        comes = self._in_scope() and self._allowed(key)
        self._draw()  # before the event: it may begin a run, which plans what comes next
        if comes:
            payload = self._stream.payload(life, run, key)
            fields = life.shared.events[self._stream.event].fields
            life.event(self._stream.event, payload if run is None else run.carry(payload, fields))
        self.plan()

    def _in_scope(self) -> bool:
        if self._run is None:
            return any(run.followed for run in self._life.runs)
        stage = self._stream.stage
        return not stage or (self._run.inside and self._run.stage == stage)

    def _allowed(self, key: int) -> bool:
        below = first_true(self._stream.cases, self._life, self._run)
        return below > 0 and chance.uniform(chance.mix(key, chance.ALLOWED)) < below


def begin(life: Life, run: Run) -> None:
    """A run begins to be followed, and with it what its customer does by himself."""
    if not life.draws:
        return
    for stream in run.track.streams:
        Flow(life, stream, run).plan()
    persona = life.shared.personas.get(life.persona or "")
    if persona is None:
        return
    life.followed_until = max(life.followed_until, run.until)
    if not life.flows:
        life.flows = [Flow(life, stream, None) for stream in persona.streams]
    for flow in life.flows:
        flow.plan()
