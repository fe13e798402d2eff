"""The notes of a chunk added up: what came of each run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from safar.engine.simulate.columns.cells import Array, Values
from safar.engine.simulate.columns.notes import Note
from safar.engine.simulate.columns.stamps import instant
from safar.engine.simulate.happening import Run, What
from safar.engine.simulate.ledger import Reckoning

if TYPE_CHECKING:
    from safar.engine.simulate.columns.recorder import Recorder

NEVER = -(1 << 62)
"""The instant of what has not happened."""


class Runs:
    """Runs and held-out attempts of all customers of a chunk, side by side: by row, and then by entry."""

    def __init__(self, recorder: Recorder) -> None:
        self._journey = recorder.teller.plan.track.name
        self._notes, self._amounts = recorder.notes, recorder.amounts
        entries = np.zeros(recorder.chunk.n, np.intp)
        begun = self._of(What.ENTERED, What.HELD_OUT)
        for note in begun:
            entries[note.rows] += 1
        self._ends: Array = entries.cumsum()
        self._begins: Array = self._ends - entries
        self._began = self._when(begun)
        self._held_out = self._when(self._of(What.HELD_OUT))
        exits = self._of(What.EXIT)
        self._ended = self._when(exits)
        self._outcome = self._which(exits)
        self._reached = {name: self._when(notes) for name, notes in _by(self._of(What.GOAL), lambda n: n.detail)}
        self._arms = {split: self._which(notes) for split, notes in _by(self._of(What.ARM), lambda n: n.split)}
        self._figures = self._added()

    def _of(self, *kinds: What) -> list[Note]:
        return [note for note in self._notes if note.what in kinds]

    def _where(self, rows: Array, entry: Values) -> Array:
        where: Array = self._begins.take(rows) + (entry - 1)
        return where

    def _column(self, value: int) -> Array:
        return np.full(self._ends[-1] if len(self._ends) else 0, value)

    def _when(self, notes: list[Note]) -> list[int]:
        """When it first happened in each run."""
        at = self._column(NEVER)
        for note in reversed(notes):
            at[self._where(note.rows, note.entry)] = instant(note.now)
        return [*at.tolist()]

    def _which(self, notes: list[Note]) -> list[str]:
        """What it was in each run; empty if it did not happen."""
        words = list(dict.fromkeys(note.detail for note in notes))
        number = self._column(len(words))
        for note in notes:
            number[self._where(note.rows, note.entry)] = words.index(note.detail)
        return [(*words, "")[one] for one in number.tolist()]

    def _added(self) -> dict[tuple[str, str], list[int]]:
        """Figures by name and currency."""
        added: dict[tuple[str, str], Array] = {}
        counted = {What.DELIVERED: "delivered", What.SUPPRESSED: "suppressed"}
        amounts = [((counted[n.what], ""), n.rows, n.entry, 1) for n in self._of(*counted)]
        for key, rows, entry, units in (*amounts, *self._amounts):
            added.setdefault(key, self._column(0))[self._where(rows, entry)] += units
        return {key: all.tolist() for key, all in added.items()}

    def of_row(self, row: int) -> list[tuple[Run, Reckoning]]:
        """The runs of a row, by entry."""
        begin, end = int(self._begins[row]), int(self._ends[row])
        return [(self._run(place, place - begin + 1), self._reckoning(place)) for place in range(begin, end)]

    def _run(self, place: int, entry: int) -> Run:
        return Run(
            journey=self._journey,
            entry=entry,
            began=self._began[place],
            ended=self._ended[place],
            outcome=self._outcome[place],
            held_out=self._held_out[place] != NEVER,
            visits=(),
            passages=(),
            arms={split: all[place] for split, all in self._arms.items() if all[place]},
        )

    def _reckoning(self, place: int) -> Reckoning:
        reached = {name: all[place] for name, all in self._reached.items() if all[place] != NEVER}
        return Reckoning(reached, {key: all[place] for key, all in self._figures.items()})


def _by(notes: list[Note], key: Callable[[Note], str]) -> list[tuple[str, list[Note]]]:
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(key(note), []).append(note)
    return list(found.items())
