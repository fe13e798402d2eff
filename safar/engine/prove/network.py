"""The ways of a journey as nodes and what leads from one to another, with all customers of a node taken together."""

from __future__ import annotations

from safar.engine.prove.arcs import Arc
from safar.engine.prove.changes import forwards
from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.labels import RESTED, Broken, Label, Node
from safar.engine.prove.marks import Mark
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone


class Recorder(Explorer):
    """A joined exploration that keeps every arc between nodes, and where the rule may be broken."""

    def __init__(self, system: System, watch: Watch, budget: int) -> None:
        super().__init__(system, watch, joined=True, budget=budget)
        self.ways: dict[Node, dict[tuple[Node | None, Arc], None]] = {}
        self.ends: dict[tuple[Node | None, Arc], int] = {}

    def _add(self, node: Node, box: int, zone: Zone, parent: Label | None, arc: Arc) -> None:
        self.ways.setdefault(node, {})[parent.node if parent is not None else None, arc] = None
        super()._add(node, box, zone, parent, arc)

    def _tell(self, broken: Broken) -> None:
        key = broken.label.node if broken.label is not None else None, broken.arc
        self.ends[key] = self.ends.get(key, 0) | broken.box


class _Unmoved(Watch):
    """Sees what another watch sees, and makes nothing of it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch.system)
        self._watch = watch

    def sees(self, mark: Mark) -> bool:
        return self._watch.sees(mark)


class Network(Recorder):
    """All ways of one run; `complete` if they were found within the budget.  What happens in a rest and leaves the run
    there may happen any number of times."""

    def __init__(self, system: System, watch: Watch, budget: int) -> None:
        super().__init__(system, _Unmoved(watch), budget)
        self.complete = self.run()

    def deeds(self, arc: Arc) -> int:
        """How often the watch sees something on an arc."""
        return len(self._marks(arc))

    def _aside(self, label: Label, arc: Arc) -> None:
        if self._marks(arc):
            node = label.node._replace(phase=RESTED)
            for box in forwards(arc.changes, label.box):
                self._add(node, self.system.passes.after(box)[0], label.zone, label, arc)
