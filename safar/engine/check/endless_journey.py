"""A part of a journey from which no exit can be reached: only the horizon ends it."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.timeless_cycle import timeless_places
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.moves import Exit, Jump, Place
from safar.engine.program import Program

RULE = Rule("endless-journey", "SF105")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        caught = _caught(program)
        # A circle without time is the graver mistake; mending it shows whether this one is left.
        if caught and not any(name == program.journey.name for name, _ in timeless_places(subject)):
            yield _finding(program, caught)


def _caught(program: Program) -> set[int]:
    """The places that customers come to and from which no exit can be reached."""
    reached = program.passed()
    before: dict[int, list[int]] = {}
    for place in reached:
        ends = [edge.end for edge in (*program.ways(place), *program.interrupts(place))]
        for end in ends:
            before.setdefault(end, []).append(place)
    free: set[int] = set()
    todo = [place for place in reached if isinstance(program.places[place].move, Exit)]
    while todo:
        place = todo.pop()
        if place not in free:
            free.add(place)
            todo += before.get(place, ())
    return reached - free


def _finding(program: Program, caught: set[int]) -> Diagnostic:
    places = [program.places[place] for place in sorted(caught)]
    jumps = [place for place in places if isinstance(place.move, Jump) and place.step is not None]
    closing: Place | None = jumps[-1] if jumps else None
    whole = caught >= program.passed()
    first = next(place for place in places if place.step is not None)
    where = "the journey" if whole else f"from `{first.node}` on, the journey"
    related = () if whole else (Related("from here no exit can be reached", first_line(first.span)),)
    return RULE.at(
        first_line(closing.span) if closing is not None else name_or_line(program.journey),
        f"{where} can end by its horizon only",
        label="back again, for ever",
        help="add an `exit`, on a way out of the circle or as an interrupt such as `on EVENT exit NAME`",
        related=related,
        way=way(program, program.start, {(closing or first).id}),
    )
