"""The leaves of a program's measures, made ready to be marked where what they count happens."""

from __future__ import annotations

from collections.abc import Sequence

from safar.engine.expression import Base
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.marks import Averaging, Counting, Point, Starting, Timing
from safar.engine.simulate.columns.splits import Split
from safar.engine.simulate.leaves import MONEY, Leaf, all_leaves
from safar.engine.simulate.spread import Formulas, counted

_NUMBERS = (Base.INTEGER, Base.NUMBER, Base.MONEY, Base.PERCENT, Base.TIME, Base.DURATION, Base.YES_NO)
_INEXACT = (Base.NUMBER, Base.PERCENT)
"""Their sums are kept as fractions, which no column holds."""


class Leaves:
    """`customers` are the leaves that count customers, or those who meet a condition when all is over."""

    def __init__(self, program: Program, splits: Sequence[Split], formulas: Formulas) -> None:
        self._program = program
        self._formulas = formulas
        self._personas = {fold(name): n for n, name in enumerate(program.project.vocabulary.personas)}
        self._arms = {
            (fold(split.name), fold(arm)): (split.number, n) for split in splits for n, arm in enumerate(split.arms)
        }
        self._by_mark: dict[tuple[str, str], list[Counting]] = {}
        self._starts: dict[tuple[str, str], list[Starting]] = {}
        self.customers: list[Counting] = []
        self.timings: list[Timing] = []
        for leaf in all_leaves(program):
            self._add(leaf)

    def _add(self, leaf: Leaf) -> None:
        persona = self._personas.get(leaf.persona, -2) if leaf.persona else None
        if any(arm not in self._arms for arm in leaf.arms):
            return
        spreads = self._formulas.has(counted(leaf, "EUR" if leaf.name in MONEY else ""))
        restricted = persona, tuple(self._arms[arm] for arm in leaf.arms), spreads
        if leaf.of == "condition" or (leaf.of, leaf.name) == ("figure", "customers"):
            self.customers.append(Counting(leaf, *restricted))
        elif leaf.of == "time":
            self._time(Timing(leaf, *restricted))
        elif leaf.of != "average":
            self._by_mark.setdefault((leaf.of, leaf.name), []).append(Counting(leaf, *restricted))
        elif self._is_number(leaf):
            if leaf.arms and self._is_number(leaf, _INEXACT):
                raise NotInColumns("an average of numbers with fractions in some arms of a split")
            self._by_mark.setdefault(("event", leaf.name), []).append(Averaging(leaf, *restricted))

    @property
    def fields(self) -> set[str]:
        """The fields that averages are of, folded."""
        return {one.leaf.field for marks in self._by_mark.values() for one in marks if isinstance(one, Averaging)}

    def _is_number(self, leaf: Leaf, bases: tuple[Base, ...] = _NUMBERS) -> bool:
        events = self._program.project.vocabulary.events
        fields = [field for name, event in events.items() if fold(name) == leaf.name for field in event.fields]
        return any(fold(f.name) == leaf.field and f.type.base in bases and not f.private for f in fields)

    def _time(self, timing: Timing) -> None:
        start, end = (_mark(word) for word in (timing.leaf.name, timing.leaf.field))
        self.timings.append(timing)
        self._starts.setdefault(start, []).append(Starting(timing))
        self._by_mark.setdefault(end, []).append(timing)

    def at(self, of: str, name: str, touchpoint: str = "", step: str = "") -> tuple[Point, ...]:
        """Who marks a thing of that kind and name, at a touchpoint met at a step."""
        mark = of, fold(name)
        places = fold(touchpoint), fold(step) if touchpoint else ""
        found = [
            one
            for one in self._by_mark.get(mark, [])
            if isinstance(one, Timing) or not one.leaf.touchpoint or one.leaf.touchpoint in places
        ]
        return (*self._starts.get(mark, ()), *found)

    def entering(self, event: str) -> tuple[Point, ...]:
        """Who marks an entry by that event, from which times may be counted."""
        return (*self._starts.get(("event", fold(event)), ()), *self.at("figure", "entered"))


def _mark(word: str) -> tuple[str, str]:
    of, _, name = word.partition(":")
    return of, name
