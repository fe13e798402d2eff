"""A message that its own answer brings again, and again."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.someone import someone, told
from safar.engine.check.subject import Subject, answers, first_line, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import EventForm, Heard
from safar.engine.model import Touchpoint
from safar.engine.moves import Deliver, Handler
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import AtMost, Deed

RULE = Rule("echoing-message", "SF432", Severity.WARNING)

_ROUNDS = 3
"""So many times and once more it goes out to the customer who is shown."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    deeds = _deeds(subject)
    for program in subject.whole:
        handlers = [one for scope in program.scopes if scope.kind != "loop" for one in scope.handlers]
        for handler in handlers:
            for number in _at_once(program, handler.to) if handler.to is not None else ():
                move = program.places[number].move
                if subject.markets(program, number) is not None and isinstance(move, Deliver):
                    answer = next((form for form in _forms(handler) if _answers(form, move.touchpoint, deeds)), None)
                    if answer is not None:
                        yield from _look(program, number, answer)


def _deeds(subject: Subject) -> frozenset[str]:
    """The events that are more than answers: with content, that change something, begin a journey or reach a goal."""
    events = subject.vocabulary.events.values()
    told = {fold(event.name) for event in events if event.fields or event.then_set}
    began = {fold(entry.event) for journey in subject.journeys for entry in journey.entries if entry.event}
    goals = (goal.on for journey in subject.journeys for goal in journey.goals)
    return frozenset(told | began | {fold(on.name) for on in goals if on is not None})


def _forms(handler: Handler) -> Iterator[EventForm]:
    return (one.form for one in handler.pattern.alternatives if one.form is not None)


def _answers(form: EventForm, touchpoint: Touchpoint, deeds: frozenset[str]) -> bool:
    if form.kind is not Heard.EVENT or fold(form.name) in deeds:
        return False
    if form.answers is not None:
        return fold(form.answers) == fold(touchpoint.name)
    return any(fold(response.event) == fold(form.name) for response in answers(touchpoint))


def _at_once(program: Program, begin: int) -> Iterator[int]:
    """The places that can be passed at the instant of an interrupt."""
    seen: set[int] = set()
    todo = [begin]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            yield place
            todo += [edge.end for edge in program.ways(place) if edge.high == 0]


def _look(program: Program, number: int, answer: EventForm) -> Iterator[Diagnostic]:
    place = program.places[number]
    assert place.step is not None and isinstance(place.move, Deliver)
    span = name_or_line(place.step)
    deed = Deed(span=span, kind="touchpoint", name=place.move.touchpoint.name)
    found = someone(program, AtMost(span=span, count=_ROUNDS, deed=deed, per="run"))
    if found is not None and sum(line.event == answer.name for line in found.scenario.script) >= _ROUNDS:
        yield RULE.at(
            span,
            "the answer to this message sends it again, as often as it comes",
            label="brought back by its own answer",
            help="lead the answer elsewhere, or say how often: `on ... if count(...) < 3 go to ...`",
            notes=(told(found),),
            related=(Related("the answer leads back", first_line(answer.span)),),
        )
