"""A wait for an answer that mostly comes later."""

from __future__ import annotations

import math
from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.elapsed import since, visits
from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import EventForm, Heard
from safar.engine.model import Delay, Response
from safar.engine.moves import After, Deliver, Wait
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("hasty-wait", "SF603", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        met = visits(program)
        for place in sorted(program.passed()):
            match program.places[place].move:
                case Wait(deadline=After(seconds), ways=ways) if seconds > 0:
                    for one in (one for way in ways for one in way.pattern.alternatives):
                        if one.form is not None and one.form.answers and one.form.kind is Heard.EVENT:
                            visited = met.get(fold(one.form.answers), frozenset())
                            yield from _look(program, place, one.form, seconds, visited)


def _look(program: Program, place: int, form: EventForm, seconds: int, visited: frozenset[int]) -> Iterator[Diagnostic]:
    moves = [program.places[visit].move for visit in visited]
    lines = [
        (middle, response)
        for move in moves
        if isinstance(move, Deliver)
        for middle, response in _middles(move.touchpoint.responds, 0)
        if fold(response.event) == fold(form.name)
    ]
    if not lines or min(middle for middle, _ in lines) <= seconds:
        return
    if True not in since(program, visited, place):
        middle, response = min(lines, key=lambda line: line[0])
        yield RULE.at(
            form.span,
            f"most answers are assumed to come after this wait of {spelling.duration(seconds)}",
            label="given up too early?",
            help=f"half of them come within about {_rounded(middle)}: wait longer than that",
            related=(Related("the assumption", response.span),),
        )


def _middles(responses: tuple[Response, ...], begun: float) -> Iterator[tuple[float, Response]]:
    """Each line with the seconds from the delivery within which about half of its answers come."""
    for response in responses:
        middle = begun + _middle(response.delay)
        yield middle, response
        yield from _middles(response.then, middle)


def _middle(delay: Delay) -> float:
    match delay.kind:
        case "uniform":
            return (delay.low + delay.high) / 2
        case "exponential":
            return delay.low * math.log(2)
        case _:
            return delay.low


def _rounded(seconds: float) -> str:
    """In whole hours, or whole minutes where it is less than one."""
    unit = 3600 if seconds >= 3600 else 60
    return spelling.duration(math.ceil(seconds / unit) * unit)
