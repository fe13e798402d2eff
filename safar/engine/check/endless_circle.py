"""Journeys that begin one another in a circle: a customer who is in one of them is never left alone again.

Circles of `start` alone are those of `endless-round` and `timeless-cycle`; here an answer closes the circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from safar.engine.check.self_feeding_journey import at_once
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Response
from safar.engine.moves import Deliver, Effect, StartJourney
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.source import Span

RULE = Rule("endless-circle", "SF451", Severity.WARNING)


class _Begins(msgspec.Struct, frozen=True):
    """One journey begins another, here, by `start` or by an answer to its message; `surely_later`: after some time."""

    other: str
    span: Span
    surely_later: bool
    answered: bool = False


def find(subject: Subject) -> Iterator[Diagnostic]:
    programs = {one.journey.name: one for one in subject.whole if _may_come_again(one)}
    if len(programs) < 2:
        return
    begins = {name: list(_begun(one, programs)) for name, one in programs.items()}
    told: set[frozenset[str]] = set()
    for name in programs:
        circle = _circle(name, begins)
        if any(one.answered for one in circle) and frozenset(one.other for one in circle) not in told:
            told.add(frozenset(one.other for one in circle))
            yield _finding(name, circle)


def _may_come_again(program: Program) -> bool:
    how = program.journey.reenter
    return how is not None and how.how != "never"


def _begun(program: Program, programs: dict[str, Program]) -> Iterator[_Begins]:
    """What a journey begins, itself left out."""
    soon = at_once(program)
    entered: defaultdict[str, list[str]] = defaultdict(list)
    for name, other in programs.items():
        for entry in other.journey.entries:
            entered[fold(entry.event)].append(name)
    own = program.journey.name
    for number in sorted(program.passed()):
        match program.places[number].move:
            case Effect(effect=StartJourney(journey=name)) if name in programs and name != own:
                yield _Begins(name, program.places[number].span, number not in soon)
            case Deliver(touchpoint=touchpoint):
                for one, delay in _answers(touchpoint.responds, 0):
                    for name in entered.get(fold(one.event), ()) if one.event else ():
                        if name != own:
                            yield _Begins(name, one.span, number not in soon or delay > 0, answered=True)


def _answers(responses: Sequence[Response], before: float) -> Iterator[tuple[Response, float]]:
    """All answers, with the least time after the delivery."""
    for one in responses:
        least = before + (one.delay.low or 0 if one.delay.kind in ("fixed", "range") else 0)
        yield one, least
        yield from _answers(one.then, least)


def _circle(start: str, begins: dict[str, list[_Begins]]) -> list[_Begins]:
    """The shortest way from a journey back to it."""
    ways: list[list[_Begins]] = [[one] for one in begins[start]]
    seen = {start}
    for way in ways:
        last = way[-1].other
        if last == start:
            return way
        if last not in seen:
            seen.add(last)
            ways += [[*way, one] for one in begins[last]]
    return []


def _finding(name: str, circle: list[_Begins]) -> Diagnostic:
    names = " -> ".join(f"`{one}`" for one in (name, *(one.other for one in circle)))
    time = "" if any(one.surely_later for one in circle) else ", and no time surely passes on the way round"
    return RULE.at(
        first_line(circle[-1].span),
        f"these journeys begin one another in a circle: {names}{time}",
        label="closes the circle",
        help="leave out `reenter` in one of them, or give its `enter` a condition that ends the round",
        related=tuple(Related(f"this begins `{one.other}`", first_line(one.span)) for one in circle[:-1]),
    )
