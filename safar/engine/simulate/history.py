"""What is known of a customer's past: events, deliveries and actions, in the order in which they were taken."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine.expression import Heard, Value

if TYPE_CHECKING:
    from safar.engine.simulate.run import Run

Name = tuple[Heard, str]
"""What a record is of: its kind and its folded name."""

NOTHING: dict[str, Value] = {}


class Record:
    """One event, delivery or action.

    `number` is its position in the history, from 1.  An answer names the `run` and the `visit` (a number within that
    run) that it answers, with the folded names of touchpoint and step.  `payload` has every declared field of the
    event, unknown ones as None; of a delivery in a run `per F` it is that run's own value of F.
    """

    __slots__ = ("at", "name", "number", "payload", "run", "step", "touchpoint", "visit")

    def __init__(self, name: Name, at: int, number: int, payload: dict[str, Value]) -> None:
        self.name = name
        self.at = at
        self.number = number
        self.payload = payload
        self.run: Run | None = None
        self.visit = 0
        self.touchpoint = self.step = ""

    def answers(self, run: Run | None, place: str) -> bool:
        """Whether it answers the latest visit of that run to a touchpoint, or to the step that meets one."""
        if run is None or self.run is not run:
            return False
        if place == self.touchpoint:
            return run.latest.get(place) == self.visit
        return place == self.step and run.latest_at.get(place) == self.visit


def heard(record: Record, run: Run | None) -> bool:
    """Whether a record counts in a run."""
    return run is None or run.hears(record.payload)


class History:
    """All records of a customer, by name."""

    __slots__ = ("_by_name", "length")

    def __init__(self) -> None:
        self._by_name: dict[Name, list[Record]] = {}
        self.length = 0

    def add(self, name: Name, at: int, payload: dict[str, Value]) -> Record:
        self.length += 1
        record = Record(name, at, self.length, payload)
        self._by_name.setdefault(name, []).append(record)
        return record

    @contextlib.contextmanager
    def without(self, record: Record) -> Iterator[None]:
        """As it was just before the latest record of its name: what is asked then does not see that record."""
        records = self._by_name[record.name]
        taken = records.pop()
        assert taken is record
        try:
            yield
        finally:
            records.append(record)

    def of(self, name: Name) -> list[Record]:
        return self._by_name.get(name, _NONE)

    def latest(self, name: Name) -> Iterator[Record]:
        """From the last to the first."""
        return reversed(self._by_name.get(name, _NONE))


_NONE: list[Record] = []
