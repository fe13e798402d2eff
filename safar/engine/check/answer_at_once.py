"""An answer asked for at the instant of its message, or where the message never was."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.elapsed import since, visits
from safar.engine.check.subject import Subject, first_line, happenings
from safar.engine.check.witness import way
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.expression import EventForm, Heard, Pattern
from safar.engine.moves import Branch, Wait
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("answer-at-once", "SF302")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        met = visits(program)
        for place in sorted(program.passed()):
            match program.places[place].move:
                case Branch(condition=condition):
                    for form, visited in _answers(happenings(condition), met):
                        yield from _branch(program, place, form, visited)
                case Wait(ways=ways):
                    for form, visited in _answers((form for way in ways for form in _forms(way.pattern)), met):
                        if not since(program, visited, place, when=False):
                            yield _not_met(form)
        handlers = [handler for scope in program.scopes for handler in scope.handlers]
        for form, visited in _answers((form for handler in handlers for form in _forms(handler.pattern)), met):
            if not visited:
                yield _not_met(form)


def _forms(pattern: Pattern) -> Iterator[EventForm]:
    return (one.form for one in pattern.alternatives if one.form is not None)


def _answers(forms: Iterator[EventForm], met: dict[str, frozenset[int]]) -> Iterator[tuple[EventForm, frozenset[int]]]:
    """The forms that ask for an answer, each with the visits that it may answer."""
    for form in forms:
        if form.answers is not None and form.kind is Heard.EVENT:
            yield form, met.get(fold(form.answers), frozenset())


def _branch(program: Program, place: int, form: EventForm, visited: frozenset[int]) -> Iterator[Diagnostic]:
    after = since(program, visited, place)
    if True in after:
        return
    if not after:
        yield _not_met(form)
        return
    yield RULE.at(
        form.span,
        f"no answer to `{form.answers}` can have come: it is asked at the instant of the message",
        label="never true here",
        help=f"wait for it, as in `wait for {form.name}({form.answers}) up to 2d {{ }} otherwise {{ }}`",
        related=tuple(Related("the message", first_line(program.places[visit].span)) for visit in sorted(visited)),
        way=way(program, min(visited), {place}),
    )


def _not_met(form: EventForm) -> Diagnostic:
    return RULE.at(
        form.span,
        f"no way from `{form.answers}` leads here, so nothing can be an answer to it",
        label="not met before",
        help=f"meet `{form.answers}` before this",
    )
