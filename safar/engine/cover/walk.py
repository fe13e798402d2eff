"""Who can go which way through a journey: an exploration that notes some customers of each way."""

from __future__ import annotations

from typing import Any

from safar.engine.moves import DoAction
from safar.engine.prove.arcs import Arc, Station
from safar.engine.prove.changes import forwards
from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.labels import Broken, Label
from safar.engine.prove.system import System

MOST = 6
"""Different customers that are noted of each way."""

Ways = dict[tuple[int, Arc], list[Broken]]
"""By the place (-1: the entry) and the way out of it: who goes it, and how he came there."""


class Walk(Explorer):
    """`complete`: whether everything was looked at within the budget of work; `joined`: one box for each place."""

    def __init__(self, system: System, budget: int, *, joined: bool = False) -> None:
        super().__init__(system, Watch(system), joined=joined, budget=budget)
        self.ways: Ways = {}
        self._tasks: dict[int, tuple[Arc, ...]] = {}
        self.complete = self.run()

    def comes(self, place: int) -> bool:
        """Whether somebody comes to a place."""
        return any(arc.end == place for _, arc in self.ways)

    def _follow(self, label: Label | None, arc: Arc, box: int, *rest: Any) -> None:
        self._note_way(label, arc, box)
        super()._follow(label, arc, box, *rest)

    def _aside(self, label: Label, arc: Arc) -> None:
        for box in forwards(arc.changes, label.box):
            self._note_way(label, arc, box)
        super()._aside(label, arc)

    def _rests(self, label: Label, station: Station, *, low: bool) -> None:
        for arc in self._listening(label.node.place, station.high):
            for box in forwards(arc.changes, label.box):
                self._note_way(label, arc, box)
        super()._rests(label, station, low=low)

    def _listening(self, number: int, high: int | None) -> tuple[Arc, ...]:
        """Interrupts without a jump that do no action, such as a task: rules do not speak of them."""
        if number not in self._tasks:
            place = self.system.program.places[number]
            self._tasks[number] = tuple(
                Arc(
                    end=number,
                    kind="aside",
                    label=handler.label,
                    changes=self.system.event(one, place.stage),
                    high=high,
                    by=one,
                )
                for scope in self.system.program.around(number)
                for handler in scope.handlers
                if handler.effect is not None and not isinstance(handler.effect, DoAction)
                for one in handler.pattern.alternatives
                if one.form is not None
            )
        return self._tasks[number]

    def _note_way(self, label: Label | None, arc: Arc, box: int) -> None:
        place = label.node.place if label is not None else -1
        noted = self.ways.setdefault((place, arc), [])
        if len(noted) < MOST:
            noted.append(Broken(label, arc, box))


def length(way: Broken) -> int:
    """How many ways lie before it."""
    steps, label = 0, way.label
    while label is not None:
        steps += 1
        label = label.parts[0] if label.parts else label.parent
    return steps
