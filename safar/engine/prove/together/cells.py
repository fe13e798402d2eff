"""Whom journeys have in common: cells of what is fixed of a customer, and in which cell their peaks add up highest.

Only what is fixed (and the persona) is the same in all journeys at all times; everything else may be one thing when
one journey asks, and another when the next one does.  The highest sum is found by branch and bound, best first.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from safar.engine.expression import Base, Type, Value
from safar.engine.prove.atoms import Key
from safar.engine.prove.classes import values
from safar.engine.prove.space import FIXED, Variable
from safar.engine.prove.system import System
from safar.engine.prove.together.curve import Curve
from safar.engine.prove.together.peaks import Peak

MOST_CELLS = 4_000
"""Cells that are looked at; beyond it the bound is that of what was not looked into."""

Cell = tuple[int, ...]
"""For each common thing the classes that are left, as bits."""


class Common:
    """What several journeys ask and nothing changes: each thing cut where any of them cuts it."""

    def __init__(self, systems: Sequence[System]) -> None:
        asked = Counter(one.key for system in systems for one in system.space.variables if _is_common(one))
        self.keys: list[Key] = [key for key, times in asked.most_common() if times > 1]
        self.values = [self._values(key, systems) for key in self.keys]
        self.all: Cell = tuple((1 << len(several)) - 1 for several in self.values)
        self._known: dict[tuple[Key, tuple[Value, ...], frozenset[Value]], list[int | None]] = {}

    @staticmethod
    def _values(key: Key, systems: Sequence[System]) -> tuple[Value, ...]:
        project = systems[0].project
        same = [one for system in systems if (one := system.space.by_key.get(key)) is not None]
        cuts = {cut for one in same for cut in one.cuts}
        name = str(key[1]) if len(key) > 1 else ""
        type = project.vocabulary.attributes[name].type if name else Type(Base.PERSONA)
        return values(type, cuts, tuple(project.vocabulary.personas), None)

    def fields(self, system: System) -> int:
        """The fields of what is common in one journey's space."""
        return sum(one.field for key in self.keys if (one := system.space.by_key.get(key)) is not None)

    def cell(self, system: System, box: int) -> Cell:
        """A box of one journey, as the classes of all."""
        found = []
        for number, key in enumerate(self.keys):
            one = system.space.by_key.get(key)
            left = self.all[number]
            if one is not None and box & one.field != one.field:
                there = self._classes(number, one)
                left = sum(1 << n for n, own in enumerate(there) if own is None or one.bits((own,)) & box)
            found.append(left)
        return tuple(found)

    def _classes(self, number: int, one: Variable) -> list[int | None]:
        known = one.key, one.values, one.cuts
        if known not in self._known:
            self._known[known] = [one.class_of(value) for value in self.values[number]]
        return self._known[known]

    def box(self, system: System, cell: Cell) -> int:
        """The customers of a cell, in the space of one journey."""
        box = system.space.full
        for number, key in enumerate(self.keys):
            one = system.space.by_key.get(key)
            if one is not None:
                there = self._classes(number, one)
                own = {there[n] for n in range(len(there)) if cell[number] >> n & 1}
                box &= ~one.field | one.bits(at for at in own if at is not None)
        return box

    def example(self, cell: Cell) -> dict[Key, Value]:
        """A value of each thing that a cell leaves less than all of."""
        return {
            key: self.values[number][(cell[number] & -cell[number]).bit_length() - 1]
            for number, key in enumerate(self.keys)
            if cell[number] != self.all[number]
        }


def _is_common(one: Variable) -> bool:
    return one.change == FIXED and one.key[0] in ("attribute", "persona")


# --- the highest sum


class Profile(msgspec.Struct, frozen=True, eq=False):
    """What one journey brings to whom, the most first."""

    curve: Curve
    peaks: tuple[tuple[float, Cell, Peak], ...]


class Highest(msgspec.Struct, frozen=True, kw_only=True):
    """The most that all journeys bring one customer by their curves (infinite: no bound), whoever he is; for whom that
    is, and by which peaks."""

    bound: float
    cell: Cell
    chosen: Mapping[Curve, Peak] = {}


def profile(curve: Curve, common: Common, window: float) -> Profile:
    peaks = curve.within(window)
    counts = (math.inf if curve.beside or one.count >= curve.most else float(one.count) for one in peaks)
    return Profile(
        curve, tuple((count, common.cell(curve.system, one.box), one) for count, one in zip(counts, peaks, strict=True))
    )


def highest(profiles: Sequence[Profile], common: Common, most_cells: int = MOST_CELLS) -> Highest:
    """The cell in which peaks add up highest."""
    having = [one for one in profiles if one.peaks]
    ties = itertools.count()
    heap = [(-_sum(having, common.all), 0, next(ties), common.all)]
    looked = 0
    while True:
        negative, _, _, cell = heapq.heappop(heap)
        number = _torn(having, cell)
        looked += 1
        if number is None or looked > most_cells:
            chosen = {one.curve: peak for one in having if (peak := _best(one, cell)[1]) is not None}
            return Highest(bound=-negative, cell=_narrowed(having, chosen, cell), chosen=chosen)
        for bit in _bits(cell[number]):
            there = (*cell[:number], bit, *cell[number + 1 :])
            heapq.heappush(heap, (-_sum(having, there), -looked, next(ties), there))


def _sum(profiles: Sequence[Profile], cell: Cell) -> float:
    return sum(_best(one, cell)[0] for one in profiles)


def _best(one: Profile, cell: Cell) -> tuple[float, Peak | None]:
    for count, own, peak in one.peaks:
        if all(mine & theirs for mine, theirs in zip(own, cell, strict=True)):
            return count, peak
    return 0, None


def _torn(profiles: Sequence[Profile], cell: Cell) -> int | None:
    """The thing by which the most of the best peaks are for different customers; None where all are for somebody."""
    wanted = list(cell)
    torn: Counter[int] = Counter()
    for one in profiles:
        for count, own, _ in one.peaks:
            if count and all(mine & theirs for mine, theirs in zip(own, cell, strict=True)):
                for number, mine in enumerate(own):
                    if mine & cell[number] != cell[number]:
                        torn[number] += 1
                    wanted[number] &= mine
                break
    apart = [number for number, left in enumerate(wanted) if not left]
    return max(apart, key=lambda number: torn[number], default=None)


def _narrowed(profiles: Sequence[Profile], chosen: Mapping[Curve, Peak], cell: Cell) -> Cell:
    """The customers of a cell for whom all chosen peaks are, as far as there are any."""
    left = cell
    for one in profiles:
        for _, own, peak in one.peaks:
            if chosen.get(one.curve) is peak:
                both = tuple(mine & theirs for mine, theirs in zip(left, own, strict=True))
                left = both if all(both) else left
    return left


def _bits(mask: int) -> list[int]:
    return [1 << n for n in range(mask.bit_length()) if mask >> n & 1]
