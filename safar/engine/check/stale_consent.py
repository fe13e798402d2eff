"""A consent that a journey asks for before a wait, and nobody asks for when the message goes out."""

from __future__ import annotations

import enum
import functools
from collections import deque
from collections.abc import Iterator, Mapping

from safar.engine.check.someone import someone, told
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.check.truth import outcomes
from safar.engine.check.unrevocable_consent import attributes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Attribute, Expression, Literal
from safar.engine.moves import Branch, Deliver, Effect, SetAttribute
from safar.engine.program import Edge, Program
from safar.engine.promises import Deed, OnlyIf
from safar.engine.source import Span

RULE = Rule("stale-consent", "SF431", Severity.WARNING)


class Asked(enum.IntEnum):
    """When every way to a place has asked for a consent and found it: at this instant, before a wait, or not at all."""

    NOW, BEFORE, NEVER = range(3)


def find(subject: Subject) -> Iterator[Diagnostic]:
    yield from stale(subject).values()


@functools.lru_cache(maxsize=1)
def stale(subject: Subject) -> Mapping[str, Diagnostic]:
    """The findings by the channel: one mistake, however many messages go out over it."""
    found: dict[str, Diagnostic] = {}
    for program, number, consent in _messages(subject):
        channel, step = subject.markets(program, number), program.places[number].step
        if channel is not None and step is not None and channel.name not in found:
            finding = _finding(program, number, consent, name_or_line(step))
            if finding is not None:
                found[channel.name] = finding
    return found


def _finding(program: Program, number: int, consent: Attribute, span: Span) -> Diagnostic | None:
    move = program.places[number].move
    assert isinstance(move, Deliver)
    deed = Deed(span=span, kind="touchpoint", name=move.touchpoint.name)
    found = someone(program, OnlyIf(span=span, deed=deed, condition=consent))
    if found is None:
        return None
    return RULE.at(
        span,
        f"`customer.{consent.name}` was asked before a wait, and may be withdrawn when this message goes out",
        label="not asked again",
        help=f"let the channel ask at sending: `only if customer.{consent.name}`",
        notes=(told(found),),
        related=(Related("asked here", consent.span),),
    )


def _messages(subject: Subject) -> Iterator[tuple[Program, int, Attribute]]:
    """The marketing messages that nothing but a condition before a wait asks about, with what it asks for."""
    silent = {name for name, one in subject.vocabulary.channels.items() if one.outbound and one.consent is None}
    withdrawn = _withdrawn(subject) if silent else frozenset()
    for program in subject.whole if withdrawn else ():
        sent = [
            number
            for number in sorted(program.passed())
            if (channel := subject.markets(program, number)) is not None and channel.name in silent
        ]
        for consent in _checked(program, withdrawn) if sent else ():
            asked = _asked(subject, program, consent)
            yield from ((program, number, consent) for number in sent if asked.get(number) is Asked.BEFORE)


def _withdrawn(subject: Subject) -> frozenset[str]:
    """The attributes that customers can take back, by an event that sets them to `no`, and no channel asks for."""
    declared = subject.vocabulary
    sets = (assign for event in declared.events.values() for assign in event.then_set)
    taken = {one.attribute for one in sets if isinstance(one.value, Literal) and one.value.value is False}
    consents = (channel.consent for channel in declared.channels.values() if channel.consent is not None)
    asked = {one.name for consent in consents for one in attributes(consent)}
    free = {name for name, one in declared.attributes.items() if one.change == "free"}
    return frozenset((taken & free) - asked)


def _checked(program: Program, withdrawn: frozenset[str]) -> Iterator[Attribute]:
    """The attributes that the journey asks for, each where it does so first."""
    found: dict[str, Attribute] = {}
    for condition in _conditions(program):
        for one in attributes(condition):
            if one.name in withdrawn:
                found.setdefault(one.name, one)
    yield from found.values()


def _conditions(program: Program) -> Iterator[Expression]:
    yield from (entry.condition for entry in program.journey.entries if entry.condition is not None)
    yield from (place.move.condition for place in program.places if isinstance(place.move, Branch))


def _asked(subject: Subject, program: Program, consent: Attribute) -> dict[int, Asked]:
    """When it was asked for, on the way to every place."""

    def is_sure(condition: Expression | None, answer: bool) -> bool:
        if condition is None or all(one.name != consent.name for one in attributes(condition)):
            return False
        return outcomes(consent, subject.personas, [(condition, answer)]) == {True}

    entries = program.journey.entries
    entered = bool(entries) and all(is_sure(entry.condition, True) for entry in entries)
    found = {program.start: Asked.NOW if entered else Asked.NEVER}
    todo = deque(found)
    while todo:
        place = todo.popleft()
        for edge in (*program.ways(place), *program.interrupts(place)):
            after = (
                Asked.NOW
                if is_sure(edge.condition, edge.kind == "true")
                else _later(program, edge, found[place], consent.name)
            )
            if edge.end not in found or after > found[edge.end]:
                found[edge.end] = after
                todo.append(edge.end)
    return found


def _later(program: Program, edge: Edge, asked: Asked, consent: str) -> Asked:
    move = program.places[edge.start].move
    if isinstance(move, Effect) and isinstance(move.effect, SetAttribute):
        return Asked.NEVER if move.effect.assign.attribute == consent else asked
    return max(asked, Asked.BEFORE) if edge.high != 0 else asked
