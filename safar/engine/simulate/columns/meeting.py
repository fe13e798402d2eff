"""A touchpoint that is met by a whole batch: the checks, the delivery and all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from safar.engine.expression import EventForm
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import stamps
from safar.engine.simulate.columns.batch import Batch, Token, merge
from safar.engine.simulate.columns.cells import Values, least, part
from safar.engine.simulate.columns.charges import Charging, Points
from safar.engine.simulate.columns.checks import Capped, Check
from safar.engine.simulate.columns.effects import Effect
from safar.engine.simulate.columns.goals import Wanted, reach
from safar.engine.simulate.columns.lines import Line, draw
from safar.engine.simulate.columns.listening import Listening, parted
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.resting import UNTIL, Resting
from safar.engine.simulate.columns.traffic import Concern
from safar.engine.simulate.columns.ways import Way
from safar.engine.simulate.counts import Key
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Delivery(msgspec.Struct, kw_only=True, eq=False):
    """What a delivery of a touchpoint counts, costs and brings about, wherever it is met."""

    number: int
    name: Name
    touchpoint: str = ""
    keys: tuple[Key, ...]
    points: Points
    charges: tuple[Charging, ...]
    goals: tuple[Wanted, ...]
    actions: tuple[Effect, ...]
    heard: bool = False
    forms: tuple[tuple[EventForm, Listening], ...] = ()
    marketing: bool = False
    fields: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()

    def make(self, chunk: Chunk, look: Look) -> None:
        batch = look.batch
        if self.concerns and chunk.traffic is not None:
            chunk.traffic.leave(self.concerns, batch)
        for key in self.keys:
            chunk.tally.numbers[key] += batch.n
        if self.marketing:
            chunk.amount(("messages",), batch.rows, 1)
        if self.points or self.charges:
            at = Marked(batch.rows, batch.n, batch.now)
            for point in self.points:
                point.mark(chunk, at)
            for charging in self.charges:
                charging.charge(chunk, at)
        chunk.happened(batch)
        if self.forms:
            chunk.past.record(self.forms, look, self)
        if self.goals:
            reach(chunk, self.goals, look, self)
        if self.heard:
            chunk.did(self.number, look)
        for action in self.actions:
            action.do(chunk, look)


class Refusals(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What suppressed deliveries of a touchpoint count."""

    touchpoint: str
    channel: str
    points: Points

    def count(self, chunk: Chunk, batch: Batch, reason: str) -> None:
        chunk.tally.numbers[("suppressed", self.touchpoint, reason)] += batch.n
        if self.channel:
            chunk.tally.numbers[("channel_suppressed", self.channel, reason)] += batch.n
        chunk.tally.seen(batch.now)
        for point in self.points:
            point.mark(chunk, Marked(batch.rows, batch.n, batch.now))


ARRIVED: Token = ("arrived", "")
"""The instant at which a run came to the touchpoint that it is held at."""


