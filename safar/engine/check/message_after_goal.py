"""Marketing that goes on after its goal was reached."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.check.someone import someone, told
from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Base, EventForm, Happened, Heard, Not, Pattern, Type
from safar.engine.model import Goal, Send
from safar.engine.moves import Deliver, Place, Wait
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Deed, OnlyIf

RULE = Rule("message-after-goal", "SF415", Severity.WARNING, default=False)

_MOST = 8
"""Messages for which a customer is looked for."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for goal in program.journey.goals:
            if goal.on is not None and goal.on.kind is Heard.EVENT and goal.on.answers is None:
                yield from _look(program, goal, goal.on)


def _look(program: Program, goal: Goal, on: EventForm) -> Iterator[Diagnostic]:
    for place in _shared(program, on)[:_MOST]:
        found = someone(program, _never_behind(place, on))
        if found is not None:
            yield RULE.at(
                name_or_line(goal),
                f"customers who have reached the goal `{goal.name}` still get messages",
                label=f"nothing ends the run on `{on.name}`",
                help=f"add `on {on.name} exit {goal.name}` to the journey, or give them a way of their own",
                notes=(told(found),),
                related=(Related("such as this message", first_line(place.span)),),
                way=way(program, program.start, {place.id}),
            )
            return


def _never_behind(place: Place, on: EventForm) -> OnlyIf:
    """That a message does not go out once the event of the goal has come."""
    assert isinstance(place.move, Deliver)
    came = Happened(span=place.span, type=Type(Base.YES_NO), form=msgspec.structs.replace(on, within=None))
    condition = Not(span=place.span, type=Type(Base.YES_NO), item=came)
    deed = Deed(span=place.span, kind="touchpoint", name=place.move.touchpoint.name)
    return OnlyIf(span=place.span, deed=deed, condition=condition)


def _shared(program: Program, on: EventForm) -> list[Place]:
    """The marketing messages for those who have not reached the goal; what only winners get is meant for them."""
    seen: set[int] = set()
    todo = [program.start]
    while todo:
        number = todo.pop()
        if number not in seen:
            seen.add(number)
            todo += [end for end, pattern in _ways(program, number) if pattern is None or not _heeds(pattern, on)]
    places = [program.places[number] for number in sorted(seen)]
    return [place for place in places if _is_marketing(place)]


def _ways(program: Program, number: int) -> Iterator[tuple[int, Pattern | None]]:
    """The ways out of a place, with the pattern that is waited for on each."""
    move = program.places[number].move
    patterns = iter([one.pattern for one in move.ways] if isinstance(move, Wait) else [])
    for edge in program.ways(number):
        yield edge.end, next(patterns) if edge.kind == "pattern" else None
    if program.rests(number):
        for scope in program.around(number):
            yield from ((one.to, one.pattern) for one in scope.handlers if one.to is not None)


def _heeds(pattern: Pattern, on: EventForm) -> bool:
    """Whether nothing but the event of the goal is waited for."""
    forms = [one.form for one in pattern.alternatives]
    return all(form is not None and fold(form.name) == fold(on.name) for form in forms)


def _is_marketing(place: Place) -> bool:
    move = place.move
    return isinstance(move, Deliver) and isinstance(move.touchpoint.contact, Send) and not move.touchpoint.transactional
