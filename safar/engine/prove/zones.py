"""How long ago things happened: bounds of the differences of instants, as a matrix (Dill, 1989).

A zone knows some instants by name, and now.  It is kept closed: every bound is as narrow as the others make it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

Bound = float
"""Whole seconds, or infinity."""

ANY = math.inf


class Zone:
    """`bounds[i][j]` is the most that instant i is later than instant j; instant 0 is now."""

    __slots__ = ("_hash", "bounds", "names")

    def __init__(self, names: tuple[str, ...] = (), bounds: tuple[tuple[Bound, ...], ...] = ((0,),)) -> None:
        self.names, self.bounds = names, bounds
        self._hash = hash((names, bounds))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.names == other.names and self.bounds == other.bounds

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return "Zone(" + ", ".join(f"{one}: {self.least(one)}..{self.most(one)}" for one in self.names) + ")"

    def _at(self, name: str) -> int:
        return self.names.index(name) + 1

    def has(self, name: str) -> bool:
        return name in self.names

    def least(self, name: str) -> Bound:
        """At least so many seconds ago."""
        return -self.bounds[self._at(name)][0]

    def most(self, name: str) -> Bound:
        """At most so many seconds ago."""
        return self.bounds[0][self._at(name)]

    def later(self, low: Bound, high: Bound) -> Zone:
        """After at least `low` and at most `high` more seconds."""
        if not self.names or (not low and not high):
            return self
        now = (0, *(one + high for one in self.bounds[0][1:]))
        return Zone(self.names, (now, *((row[0] - low, *row[1:]) for row in self.bounds[1:])))

    def with_now(self, name: str) -> Zone:
        """An instant of that name is now; an earlier one of that name is forgotten."""
        bare = self.without((name,))
        rows = [list(row) for row in bare.bounds]
        new = [0, *rows[0][1:], 0]
        for row in rows:
            row.append(row[0])
        return Zone((*bare.names, name), (*(tuple(row) for row in rows), tuple(new)))

    def without(self, names: Iterable[str]) -> Zone:
        gone = {self._at(name) for name in names if name in self.names}
        if not gone:
            return self
        left = [i for i in range(len(self.bounds)) if i not in gone]
        return Zone(
            tuple(self.names[i - 1] for i in left[1:]), tuple(tuple(self.bounds[i][j] for j in left) for i in left)
        )

    def only(self, names: Iterable[str]) -> Zone:
        kept = set(names)
        return self.without([name for name in self.names if name not in kept])

    def since(self, name: str, low: Bound, high: Bound) -> Zone | None:
        """Where it was at least `low` and at most `high` seconds ago; None where it cannot be."""
        at = self._at(name)
        found = self._narrowed(0, at, high)
        return found._narrowed(at, 0, -low) if found is not None else None

    def _narrowed(self, one: int, other: int, bound: Bound) -> Zone | None:
        old = self.bounds
        if old[one][other] <= bound:
            return self
        if old[other][one] + bound < 0:
            return None
        size = range(len(old))
        rows = tuple(tuple(min(old[i][j], old[i][one] + bound + old[other][j]) for j in size) for i in size)
        return Zone(self.names, rows)

    def within(self, most: Bound) -> Zone:
        """Differences beyond `most` seconds are not told apart: so there are finitely many zones."""
        if not self.names:
            return self
        rows = tuple(tuple(ANY if one > most else max(one, -most) for one in row) for row in self.bounds)
        return self if rows == self.bounds else Zone(self.names, rows)

    def holds(self, other: Zone) -> bool:
        """Whether everything that the other allows is allowed."""
        return self.names == other.names and all(
            mine >= its
            for row, others in zip(self.bounds, other.bounds, strict=True)
            for mine, its in zip(row, others, strict=True)
        )

    def joined(self, other: Zone) -> Zone:
        """Everything that one of both allows, and what lies between."""
        if self == other:
            return self
        assert self.names == other.names
        rows = tuple(tuple(map(max, row, others)) for row, others in zip(self.bounds, other.bounds, strict=True))
        return Zone(self.names, rows)

    def loosely(self, *, late: bool) -> Zone:
        """For one instant alone, of which only the longest (`late`), or only the shortest time since matters."""
        most, least = self.bounds[0][1], self.bounds[1][0]
        return Zone(self.names, ((0, most), (0, 0)) if late else ((0, ANY), (least, 0)))
