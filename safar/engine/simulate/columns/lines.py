"""Answers to a touchpoint, drawn at its delivery for a whole batch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.model import ChanceCase, Delay, Response
from safar.engine.names import fold
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance, stamps
from safar.engine.simulate.columns.cells import ALL, Array, Rows, Values, anybody, of, part
from safar.engine.simulate.columns.column import Column, Interner, is_true
from safar.engine.simulate.columns.expressions import Expr, in_columns
from safar.engine.simulate.columns.handed import Handed
from safar.engine.simulate.columns.payloads import Fill, fills

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.look import Look

Keyed = tuple["Line", Values]
"""A line, and the part of the keys that is its own."""
Stems = tuple[Array, Rows]
"""Of the keys that lines are drawn under, and which of them these are."""
Written = tuple[tuple[Expr | None, int], ...]


class Cases:
    """Thresholds by case.  `by_persona` has that of each persona, the last that of customers without one, if it
    depends on nothing else.
    """

    def __init__(self, written: Written, personas: int) -> None:
        self.written = written
        self.by_persona: Array | None = None
        if any(condition is not None for condition, _ in written):
            with contextlib.suppress(_AnotherThingAskedError):
                look: Any = _Personas(personas)
                self.by_persona = _first_true(written, look)


class _AnotherThingAskedError(Exception):
    """A condition is about more than the persona."""


class _Personas:
    """One customer of each persona, and one of none, of whom nothing else is known."""

    def __init__(self, personas: int) -> None:
        self.n = personas + 1
        self._column = Column(np.arange(self.n), np.arange(self.n) < personas)

    def persona(self) -> Column:
        return self._column

    def __getattr__(self, name: str) -> Any:
        raise _AnotherThingAskedError(name)


class Line(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`number` is its place among all lines of the touchpoint, outer before inner; `column` among those of the plan."""

    number: int
    column: int
    touchpoint: str
    event: str
    part: int
    cases: Cases
    delay: Delay
    fields: tuple[Fill, ...]
    then: tuple[Line, ...]


def cases(written: Sequence[ChanceCase], codes: Interner, personas: int) -> Cases:
    return Cases(
        tuple(
            (in_columns(one.condition, codes) if one.condition is not None else None, single.threshold(one.chance))
            for one in written
        ),
        personas,
    )


def first_true(cases: Cases, look: Look) -> Values:
    """The threshold of the first case whose condition is true, 0 if there is none: one for all rows, or one each."""
    if cases.by_persona is not None:
        thresholds, personas = look.chunk.thresholds, look.chunk.personas.value
        if not isinstance(personas, np.ndarray):
            return int(cases.by_persona[personas])
        found = thresholds.get(id(cases))
        if found is None:
            found = thresholds[id(cases)] = cases.by_persona.take(personas)
        return of(found, look.batch.rows)
    return _first_true(cases.written, look.steady())


def _first_true(written: Written, look: Look) -> Values:
    below: Any = 0
    for condition, threshold in reversed(written):
        met = True if condition is None else is_true(condition(look), look.n)
        if isinstance(met, np.ndarray):
            below = below + met * (threshold - below)  # several times as fast as `where`
        elif met:
            below = threshold
    return below


class Writer:
    """Numbers the lines of all touchpoints of a plan."""

    def __init__(self, codes: Interner, personas: int) -> None:
        self._codes, self._personas = codes, personas
        self._made: list[Line | None] = []

    @property
    def lines(self) -> list[Line]:
        return [line for line in self._made if line is not None]

    def lines_of(self, touchpoint: str, responses: Sequence[Response], first: int = 0) -> tuple[Line, ...]:
        made = []
        for one in responses:
            column = len(self._made)
            self._made.append(None)  # its place is kept while the inner ones are made
            inner = self.lines_of(touchpoint, one.then, first + 1)
            line = Line(
                number=first,
                column=column,
                touchpoint=touchpoint,
                event=fold(one.event),
                part=single.name_part(one.key),
                cases=cases(one.chance, self._codes, self._personas),
                delay=one.delay,
                fields=fills(one.payload, self._codes),
                then=inner,
            )
            self._made[column] = line
            made.append(line)
            first += 1 + sum(1 for _ in every(inner))
        return tuple(made)


def every(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines and all lines within them, outer before inner."""
    for line in lines:
        yield line
        yield from every(line.then)


def draw(chunk: Chunk, look: Look, lines: Sequence[tuple[Line, int]], visit: Values) -> Handed | None:
    """All answers to one delivery, each under its line's part, the visit and the entry; those for the next wait."""
    rows = look.batch.rows
    entry = chunk.entry.load(rows)
    keyed = [(line, chance.mix(chance.mix(name, visit), entry)) for line, name in lines]
    return _draw(look, keyed, (chunk.crowd.stems, rows), (chunk.deliveries % stamps.DELIVERIES, 0))


def _draw(look: Look, lines: Sequence[Keyed], under: Stems, delivery: tuple[int, Any]) -> Handed | None:
    """Answers to the delivery of that number, or to answers that came so many seconds after it."""
    chunk, (stems, rows), (number, after) = look.chunk, under, delivery
    handed = None
    for line, name in lines:
        threshold = first_true(line.cases, look)
        if not isinstance(threshold, np.ndarray) and not threshold:
            continue
        hit, own = chance.hits(stems, name, threshold, rows)
        if not len(hit):
            continue
        inside = look.some(hit)
        takes = part(after, hit) + chance.answer(line.delay, own, part(threshold, hit))
        comes = stamps.instant(inside.batch.now) + takes
        late = comes > chunk.until.load(inside.batch.rows)
        if anybody(late):
            kept = np.logical_not(np.broadcast_to(late, len(hit))).nonzero()[0]
            hit, own, inside = hit.take(kept), own.take(kept), inside.some(kept)
            takes, comes = part(takes, kept), part(comes, kept)
        if inside.n:
            due = chunk.answered(line, inside, comes, (number, own))
            then = None
            if line.then:
                inner = [(one, one.part) for one in line.then]
                then = _draw(inside, inner, (chance.stems(own), ALL), (number, takes))
            source = chunk.plan.lines[line.column]
            if source.handed:
                handed = Handed(source, hit, due, then)
    return handed
