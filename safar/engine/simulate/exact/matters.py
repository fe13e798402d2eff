"""What of a journey plays a part in its figures: the rest need not be in the states of the chain."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from safar.engine import expression as e
from safar.engine.expression import Alternative, Expression, Heard
from safar.engine.model import Assign, Response, Send
from safar.engine.moves import Branch, Deliver, Effect, Handler, SetAttribute, Wait
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.exact.reading import children, reads
from safar.engine.simulate.exact.refusal import NotExactError

Form = tuple[Heard, str, str]
"""What something hears: kind, name, and the touchpoint or step that it must answer (empty: any)."""


def form_of(form: e.EventForm) -> Form:
    return form.kind, fold(form.name), fold(form.answers or "")


class Matters:
    """`attributes` are those that some condition or amount of money asks for, `asked` the facts that some do."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._vocabulary = program.project.vocabulary
        self.reachable = program.passed()
        self._ahead: dict[int, tuple[frozenset[Form], frozenset[Form]]] = {}
        journey = program.journey
        always = [*_some(one.condition for one in journey.entries), *_some(goal.value for goal in journey.goals)]
        always += _some(goal.on.where for goal in journey.goals if goal.on is not None)
        here = {number: list(self._expressions(number)) for number in self.reachable}
        self._asked_always = frozenset(_facts(always))
        self._asked_at = {number: frozenset((*_facts(here[number]), *self._standing(number))) for number in here}
        self.asked = self._asked_always.union(*self._asked_at.values())
        names = {name for whole in (always, *here.values()) for one in whole for name in _reads(one)}
        sets = list(self._sets())
        while True:
            more = {name for one in sets if one.attribute in names for name in _reads(one.value)}
            if more <= names:
                break
            names |= more
        self.attributes = frozenset(name for name in names if "." not in name)
        self.fields = frozenset(name for name in names if "." in name)

    # --- what is read

    def _expressions(self, number: int) -> Iterator[Expression]:
        """Everything on which it depends how a run goes on from a place."""
        move = self.program.places[number].move
        if isinstance(move, Branch):
            yield move.condition
        elif isinstance(move, Deliver):
            contact = move.touchpoint.contact
            channel = self._vocabulary.channels.get(contact.channel) if isinstance(contact, Send) else None
            if channel is not None and not move.touchpoint.transactional:
                yield from _some((channel.consent,))
            yield from _of_responses(move.touchpoint.responds)
        for one in self.alternatives(number):
            yield from _some((one.condition, one.form.where if one.form is not None else None))

    def _sets(self) -> Iterator[Assign]:
        for event in self._vocabulary.events.values():
            yield from event.then_set
        for place in self.program.places:
            if isinstance(place.move, Effect) and isinstance(place.move.effect, SetAttribute):
                yield place.move.effect.assign

    def _standing(self, number: int) -> Iterator[Form]:
        """Answers that end a wait or a loop at once when they have come before."""
        for one in self.alternatives(number):
            if one.form is not None and one.form.answers:
                yield form_of(one.form)

    # --- what is heard

    def handlers(self, place: int) -> Iterator[Handler]:
        for scope in self.program.around(place):
            yield from scope.handlers

    def alternatives(self, place: int) -> Iterator[Alternative]:
        """All that a run can hear that rests at a place."""
        move = self.program.places[place].move
        if isinstance(move, Wait):
            for way in move.ways:
                yield from way.pattern.alternatives
        for handler in self.handlers(place):
            yield from handler.pattern.alternatives

    @functools.cached_property
    def _heard_at(self) -> dict[int, frozenset[Form]]:
        return {
            number: frozenset(form_of(one.form) for one in self.alternatives(number) if one.form is not None)
            for number in self.reachable
            if self.program.rests(number)
        }

    def heard_from(self, place: int) -> frozenset[Form]:
        """What any place hears to which a run can come from here."""
        return self._from(place)[0]

    def asked_from(self, place: int) -> frozenset[Form]:
        """The facts that any condition asks for to which a run can come from here."""
        return self._from(place)[1]

    def _from(self, place: int) -> tuple[frozenset[Form], frozenset[Form]]:
        if place not in self._ahead:
            found = [number for number in self.program.passed(place) if number in self._asked_at]
            heard = frozenset[Form]().union(*(self._heard_at.get(number, ()) for number in found))
            self._ahead[place] = heard, self._asked_always.union(*(self._asked_at[number] for number in found))
        return self._ahead[place]

    def changes(self, event: str) -> tuple[Assign, ...]:
        """The `then set` lines of an event that matter."""
        declared = next((one for name, one in self._vocabulary.events.items() if fold(name) == event), None)
        sets = declared.then_set if declared is not None else ()
        return tuple(one for one in sets if one.attribute in self.attributes)

    # --- what has no exact answer

    def refuse(self) -> None:
        """Raise `NotExactError` for what can be seen without a step."""
        journey = self.program.journey
        drawn = {fold(event) for event in self._drawn_events()}
        for entry in journey.entries:
            if entry.kind != "event":
                raise NotExactError("the journey is entered by the calendar", entry.span)
            again = journey.reenter is not None and journey.reenter.how != "never"
            if again and fold(entry.event) in drawn:
                raise NotExactError(f"`{entry.event}` may begin another run", entry.span)
        for number in self.reachable:
            self._refuse_place(number)
        lines = [line for stage in journey.stages for line in stage.behaves] + list(journey.behaves)
        lines += [line for persona in self._vocabulary.personas.values() for line in persona.behaves]
        for line in lines:
            if self._plays_a_part(fold(line.event)):
                raise NotExactError(f"`{line.event}` comes by itself at any time", line.span)

    def _refuse_place(self, number: int) -> None:
        for one in self.alternatives(number) if self.program.rests(number) else ():
            if one.form is None:
                continue
            if one.form.kind is not Heard.EVENT:
                raise NotExactError(f"`{one.form.name}` is heard as an event", one.form.span)
            for test in (one.form.where, one.condition):
                if test is not None and "past" in reads(test)[1]:
                    raise NotExactError("whether an event is heard depends on the past", one.span)

    def _drawn_events(self) -> Iterator[str]:
        for number in self.reachable:
            move = self.program.places[number].move
            if isinstance(move, Deliver):
                yield from _events(move.touchpoint.responds)

    def _plays_a_part(self, event: str) -> bool:
        heard = {form[1] for number in self.reachable for form in self._heard_at.get(number, ())}
        goals = {fold(goal.on.name) for goal in self.program.journey.goals if goal.on is not None}
        return event in heard | goals | {form[1] for form in self.asked} or bool(self.changes(event))


