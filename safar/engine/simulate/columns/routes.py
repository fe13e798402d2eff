"""Which places follow which: for the order of turns, and for what runs must carry along."""

from __future__ import annotations

from safar.engine.moves import Wait
from safar.engine.program import Program


class Routes:
    """`after[p]` are the places that a run may come to after a place, as the bits of a number."""

    def __init__(self, program: Program) -> None:
        self._next = [_next(program, place) for place in range(len(program.places))]
        self.after = self._closed()

    def _closed(self) -> list[int]:
        after = [0] * len(self._next)
        changed = True
        while changed:
            changed = False
            for place in reversed(range(len(after))):
                found = after[place]
                for one in self._next[place]:
                    found |= after[one] | 1 << one
                if found != after[place]:
                    after[place], changed = found, True
        return after

    def into(self, place: int) -> set[int]:
        """The places from which a run may come straight to a place."""
        return {start for start, ends in enumerate(self._next) if place in ends}

    def leads(self, start: int, end: int) -> bool:
        """Whether a run that is at the one may come to the other afterwards."""
        return bool(self.after[start] >> end & 1)

    def turns(self) -> list[int]:
        """The places in the order of their turns: a place before those it leads to, a loop before what follows it."""
        reach = [(found | 1 << place).bit_count() for place, found in enumerate(self.after)]
        return sorted(range(len(reach)), key=lambda place: (-reach[place], place))


def _next(program: Program, place: int) -> list[int]:
    found = [edge.end for edge in program.ways(place)]
    if program.rests(place) or isinstance(program.places[place].move, Wait):
        found += [one.to for scope in program.around(place) for one in scope.handlers if one.to is not None]
    return found
