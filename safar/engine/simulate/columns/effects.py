"""What takes no time and leaves the runs where they are, done to whole batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from safar.engine.expression import Base, EventForm, Value
from safar.engine.model import Attribute
from safar.engine.simulate import phrases
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.columns.cells import part
from safar.engine.simulate.columns.charges import Charging, Points
from safar.engine.simulate.columns.column import Column, NotInColumns
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.goals import Wanted, reach
from safar.engine.simulate.columns.listening import Listening
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.columns.traffic import Concern
from safar.engine.simulate.history import Name
from safar.engine.simulate.life import allowed
from safar.engine.simulate.words import PRIVATE

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk

_ORDERED = (Base.INTEGER, Base.NUMBER, Base.MONEY, Base.PERCENT, Base.DATE, Base.TIME, Base.DURATION)


class Effect(Protocol):
    def do(self, chunk: Chunk, look: Look) -> None: ...


class Telling:
    """A task, or the start of a journey that is not followed: nothing changes."""

    def __init__(self, points: Points, node: str, detail: str, why: str) -> None:
        self._points = points
        self.node, self.detail, self.why = node, detail, why

    def do(self, chunk: Chunk, look: Look) -> None:
        if chunk.recorder is not None:
            chunk.recorder.told(self, look)
        mark(chunk, look, self._points)


def mark(chunk: Chunk, look: Look, points: Points) -> None:
    if points:
        at = Marked(look.batch.rows, look.n, look.batch.now)
        for point in points:
            point.mark(chunk, at)


class Action(msgspec.Struct, kw_only=True, eq=False):
    """Something is done, at the node of that name.  `word` is the action's own name, as it is written.

    `done` is its number among those whose cost comes with events after it, -1 if none does.
    `heard`: by runs that rest, which it may interrupt or wake.
    """

    number: int
    name: Name
    word: str
    node: str
    touchpoint: str = ""
    arguments: tuple[tuple[str, Expr], ...]
    heard: bool = False
    forms: tuple[tuple[EventForm, Listening], ...] = ()
    goals: tuple[Wanted, ...] = ()
    points: Points
    charges: tuple[Charging, ...]
    done: int
    concerns: tuple[Concern, ...] = ()

    def do(self, chunk: Chunk, look: Look) -> None:
        batch = look.batch
        if self.concerns and chunk.traffic is not None:
            chunk.traffic.leave(self.concerns, batch)
        chunk.happened(batch)
        if chunk.recorder is not None:
            chunk.recorder.done(self, look)
        mark(chunk, look, self.points)
        if self.charges:
            at = Marked(batch.rows, batch.n, batch.now)
            for charging in self.charges:
                charging.charge(chunk, at)
        if self.done >= 0:
            chunk.done[self.done].store(batch.rows, True)
        if self.forms or self.goals or self.heard:
            given = {name: value(look) for name, value in self.arguments}
            what = Look(chunk, batch, look.place_stage, given)
            chunk.past.record(self.forms, what, self)
            reach(chunk, self.goals, what, self)
            if self.heard:
                chunk.did(self.number, what)

    @property
    def fields(self) -> list[str]:
        return [name for name, _ in self.arguments]


class Starting(Telling):
    """The start of a journey that is on the same timeline: whom that concerns is lived through one by one."""

    def do(self, chunk: Chunk, look: Look) -> None:
        chunk.step(look.batch.rows, "a journey that starts another")


class Setting:
    """Put a value into an attribute, as far as it may change so: at a node, or (without one) by an event.

    `concerns`: other journeys of the timeline read the attribute.
    """

    concerns: tuple[Concern, ...] = ()

    def __init__(self, attribute: Attribute, value: Expr, node: str = "") -> None:
        self.attribute, self.value, self.node = attribute, value, node
        if attribute.change == "growing" and attribute.type.base not in _ORDERED:
            raise NotInColumns(f"`{attribute.name}` grows, but is no number")
        self._floats = attribute.type.base in (Base.NUMBER, Base.PERCENT)

    def do(self, chunk: Chunk, look: Look) -> None:
        attribute = self.attribute
        if self.concerns and chunk.traffic is not None:
            chunk.traffic.leave(self.concerns, look.batch)
        if chunk.recorder is not None:
            chunk.recorder.set(self, look)
        if attribute.change == "fixed":
            return
        new = self.value(look.steady())
        if not attribute.type.unknown and new.known is not True:
            if new.known is False:
                return
            index = np.flatnonzero(new.known)
            look, new = look.some(index), Column(part(new.values, index), True)
        if attribute.change == "growing":
            look, new = self._grown(look, new)
        if look.n:
            values = new.values
            if self._floats and not isinstance(values, float):
                values = values.astype(np.float64) if isinstance(values, np.ndarray) else float(values)
            chunk.set(attribute.name, look, Column(values, new.known))

    def became(self, values: Sequence[Value]) -> tuple[Value, str]:
        """What the attribute becomes that had the first value and is set to the second, and why not to that."""
        old, new = values
        return allowed(self.attribute, old, kept(new, self.attribute.type))

    def shown(self, values: Sequence[Value]) -> dict[str, Value]:
        attribute = self.attribute
        return {attribute.name: PRIVATE if attribute.private else self.became(values)[0]}

    def why(self, zone: Zone, at: int, values: Sequence[Value]) -> str:
        return phrases.changed(self.attribute, values[0], *self.became(values))

    def _grown(self, look: Look, new: Column) -> tuple[Look, Column]:
        """Those whose value becomes no less."""
        old = look.attribute(self.attribute.name)
        keeps = np.logical_not(old.known) | (np.logical_and(new.known, np.greater_equal(new.values, old.values)))
        keeps = np.broadcast_to(keeps, look.n)
        if keeps.all():
            return look, new
        index = np.flatnonzero(keeps)
        return look.some(index), Column(part(new.values, index), part(new.known, index))
