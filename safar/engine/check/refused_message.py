"""A message to people of whom nobody can have agreed to it where they come to it."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.reasons import because, excluded
from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Channel
from safar.engine.moves import Branch, Effect, SetAttribute
from safar.engine.program import Program

RULE = Rule("refused-message", "SF430", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        if _settles(program):
            for number in sorted(program.passed()):
                channel = subject.markets(program, number)
                if channel is not None and channel.consent is not None:
                    yield from _look(subject, program, number, channel)


def _settles(program: Program) -> bool:
    """Whether anything in a journey may leave only people of one kind: without, no consent is ever excluded."""
    if any(event.then_set for event in program.project.vocabulary.events.values()):
        return True
    asks = any(isinstance(place.move, Branch) or _sets(place.move) for place in program.places)
    return asks or any(entry.condition is not None for entry in program.journey.entries)


def _sets(move: object) -> bool:
    return isinstance(move, Effect) and isinstance(move.effect, SetAttribute)


def _look(subject: Subject, program: Program, number: int, channel: Channel) -> Iterator[Diagnostic]:
    from safar.engine.prove.conditions import Answer

    facts, step = subject.facts(program), program.places[number].step
    groups, consent = facts.comes(number), channel.consent
    if consent is None or step is None or not groups or not facts.told:
        return
    if any(arc.kind == "delivered" and facts.is_taken(number, arc) for arc in facts.system.station(number).once):
        return
    reason = excluded(facts, groups, consent, Answer.YES)
    if reason.words or reason.related:
        yield RULE.at(
            name_or_line(step),
            f"this message is never sent{because(reason.words)}, and `{channel.name}` asks for consent",
            label="always suppressed",
            help="send it to those who agreed, or over another channel",
            related=(*reason.related, Related("the consent of this channel", first_line(consent.span))),
        )
