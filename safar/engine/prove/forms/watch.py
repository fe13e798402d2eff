"""What a form of rule watches for while a journey is explored."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from safar.engine.expression import EventForm, Heard
from safar.engine.promises import Deed
from safar.engine.prove.changes import Guard
from safar.engine.prove.marks import Mark
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone

if TYPE_CHECKING:
    from safar.engine.prove.labels import Node

State = Hashable
"""Where a watch stands: what it has seen of what a rule speaks of."""

SEEN = "seen"
"""The instant, in a zone, of what a rule counts time from."""
ENTRY = "entry"
"""The instant at which the run began."""


class Next(NamedTuple):
    """What a watch makes of something that happens: it goes on so, or the rule is broken (of those in `where`)."""

    state: State
    zone: Zone
    broken: bool = False
    where: Guard | None = None


class Watch:
    """The base of all forms: it waits for nothing.  A form is broken by a mark, or by time alone.

    - `late`: of the time since the one instant that is kept only the longest matters (True), the shortest (False).
    - `begun`: whether the instant of the entry is kept.  `again`: whether later runs of the customer count, too.
    - `meanwhile`: events that it looks for while a run rests; `afterwards`: and after it has left.
    - `targets`: places at which coming there breaks it, of those whom `guard` lets through.
    - `joined`: whether states of a group are joined into one.
    - `most`: seconds beyond which times are not told apart.  `first`: where it stands when a run begins.
    """

    late: bool | None = None
    begun = False
    again = False
    meanwhile: tuple[Deed, ...] = ()
    afterwards = False
    most = 0
    targets: frozenset[int] = frozenset()
    guard: Guard | None = None
    joined = False
    first: State = 0

    def __init__(self, system: System) -> None:
        self.system = system

    def sees(self, mark: Mark) -> bool:
        """Whether a mark means anything to it; asked once for each arc."""
        return False

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        """How it goes on when that happens; nothing where the rule cannot be broken any more."""
        return (Next(state, zone),)

    def overdue(self, state: State, zone: Zone) -> bool:
        """Whether time alone may have broken the rule."""
        return False

    def passed(self, state: State, zone: Zone) -> tuple[State, Zone]:
        """Where it stands when time has passed."""
        return state, zone

    def is_hopeless(self, node: Node, zone: Zone) -> bool:
        """Whether the rule is surely not broken from there on."""
        return False

    def group(self, state: State) -> State:
        """Of states that are joined into one, what they have in common."""
        return state

    def join(self, one: State, other: State) -> State:
        """Of two states of a group the one that is nearer to a broken rule."""
        return one

    def fields(self, mark: Mark) -> int:
        """The fields that it looks at when that happens."""
        return 0

    @property
    def kept(self) -> int:
        """The fields that it may look at anywhere."""
        return 0


def told(deed: Deed) -> EventForm:
    """The event that a rule speaks of."""
    return EventForm(span=deed.span, kind=Heard.EVENT, name=deed.name, answers=deed.answers, where=deed.where)


__all__ = ["ENTRY", "SEEN", "Next", "State", "Watch", "told"]
