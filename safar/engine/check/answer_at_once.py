"""An answer asked for at the instant of its message, or where the message never was."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, happenings
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.expression import EventForm, Heard
from safar.engine.moves import Branch, Deliver, Wait
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("answer-at-once", "SF302")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole():
        for place in sorted(program.passed()):
            match program.places[place].move:
                case Branch(condition=condition):
                    for form in happenings(condition):
                        yield from _look(program, place, form)
                case Wait(ways=ways):
                    for one in (one for way in ways for one in way.pattern.alternatives if one.form is not None):
                        yield from _look(program, place, one.form, waits=True)


def _look(program: Program, place: int, form: EventForm | None, *, waits: bool = False) -> Iterator[Diagnostic]:
    if form is None or form.answers is None or form.kind is not Heard.EVENT:
        return
    visits = _visits(program, form.answers)
    states = _since(program, visits)
    if (place, True) in states:
        return
    if (place, False) not in states:
        yield RULE.at(
            form.span,
            f"no way from `{form.answers}` leads here, so nothing can be an answer to it",
            label="not met before",
            help=f"meet `{form.answers}` before this step",
            related=_related(program, visits),
        )
    elif not waits:
        yield RULE.at(
            form.span,
            f"no answer to `{form.answers}` can have come: it is asked at the instant of the message",
            label="never true here",
            help=f"wait for it, as in `wait for {form.name}({form.answers}) up to 2d {{ }} otherwise {{ }}`",
            related=_related(program, visits),
        )


def _visits(program: Program, name: str) -> frozenset[int]:
    """The places at which a touchpoint is met, or the one step of that name."""
    return frozenset(
        place.id
        for place in program.places
        if isinstance(place.move, Deliver) and fold(name) in (fold(place.name), fold(place.move.touchpoint.name))
    )


def _since(program: Program, visits: frozenset[int]) -> set[tuple[int, bool]]:
    """The places that can be passed after a visit, each with whether time may have passed since the last one."""
    reached = program.passed()
    seen: set[tuple[int, bool]] = set()
    todo = [(edge.end, False) for visit in visits if visit in reached for edge in program.ways(visit)]
    while todo:
        place, later = todo.pop()
        if (place, later) in seen:
            continue
        seen.add((place, later))
        if place not in visits:
            todo += [(edge.end, later or edge.high != 0) for edge in program.ways(place)]
        todo += [(edge.end, True) for edge in program.interrupts(place)]
    return seen


def _related(program: Program, visits: frozenset[int]) -> tuple[Related, ...]:
    return tuple(Related("the message", program.places[visit].span) for visit in sorted(visits))
