"""A way round on which no time surely passes, within a journey or over journeys that start each other.

Interrupts are left out: a run obeys an event once, so every turn needs another event.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator
from typing import TypeVar

from safar.engine.check.subject import Subject, first_line
from safar.engine.check.witness import told
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.moves import Count, Effect, Jump, StartJourney
from safar.engine.program import Edge, Program

RULE = Rule("timeless-cycle", "SF106")

Spot = tuple[int, int]
"""The number of a program and of a place in it."""

Arcs = dict[Spot, list[Spot]]

K = TypeVar("K", bound=Hashable)


def find(subject: Subject) -> Iterator[Diagnostic]:
    programs = subject.whole
    arcs = without_ends(_arcs(programs))
    if not arcs:
        return
    # Only now: loading networkx takes longer than checking a file.
    from safar.engine.graph import shortest_way

    for jump in sorted(arcs):
        for target in sorted(set(arcs[jump])):
            if not _back(programs, jump, target):
                continue
            way = shortest_way(arcs, target, jump)
            if way:
                arcs[jump].remove(target)
                yield _finding(programs, jump, way)


@functools.lru_cache(maxsize=1)
def timeless_places(subject: Subject) -> frozenset[tuple[str, int]]:
    """Journey and place of all that stands on ways round without time."""
    programs = subject.whole
    return frozenset((programs[number].journey.name, place) for number, place in without_ends(_arcs(programs)))


def _arcs(programs: tuple[Program, ...]) -> Arcs:
    """The ways that may take no time, without a repeat's own way back."""
    numbers = {program.journey.name: number for number, program in enumerate(programs)}
    arcs: Arcs = {}
    for number, program in enumerate(programs):
        for place in sorted(program.passed()):
            ends = [(number, edge.end) for edge in program.ways(place) if not edge.sure and not _own(program, edge)]
            match program.places[place].move:
                case Effect(effect=StartJourney(journey=name)) if name in numbers:
                    ends.append((numbers[name], programs[numbers[name]].start))
            arcs[number, place] = ends
    return arcs


def _own(program: Program, edge: Edge) -> bool:
    """Whether a way leads from inside a repeat back to its head."""
    move = program.places[edge.end].move
    return isinstance(move, Count) and any(scope.id == move.loop for scope in program.around(edge.start))


def without_ends(arcs: dict[K, list[K]]) -> dict[K, list[K]]:
    """What is left when places without a way on are taken away again and again: nothing, if there is no way round."""
    before: dict[K, list[K]] = {}
    for start, ends in arcs.items():
        for end in ends:
            before.setdefault(end, []).append(start)
    left = {start: len(ends) for start, ends in arcs.items()}
    todo = [start for start, count in left.items() if count == 0]
    while todo:
        gone = todo.pop()
        del left[gone]
        for start in before.get(gone, ()):
            left[start] -= 1
            if left[start] == 0:
                todo.append(start)
    return {start: [end for end in arcs[start] if end in left] for start in left}


def _back(programs: tuple[Program, ...], jump: Spot, target: Spot) -> bool:
    """Whether a step leads to itself or to what stands before it; a stage begins with its first step."""
    number, place = target
    at = programs[number].places[place]
    while at.step is None and isinstance(at.move, Jump):
        at = programs[number].places[at.move.to]
    return programs[jump[0]].places[jump[1]].step is not None and (number, at.id) <= jump


def _finding(programs: tuple[Program, ...], jump: Spot, way: tuple[Spot, ...]) -> Diagnostic:
    passed = [programs[number].places[place] for number, place in way]
    spoken = [place for place in passed[:-1] if place.step is not None]
    related = tuple(Related("the way passes here", first_line(place.span)) for place in spoken)
    closing = passed[-1]
    return RULE.at(
        first_line(closing.span),
        f"this leads back to `{passed[0].node}` and no time surely passes on the way round",
        label="closes the circle",
        help="put a `wait` on the way; the end of a `wait for` before its time is up does not count",
        related=related,
        way=told(passed),
    )
