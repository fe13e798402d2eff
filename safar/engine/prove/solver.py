"""The third tier: the same question put to z3, where combinations are too many (`pip install safar[formal]`).

A run is a row of nodes, each with a customer (one bit set in each field); z3 is asked for a row that ends where the
rule is broken.  Only for watches without time and journeys that do not lead back: a row is finite then.  The work is
counted by z3 itself (`rlimit`), so that the answer does not depend on the machine.
"""

from __future__ import annotations

import enum
import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any

from safar.engine.prove.arcs import Arc
from safar.engine.prove.atoms import SINCE
from safar.engine.prove.changes import Change
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.labels import COMES, Node
from safar.engine.prove.network import Recorder
from safar.engine.prove.space import Variable
from safar.engine.prove.system import System
from safar.engine.prove.trail import Step, Trail, following

WORK = 40_000_000
"""What z3 may spend on one question, in its own units; some ten seconds."""


class Said(enum.Enum):
    """What the solver knows."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    NOTHING = "nothing"


def is_there() -> bool:
    """Whether z3 is installed."""
    return importlib.util.find_spec("z3") is not None


def solve(system: System, watch: Watch, budget: int) -> tuple[Said, Trail]:
    """Whether anybody breaks a rule, and by which way."""
    recorder = Recorder(system, watch, budget)
    if watch.late is not None or not recorder.run() or not _leads_on(recorder):
        return Said.NOTHING, ()
    return _Question(system, recorder).answer()


def _leads_on(recorder: Recorder) -> bool:
    """Whether no way leads back to where it was."""
    left = {node: {parent for parent, _ in ways if parent is not None} for node, ways in recorder.ways.items()}
    after: dict[Node, list[Node]] = {}
    for node, parents in left.items():
        for parent in parents:
            after.setdefault(parent, []).append(node)
    ready = [node for node, parents in left.items() if not parents]
    done = 0
    while ready:
        done += 1
        node = ready.pop()
        for onward in after.get(node, ()):
            left[onward].discard(node)
            if not left[onward]:
                ready.append(onward)
    return done == len(left)


Customer = dict[int, Any]
"""For each thing, by its offset, its class as z3 sees it: one bit set."""


class _Question:
    """Everything that is told to z3.  What no change touches is the same at every node, and told once."""

    def __init__(self, system: System, recorder: Recorder) -> None:
        self._z3: Any = importlib.import_module("z3")
        self._system, self._space, self._recorder = system, system.space, recorder
        self._solver = self._z3.SolverFor("QF_BV")
        self._solver.set("rlimit", WORK)
        self._made = 0
        self._moving = self._touched()
        self._first: Customer = {one.offset: self._symbol(one) for one in self._space.variables}
        self._nodes: dict[Node, tuple[Any, Customer]] = {}
        self._ways: dict[Node | None, list[tuple[Any, Node | None, Arc, Customer]]] = {}

    def _touched(self) -> list[Variable]:
        touched = 0
        arcs = {arc for ways in self._recorder.ways.values() for _, arc in ways} | {
            arc for _, arc in self._recorder.ends
        }
        for arc in arcs:
            for change in (*arc.changes, *following(self._system, arc)):
                touched |= change.touches
        return [one for one in self._space.variables if one.field & touched]

    def answer(self) -> tuple[Said, Trail]:
        for node, ways in self._recorder.ways.items():
            taken = [self._way(parent, arc, node) for parent, arc in ways]
            self._solver.add(self._z3.Implies(self._node(node)[0], self._z3.Or(taken)))
        ends = [self._end(parent, arc, box) for (parent, arc), box in self._recorder.ends.items()]
        self._solver.add(self._z3.Or(ends))
        found = self._solver.check()
        if found == self._z3.unsat:
            return Said.NOBODY, ()
        return (Said.SOMEBODY, self._trail()) if found == self._z3.sat else (Said.NOTHING, ())

    # --- nodes and ways

    def _symbol(self, one: Variable) -> Any:
        """A class of a thing: one bit of its field."""
        self._made += 1
        made = self._z3.BitVec(f"v{self._made}", len(one.values))
        self._solver.add(made != 0, made & (made - 1) == 0)
        return made

    def _bool(self) -> Any:
        self._made += 1
        return self._z3.Bool(f"b{self._made}")

    def _node(self, node: Node) -> tuple[Any, Customer]:
        """Whether a node is on the way, and the customer there."""
        if node not in self._nodes:
            live = self._recorder.live
            matters = live.here[node.place] if node.phase == COMES else live.resting[node.place]
            own = {one.offset: self._symbol(one) for one in self._moving if one.field & matters}
            self._nodes[node] = self._bool(), {**self._first, **own}
        return self._nodes[node]

    def _way(self, parent: Node | None, arc: Arc, node: Node) -> Any:
        parts, customer = self._through(parent, (*arc.changes, *following(self._system, arc)))
        there = self._node(node)[1]
        own = [there[offset] == value for offset, value in customer.items() if there[offset] is not self._first[offset]]
        return self._taken(parent, arc, node, customer, [*parts, *own])

    def _end(self, parent: Node | None, arc: Arc, box: int) -> Any:
        parts, customer = self._through(parent, arc.changes)
        return self._taken(parent, arc, None, customer, [*parts, self._inside(customer, box)])

    def _taken(self, parent: Node | None, arc: Arc, node: Node | None, customer: Customer, parts: list[Any]) -> Any:
        taken = self._bool()
        if parent is not None:
            parts.append(self._node(parent)[0])
        self._solver.add(self._z3.Implies(taken, self._z3.And(parts)))
        self._ways.setdefault(node, []).append((taken, parent, arc, customer))
        return taken

    # --- what changes do to one customer

    def _through(self, parent: Node | None, changes: Sequence[Change]) -> tuple[list[Any], Customer]:
        """A customer after some changes, and what they ask of him."""
        customer = self._first if parent is None else self._node(parent)[1]
        parts: list[Any] = []
        for change in changes:
            kept = change.lets()
            if kept is not None:
                parts.append(self._z3.Or([self._inside(customer, box) for box in kept]))
            after = {one.offset: self._symbol(one) for one in self._moving if one.field & change.touches}
            for one in self._moving:
                if one.offset in after:
                    parts += self._turned(change, one, customer, after[one.offset])
            customer = {**customer, **after}
        return parts, customer

    def _inside(self, customer: Customer, box: int) -> Any:
        parts = []
        for one in self._space.variables:
            if box & one.field != one.field:
                parts.append(customer[one.offset] & ~(box >> one.offset) & ((1 << len(one.values)) - 1) == 0)
        return self._z3.And(parts)

    def _turned(self, change: Change, one: Variable, before: Customer, new: Any) -> Iterator[Any]:
        """What may follow of one thing: for each class those that the change gives."""
        old = before[one.offset]
        for number in range(len(one.values)):
            alone = self._space.full & ~one.field | one.bits((number,))
            row = 0
            for box in change.after(alone):
                row |= box >> one.offset & ((1 << len(one.values)) - 1)
            yield self._z3.Implies(old == 1 << number, new & ~row == 0)
        met = self._space.met(one)
        if met is not None and change.passes:
            yield self._z3.Or(new != 1 << SINCE, old == 1 << SINCE, before[met.offset] == 2)

    # --- the way that was found

    def _trail(self) -> Trail:
        model = self._solver.model()

        def box(customer: Customer) -> int:
            values = ((offset, model.eval(value, model_completion=True)) for offset, value in customer.items())
            return sum(int(value.as_long()) << offset for offset, value in values)

        steps: list[Step] = []
        node: Node | None = None
        while True:
            ways = self._ways[node]
            _, parent, arc, customer = next(way for way in ways if self._z3.is_true(model.eval(way[0])))
            before = self._first if parent is None else self._node(parent)[1]
            steps.append(Step(parent, arc, box(before), box(customer)))
            if parent is None:
                return tuple(reversed(steps))
            node = parent
