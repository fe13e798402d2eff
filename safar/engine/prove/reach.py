"""What of a journey can be reached, by whom, and an example of each: the facts that checks and covers ask for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence

import msgspec

from safar.engine.claims.judge import Broken as Seen
from safar.engine.claims.telling import Telling
from safar.engine.expression import Expression, Value
from safar.engine.program import Program
from safar.engine.promises import Claim
from safar.engine.prove.arcs import Arc
from safar.engine.prove.changes import forwards
from safar.engine.prove.conditions import Answer
from safar.engine.prove.explore import COMES, RESTS, Broken, Explorer, Label
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.replay import Replayer
from safar.engine.prove.system import System
from safar.engine.prove.trail import Trail, trail
from safar.engine.prove.verdict import Counterexample
from safar.engine.source import NOWHERE

BUDGET = 400_000


class Group(msgspec.Struct, frozen=True, eq=False):
    """Customers who come to a place: a box of the space, and the label that says how."""

    box: int
    label: Label


class Reach:
    """Everything that can be reached in one journey, whatever customers are, do and choose.

    `exact` tells whether boxes are kept apart; otherwise they are joined: what is not reached then is not reached,
    and what is may not be.
    """

    def __init__(self, system: System, explorer: Explorer, *, exact: bool) -> None:
        self.system, self.exact = system, exact
        self._explorer = explorer
        self._at: dict[tuple[int, int], list[Label]] = {}
        for node, labels in explorer.labels.items():
            self._at.setdefault((node.place, node.phase), []).extend(labels)

    # --- who comes where

    def comes(self, place: int) -> tuple[Group, ...]:
        """Who comes to a place (a number of the program's places, jumps are none); empty: nobody does."""
        return tuple(Group(one.box, one) for one in self._at.get((place, COMES), ()))

    def rests(self, place: int) -> tuple[Group, ...]:
        """Who rests at a place, as they may be when the rest ends."""
        return tuple(Group(one.box, one) for one in self._at.get((place, RESTS), ()))

    def is_reached(self, place: int) -> bool:
        return (place, COMES) in self._at

    def is_taken(self, place: int, arc: Arc) -> bool:
        """Whether anybody takes an arc out of a place."""
        return next(self.takes(place, arc), None) is not None

    def takes(self, place: int, arc: Arc) -> Iterator[Group]:
        """Who takes an arc out of a place (one of its station's), as they are where it is taken."""
        station = self.system.station(place)
        phase = RESTS if any(one is arc for one in (*station.rest, *station.asides)) else COMES
        for label in self._at.get((place, phase), ()):
            for box in forwards(arc.changes, label.box):
                yield Group(box, label)

    def who(self, place: int, condition: Expression, answer: Answer) -> Iterator[Group]:
        """Who comes to a place and answers a condition so there; the condition must be one that the journey asks, or
        one of the `claims` or `conditions` that the system was made with."""
        guard = self.system.guard(condition, answer, self.system.program.places[place].stage)
        for group in self.comes(place):
            for box in guard.after(group.box):
                yield Group(box, group.label)

    # --- examples

    def example(
        self, group: Group, arc: Arc | None = None, passes: Callable[[Telling], bool] | None = None
    ) -> Counterexample | None:
        """A customer of a group (who then takes an arc), replayed; None if no replay `passes` (else: comes there)."""
        broken = self._broken(group, arc)
        place = group.label.node.place
        node = self.system.program.places[place].node
        fits = passes or (lambda telling: any(node in run.visits for run in telling.story.runs))
        return self._replayed(trail(self.system, broken), fits)

    def _broken(self, group: Group, arc: Arc | None) -> Broken:
        if arc is not None:
            return Broken(group.label, arc, group.box)
        label = group.label
        while label.parts:
            first, second = label.parts
            label = first if self.system.space.proper(group.box & first.box) else second
        assert label.arc is not None
        return Broken(label.parent, label.arc, self.system.space.full)

    def _replayed(self, steps: Trail, fits: Callable[[Telling], bool]) -> Counterexample | None:
        replayer = Replayer(self.system, Claim(span=NOWHERE), lambda telling: Seen("") if fits(telling) else None)
        return replayer.refutation(steps, self._explorer.watch)

    def described(self, box: int) -> dict[str, tuple[Value, ...]]:
        """What a box says of customers: for each thing not left open, a value of each class that is left."""
        found: dict[str, tuple[Value, ...]] = {}
        for one in self.system.space.variables:
            if box & one.field != one.field:
                found[one.name] = tuple(one.left(box))
        return found


def reach(
    program: Program, *, claims: Sequence[Claim] = (), conditions: Sequence[Expression] = (), budget: int = BUDGET
) -> Reach:
    """Explore a journey without loss, or joined where that takes more work than the budget.

    `claims` and `conditions` are what will be asked beyond what the journey asks itself.
    """
    system = System(program, claims, conditions)
    explorer = Explorer(system, _Asks(system, conditions), budget=budget)
    if explorer.run():
        return Reach(system, explorer, exact=True)
    explorer = Explorer(system, _Asks(system, conditions), joined=True, budget=budget * 100)
    explorer.run()
    return Reach(system, explorer, exact=False)


class _Asks(Watch):
    """Watches nothing, and keeps what some conditions ask for, everywhere."""

    def __init__(self, system: System, conditions: Sequence[Expression]) -> None:
        super().__init__(system)
        self._conditions = conditions

    @functools.cached_property
    def kept(self) -> int:
        fields = 0
        for condition in self._conditions:
            fields |= self.system.guard(condition, Answer.YES).fields
        return fields
