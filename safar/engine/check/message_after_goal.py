"""Marketing that goes on after its goal was reached."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import EventForm, Heard
from safar.engine.model import Send
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("message-after-goal", "SF415", Severity.WARNING, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for goal in program.journey.goals:
            if goal.on is None or goal.on.kind is not Heard.EVENT or goal.on.answers is not None:
                continue
            message = next(_after(program, goal.on), None)
            if message is not None:
                yield RULE.at(
                    name_or_line(goal),
                    f"customers who have reached the goal `{goal.name}` still get messages",
                    label=f"nothing ends the run on `{goal.on.name}`",
                    help=f"add `on {goal.on.name} exit {goal.name}` to the journey, or give them a way of their own",
                    related=(Related("such as this message", first_line(program.places[message].span)),),
                    way=way(program, program.start, {message}),
                )


def _after(program: Program, on: EventForm) -> Iterator[int]:
    """The messages to which a way leads from where a run rests without heeding the event."""
    rests = [place for place in sorted(program.passed()) if program.rests(place) and not _heeds(program, place, on)]
    seen: set[int] = set()
    todo = [edge.end for place in rests for edge in program.ways(place) if edge.kind in ("next", "timeout", "passed")]
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        move = program.places[place].move
        if (
            isinstance(move, Deliver)
            and isinstance(move.touchpoint.contact, Send)
            and not move.touchpoint.transactional
        ):
            yield place
        todo += [edge.end for edge in program.ways(place) if edge.high == 0]


def _heeds(program: Program, place: int, on: EventForm) -> bool:
    """Whether the event takes a run away from a place, or is what it waits for there."""
    handlers = [one for scope in program.around(place) for one in scope.handlers if one.to is not None]
    ways = getattr(program.places[place].move, "ways", ())
    patterns = [*(one.pattern for one in handlers), *(way.pattern for way in ways)]
    forms = [one.form for pattern in patterns for one in pattern.alternatives if one.form is not None]
    return any(fold(form.name) == fold(on.name) for form in forms)