class Meeting(Resting):
    """One place at which a touchpoint is met.  `again`: a run may come to the touchpoint more than once.

    `remembered` are the questions that a new visit makes obsolete.  `capped` are the limits among the checks, `counted`
    all counters: what several journeys on one timeline share.
    """

    again = False
    checks: Sequence[Check] = ()
    counters: Sequence[int] = ()
    remembered: tuple[EventForm, ...] = ()
    capped: tuple[Capped, ...] = ()
    counted: tuple[int, ...] = ()

    def __init__(
        self, delivery: Delivery, refusals: Refusals, lines: tuple[Line, ...], then: Way, step: tuple[str, int, str]
    ) -> None:
        name, part, stage = step
        super().__init__(stage)
        self.delivery, self.refusals, self.lines, self.then = delivery, refusals, lines, then
        self._visits: Token = ("visits", name)
        self._drawn = [(line, single.together(part, line.part)) for line in lines]

    def come(self, chunk: Chunk, batch: Batch) -> None:
        """Runs come, or were held here and ask again."""
        held, new = parted(batch, batch.tokens.get(ARRIVED, 0) > 0)
        if new is not None:
            self._visit(chunk, new)
        if held is not None:
            self._ask(chunk, held)

    def resume(self, chunk: Chunk, batch: Batch) -> None:
        chunk.put(self.number, batch)

    def _visit(self, chunk: Chunk, batch: Batch) -> None:
        """A new visit: answers to earlier ones are withdrawn."""
        if self.again:
            batch.tokens = {**batch.tokens, self._visits: batch.tokens.get(self._visits, 0) + 1}
            chunk.withdraw(self.lines, batch.rows, batch.now)
            chunk.past.withdraw(self.remembered, batch.rows)
        if any(check.hold is not None for check in self.checks):
            batch.tokens = {**batch.tokens, ARRIVED: stamps.instant(batch.now)}
        self._ask(chunk, batch)

    def _ask(self, chunk: Chunk, batch: Batch) -> None:
        """All checks, from the first on; the first that refuses decides."""
        left: Batch | None = batch
        held: list[Batch] = []
        for check in self.checks:
            if left is None:
                break
            refused, until = check.refuses(Look(chunk, left, self.stage))
            who, passed = parted(left, refused)
            if who is not None:
                whose = until if who is left else part(until, np.flatnonzero(refused))
                held += self._refuse(chunk, who, check, whose)
            left = passed
        if held:
            together = merge(held, None)
            self.rest(chunk, together, together.tokens[UNTIL])
        if left is not None:
            self._deliver(chunk, left)
            self._leave(chunk, left)

    def _refuse(self, chunk: Chunk, batch: Batch, check: Check, until: Values) -> list[Batch]:
        """Those who are held."""
        if chunk.traffic is not None:
            chunk.traffic.refused(batch, self.capped)
        if check.hold is None:
            if chunk.recorder is not None:
                chunk.recorder.suppressed(self, batch, check)
            self._suppress(chunk, batch, check.reason)
            return []
        latest = batch.tokens[ARRIVED] + check.hold
        over, held = parted(batch, stamps.instant(batch.now) >= latest)
        if held is not None:
            index = None if held is batch else np.flatnonzero(stamps.instant(batch.now) < latest)
            until = least(until, latest)
            until = until if index is None else part(until, index)
            held.tokens = {**held.tokens, UNTIL: stamps.wake(until)}
            if chunk.recorder is not None:
                chunk.recorder.held(self, held, check, until)
        if over is not None:
            if chunk.recorder is not None:
                chunk.recorder.suppressed(self, over, check, over.tokens[ARRIVED])
            self._suppress(chunk, over, "held")
        return [held] if held is not None else []

    def _suppress(self, chunk: Chunk, batch: Batch, reason: str) -> None:
        self.refusals.count(chunk, batch, reason)
        self._leave(chunk, batch)

    def _leave(self, chunk: Chunk, batch: Batch) -> None:
        if ARRIVED in batch.tokens:
            batch.tokens = {name: value for name, value in batch.tokens.items() if name != ARRIVED}
        chunk.go(self.then, batch)

    def _deliver(self, chunk: Chunk, batch: Batch) -> None:
        look = Look(chunk, batch, self.stage)
        for counter in self.counters:
            chunk.sent[counter].add(batch.rows, stamps.instant(batch.now))
        if chunk.traffic is not None:
            chunk.traffic.passed(batch, self.capped, self.counted)
        if chunk.recorder is not None:
            chunk.recorder.delivered(self, batch, batch.tokens.get(ARRIVED))
        self.delivery.make(chunk, look)
        if self.lines:
            chunk.deliveries += 1
            if chunk.deliveries >= stamps.DELIVERIES:
                chunk.step(batch.rows, "deliveries")
            visit = batch.tokens[self._visits] if self.again else 1
            batch.handed = draw(chunk, look, self._drawn, visit)
