"""What takes no time and leaves the runs where they are, done to whole batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from safar.engine.expression import Base, EventForm
from safar.engine.model import Attribute
from safar.engine.simulate.columns.cells import part
from safar.engine.simulate.columns.charges import Charging, Points
from safar.engine.simulate.columns.column import Column, NotInColumns
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.goals import Wanted, reach
from safar.engine.simulate.columns.listening import Listening
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk

_ORDERED = (Base.INTEGER, Base.NUMBER, Base.MONEY, Base.PERCENT, Base.DATE, Base.TIME, Base.DURATION)


class Effect(Protocol):
    def do(self, chunk: Chunk, look: Look) -> None: ...


class Telling:
    """A task, or the start of a journey that is not followed: nothing changes."""

    def __init__(self, points: Points) -> None:
        self._points = points

    def do(self, chunk: Chunk, look: Look) -> None:
        mark(chunk, look, self._points)


def mark(chunk: Chunk, look: Look, points: Points) -> None:
    if points:
        at = Marked(look.batch.rows, look.n, look.batch.now)
        for point in points:
            point.mark(chunk, at)


class Action(msgspec.Struct, kw_only=True, eq=False):
    """Something is done.  `done` is its number among those whose cost comes with events after it, -1 if none does.

    `arguments` are those that somebody asks for.
    """

    number: int
    name: Name
    touchpoint: str = ""
    arguments: tuple[tuple[str, Expr], ...]
    forms: tuple[tuple[EventForm, Listening], ...] = ()
    goals: tuple[Wanted, ...] = ()
    points: Points
    charges: tuple[Charging, ...]
    done: int

    def do(self, chunk: Chunk, look: Look) -> None:
        batch = look.batch
        chunk.happened(batch)
        mark(chunk, look, self.points)
        if self.charges:
            at = Marked(batch.rows, batch.n, batch.now)
            for charging in self.charges:
                charging.charge(chunk, at)
        if self.done >= 0:
            chunk.done[self.done].store(batch.rows, True)
        if self.forms or self.goals:
            given = {name: value(look) for name, value in self.arguments}
            what = Look(chunk, batch, look.place_stage, given)
            chunk.past.record(self.forms, what, self)
            reach(chunk, self.goals, what, self)


class Setting:
    """Put a value into an attribute, as far as it may change so."""

    def __init__(self, attribute: Attribute, value: Expr) -> None:
        self.attribute, self.value = attribute, value
        if attribute.change == "growing" and attribute.type.base not in _ORDERED:
            raise NotInColumns(f"`{attribute.name}` grows, but is no number")
        self._floats = attribute.type.base in (Base.NUMBER, Base.PERCENT)

    def do(self, chunk: Chunk, look: Look) -> None:
        attribute = self.attribute
        if attribute.change == "fixed":
            return
        new = self.value(look)
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

    def _grown(self, look: Look, new: Column) -> tuple[Look, Column]:
        """Those whose value becomes no less."""
        old = look.attribute(self.attribute.name)
        keeps = np.logical_not(old.known) | (np.logical_and(new.known, np.greater_equal(new.values, old.values)))
        keeps = np.broadcast_to(keeps, look.n)
        if keeps.all():
            return look, new
        index = np.flatnonzero(keeps)
        return look.some(index), Column(part(new.values, index), part(new.known, index))
