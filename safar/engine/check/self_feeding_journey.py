"""A journey that its own message lets customers enter again at the same instant, for ever."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Response
from safar.engine.moves import Deliver, Exit
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("self-feeding-journey", "SF107")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        journey = program.journey
        if journey.reenter is None or journey.reenter.how != "always":
            continue
        begins = {fold(entry.event): entry for entry in journey.entries if entry.event}
        passed = at_once(program)
        if not any(isinstance(program.places[place].move, Exit) for place in passed):
            continue
        for place in sorted(passed):
            move = program.places[place].move
            for response in _instant(move.touchpoint.responds) if isinstance(move, Deliver) else ():
                entry = begins.get(fold(response.event))
                if entry is not None:
                    yield RULE.at(
                        first_line(response.span),
                        f"this answer begins `{journey.name}` again at the same instant",
                        label="comes at once",
                        help="give the answer a delay, put a `wait` before the exit, or say `reenter after 1d`",
                        related=(Related("the journey begins with it", first_line(entry.span)),),
                        way=way(program, program.start, {place}),
                    )


def at_once(program: Program) -> set[int]:
    """The places that can be passed at the instant of the entry."""
    seen: set[int] = set()
    todo = [program.start]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += [edge.end for edge in program.ways(place) if edge.low == 0 and not edge.sure]
    return seen


def _instant(responses: tuple[Response, ...]) -> Iterator[Response]:
    """The answers that come without a delay."""
    for response in responses:
        if response.delay.kind == "fixed" and response.delay.low == 0:
            yield response
            yield from _instant(response.then)
