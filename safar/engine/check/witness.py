"""The shortest way through a journey that shows a finding: what a customer passes, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator

from safar.engine.check.subject import first_line
from safar.engine.diagnostic import Related
from safar.engine.moves import Place
from safar.engine.program import Program

_MOST = 12
"""Steps that are told; of a longer way the middle is left out."""


def way(program: Program, start: int, ends: Collection[int]) -> tuple[Related, ...]:
    """The steps from one place to the nearest of others, by way of interrupts too; empty if no way leads there."""

    def onward(place: int) -> Iterator[int]:
        return (edge.end for edge in (*program.ways(place), *program.interrupts(place)))

    return told(program.places[one] for one in shortest(onward, start, ends))


def shortest(onward: Callable[[int], Iterable[int]], start: int, ends: Collection[int]) -> list[int]:
    """The places from one to the nearest of others, or round to itself; empty if no way leads there.

    >>> shortest({1: [2, 3], 2: [4], 3: [1], 4: []}.__getitem__, 1, {4}), shortest({1: []}.__getitem__, 1, {1})
    ([1, 2, 4], [])
    """
    before: dict[int, int] = {}
    todo = deque([start])
    while todo:
        place = todo.popleft()
        for end in onward(place):
            if end not in before:
                before[end] = place
                todo.append(end)
                if end in ends:
                    return _back(before, start, end)
    return []


def _back(before: dict[int, int], start: int, end: int) -> list[int]:
    passed = [end, before[end]]
    while passed[-1] != start:
        passed.append(before[passed[-1]])
    return passed[::-1]


def told(places: Iterable[Place]) -> tuple[Related, ...]:
    """Places as the steps of a witness: those that a statement of the file says, each once in a row."""
    steps: list[Related] = []
    for place in places:
        one = Related(f"`{place.node}`", first_line(place.span))
        if place.step is not None and place.span.source.path and (not steps or steps[-1].message != one.message):
            steps.append(one)
    if len(steps) <= _MOST:
        return tuple(steps)
    return (*steps[: _MOST // 2], *steps[-_MOST // 2 :])
