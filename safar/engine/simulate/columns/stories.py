"""The notes of a chunk put in order: for each customer what happened to him, as the plain interpreter tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from safar.engine.expression import Value
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.columns import arithmetic, stamps
from safar.engine.simulate.columns.cells import ALL, Array, spread
from safar.engine.simulate.columns.column import Interner, full
from safar.engine.simulate.columns.notes import ANOTHER, EVENT, LAST, Note, Part
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.words import PRIVATE

if TYPE_CHECKING:
    from safar.engine.simulate.columns.recorder import Recorder

_EARLIER, _LATEST = 0, 7
"""The generations that nothing overtakes: what was known before the instant, and horizons."""


def _values(part: Part, n: int, codes: Interner) -> Sequence[Value]:
    """The values of n rows."""
    if part.column is None:
        return [PRIVATE] * n
    values, known = part.column
    if not isinstance(values, np.ndarray) and not isinstance(known, np.ndarray):
        return [arithmetic.decode(values, part.base, codes) if known else None] * n
    values, known = full(part.column, n)
    pairs = zip(values.tolist(), known.tolist(), strict=True)
    return [arithmetic.decode(one, part.base, codes) if sure else None for one, sure in pairs]


class _Told:
    """A note with its values taken out of their columns, when it is first asked."""

    def __init__(self, note: Note, recorder: Recorder) -> None:
        n, codes, nodes = len(note.rows), recorder.teller.plan.codes, recorder.teller.nodes
        self.note = note
        self.entries = spread(note.entry, n).tolist()
        self._has = spread(note.has, n).tolist()
        step = note.step
        self.steps = [step] * n if isinstance(step, str) else [nodes[one] if one >= 0 else "" for one in step.tolist()]
        self._parts = [_values(part, n, codes) for part in note.parts]
        self._payload = {name: _values(part, n, codes) for name, part in (note.payload or {}).items()}
        units = _values(Part(note.value), n, codes) if note.value is not None else [None] * n
        self.units = [one if isinstance(one, int) else None for one in units]
        self._words = recorder.teller.words

    def why(self, row: int, zone: Zone, at: int) -> str:
        why = self.note.why
        if isinstance(why, str):
            return why
        return why(zone, at, [part[row] for part in self._parts]) if self._words else ""

    def payload(self, row: int) -> dict[str, Value] | None:
        if self.note.shown is not None:
            return self.note.shown([part[row] for part in self._parts])
        if self.note.payload is None:
            return None
        carried = "" if self._has[row] else self.note.carried
        return {name: all[row] for name, all in self._payload.items() if name != carried}


class Stories:
    """The happenings of the customers of a chunk."""

    def __init__(self, recorder: Recorder) -> None:
        self._told = [_Told(note, recorder) for note in recorder.notes]
        self._journey = recorder.teller.plan.track.name
        self._zones = recorder.chunk.zones(ALL)
        self._names = recorder.chunk.crowd.names
        rows, self._order = _ordered(recorder.notes)
        self._begins = np.searchsorted(rows, np.arange(recorder.chunk.n + 1)).tolist()

    def of_row(self, row: int) -> Sequence[Happening] | None:
        """What happened to a customer, in order; None if the order is not sure."""
        begin, end = self._begins[row], self._begins[row + 1]
        mine = [*zip(*(one[begin:end] for one in self._order), strict=True)]
        return None if self._is_doubtful(mine) else self._story(self._names[row], self._zones.of_row(row), mine)

    def _story(self, customer: str, zone: Zone, mine: list[tuple[int, int, int]]) -> list[Happening]:
        told: list[Happening] = []
        length = 0
        last: Happening | None = None
        event: Happening | None = None
        for n, (number, row, stamp) in enumerate(mine, 1):
            one, at = self._told[number], stamp >> stamps.AT
            note = one.note
            if note.history == ANOTHER:
                length += 1
            about = last if note.history == LAST else event if note.history == EVENT else None
            happening = Happening(
                customer=customer,
                journey=self._journey if note.of_journey else "",
                entry=one.entries[row],
                n=n,
                at=at,
                step=one.steps[row],
                what=note.what,
                why=one.why(row, zone, at),
                event=about.event if about is not None else note.event,
                payload=one.payload(row) if note.history != EVENT or event is None else event.payload,
                detail=note.detail,
                touchpoint=note.touchpoint,
                held_out=note.held_out,
                value=one.units[row],
                currency=note.currency,
                number=length if note.history == ANOTHER else about.number if about is not None else 0,
            )
            if note.history == ANOTHER:
                last = happening
                event = happening if note.what is What.EVENT else event
            told.append(happening)
        return told

    def _is_doubtful(self, mine: list[tuple[int, int, int]]) -> bool:
        """Whether an event came to be due after something else of its instant that had its turn before it.

        The queue of the plain interpreter might take the event first.  What is loud is seen to where it takes its
        turn (`resting.py`); answers that only end waits take none.
        """
        return any(
            _EARLIER < _generation(stamp) < _LATEST and self._overtakes(mine, place)
            for place, (number, _, stamp) in enumerate(mine)
            if self._told[number].note.what is What.EVENT
        )

    def _overtakes(self, mine: list[tuple[int, int, int]], place: int) -> bool:
        """Whether anything before it, of an earlier generation of its instant, was due when it came to be."""
        number, _, stamp = mine[place]
        touchpoint = self._told[number].note.touchpoint
        delivered = (
            before
            for one, _, before in reversed(mine[:place])
            if self._told[one].note.what is What.DELIVERED and self._told[one].note.touchpoint == touchpoint
        )
        known = next(delivered, 0)
        return any(
            before > known and before >> stamps.AT == stamp >> stamps.AT and _generation(before) < _generation(stamp)
            for _, _, before in mine[:place]
        )


def _generation(stamp: int) -> int:
    return stamp >> stamps.GENERATION & _LATEST


def _ordered(notes: list[Note]) -> tuple[Array, tuple[list[int], list[int], list[int]]]:
    """The rows of all notes, in order; of each the number of the note, its place in there, and the stamp."""
    if not notes:
        return np.empty(0, np.intp), ([], [], [])
    lengths = [len(note.rows) for note in notes]
    which = np.repeat(np.arange(len(notes)), lengths)
    rows = np.concatenate([note.rows for note in notes])
    at = np.concatenate([spread(note.now, n) for note, n in zip(notes, lengths, strict=True)])
    place = np.concatenate([np.arange(n) for n in lengths])
    late = np.array([note.late for note in notes], np.bool_)[which]
    order = np.lexsort((which, ~late, at, rows))
    return rows.take(order), (which.take(order).tolist(), place.take(order).tolist(), at.take(order).tolist())
