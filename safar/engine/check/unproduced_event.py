"""A wait for what nothing produces: in a simulation its time always runs out."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check import answer_at_once
from safar.engine.check.subject import Subject, answers
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import EventForm, Heard, Pattern
from safar.engine.model import Touchpoint
from safar.engine.moves import Deliver, Wait
from safar.engine.names import fold
from safar.engine.steps.repeat import Repeat

RULE = Rule("unproduced-event", "SF303", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.assumes():
        return
    unmet = {finding.span.key for finding in answer_at_once.find(subject)}
    for form in subject.all(EventForm):
        if form.kind is Heard.EVENT and form.answers is not None and form.span.key not in unmet:
            yield from _answer(form, _touchpoint(subject, form.answers))
    for pattern in _waited(subject):
        for form in (one.form for one in pattern.alternatives if one.form is not None):
            if form.kind is Heard.EVENT and form.answers is None and fold(form.name) not in subject.assumed:
                yield RULE.at(
                    form.span,
                    f"nothing in the assumptions produces `{form.name}`",
                    label="never comes in a simulation",
                    help=f"let a touchpoint be answered with `{form.name}` in `responds`, or its rate in `behaves`",
                )
            elif form.kind is not Heard.EVENT and not _happens(subject, form):
                yield RULE.at(
                    form.span,
                    f"no journey here {'meets' if form.kind is Heard.TOUCHPOINT else 'does'} `{form.name}`",
                    label="never comes",
                    help="meet it or do it before, or wait for something else",
                )


def _answer(form: EventForm, touchpoint: Touchpoint | None) -> Iterator[Diagnostic]:
    if touchpoint is None:
        return
    given = {fold(response.event) for response in answers(touchpoint)}
    if fold(form.name) not in given:
        yield RULE.at(
            form.span,
            f"`{touchpoint.name}` is never answered with `{form.name}`",
            label="never comes in a simulation",
            help=f"add a line `{form.name} ...` to the `responds` of `{touchpoint.name}`",
        )


def _touchpoint(subject: Subject, name: str) -> Touchpoint | None:
    """A touchpoint that is met, by its name or by the name of the step."""
    for journey in subject.journeys:
        for place in subject.program(journey).places:
            if isinstance(place.move, Deliver) and fold(name) in (fold(place.name), fold(place.move.touchpoint.name)):
                return place.move.touchpoint
    return None


def _waited(subject: Subject) -> Iterator[Pattern]:
    for program in subject.whole:
        for place in sorted(program.passed()):
            move = program.places[place].move
            if isinstance(move, Wait):
                yield from (way.pattern for way in move.ways)
    yield from (step.until for step in subject.all(Repeat) if step.until is not None)


def _happens(subject: Subject, form: EventForm) -> bool:
    if form.kind is Heard.TOUCHPOINT:
        return fold(form.name) in subject.met
    return fold(form.name) in subject.done