def hears(form: Form, event: str, touchpoint: str, step: str) -> bool:
    """Whether an answer is what a form is about."""
    return form[0] is Heard.EVENT and form[1] == event and form[2] in ("", touchpoint, step)


def _reads(node: Expression) -> frozenset[str]:
    try:
        return reads(node)[0]
    except NotExactError:
        return frozenset(
            name for child in _within(node) for name in ([child.name] if isinstance(child, e.Attribute) else [])
        )


def _within(node: Expression) -> Iterator[Expression]:
    yield node
    for child in children(node):
        yield from _within(child)


def _some(nodes: Iterable[Expression | None]) -> Iterator[Expression]:
    return (node for node in nodes if node is not None)


def _facts(whole: Iterable[Expression]) -> Iterator[Form]:
    for one in whole:
        for node in _within(one):
            if isinstance(node, e.Happened):
                yield form_of(node.form)


def _of_responses(responses: Iterable[Response]) -> Iterator[Expression]:
    for line in responses:
        yield from _some(case.condition for case in line.chance)
        for filled in line.payload:
            for case in filled.cases:
                yield from _some((case.condition, case.amount.value, case.amount.high))
        yield from _of_responses(line.then)


def _events(responses: Iterable[Response]) -> Iterator[str]:
    for line in responses:
        yield line.event
        yield from _events(line.then)
