"""The shortest way through a journey that shows a finding: what a customer passes, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from safar.engine.check.subject import first_line
from safar.engine.diagnostic import Related
from safar.engine.moves import Place
from safar.engine.program import Program

_MOST = 12
"""Steps that are told; of a longer way the middle is left out."""


def way(program: Program, start: int, ends: Collection[int]) -> tuple[Related, ...]:
    """The steps from one place to the nearest of others, by way of interrupts too; empty if no way leads there."""
    before = {start: start}
    todo = deque([start])
    while todo:
        place = todo.popleft()
        if place in ends and (place != start or len(before) > 1):
            return told(program.places[one] for one in _back(before, place))
        for edge in (*program.ways(place), *program.interrupts(place)):
            if edge.end not in before:
                before[edge.end] = place
                todo.append(edge.end)
    return ()


def _back(before: dict[int, int], place: int) -> list[int]:
    passed = [place]
    while before[passed[-1]] != passed[-1]:
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
