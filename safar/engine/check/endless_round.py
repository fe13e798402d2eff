"""Journeys that start each other for ever, without the customer doing anything."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.check.timeless_cycle import timeless_places
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.moves import Effect, StartJourney
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.source import Span

RULE = Rule("endless-round", "SF119", Severity.WARNING)

Starts = dict[str, list[tuple[str, Span, int]]]
"""By journey: the journeys that it starts, where, and at which place."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    programs = {fold(program.journey.name): program for program in subject.whole}
    starts = {name: list(_starts(program)) for name, program in programs.items()}
    if not any(starts.values()):
        return
    again = {name for name, program in programs.items() if program.journey.reenter and _again(program)}
    order = {name: number for number, name in enumerate(programs)}
    for name in sorted(again):
        for to, span, place in starts[name]:
            closes = to != name and to in again and order[to] < order[name]
            timeless = (programs[name].journey.name, place) in timeless_places(subject)
            if closes and not timeless and _leads(starts, again, to, name):
                yield _finding(programs[to], span)


def _again(program: Program) -> bool:
    return program.journey.reenter is not None and program.journey.reenter.how != "never"


def _starts(program: Program) -> Iterator[tuple[str, Span, int]]:
    for number in sorted(program.passed()):
        place = program.places[number]
        match place.move:
            case Effect(effect=StartJourney(journey=name)):
                yield fold(name), place.span, number


def _leads(starts: Starts, again: set[str], begin: str, end: str) -> bool:
    seen: set[str] = set()
    todo = [begin]
    while todo:
        name = todo.pop()
        if name not in seen and name in again:
            seen.add(name)
            todo += [to for to, _, _ in starts.get(name, [])]
    return end in seen


def _finding(first: Program, span: Span) -> Diagnostic:
    name = first.journey.name
    return RULE.at(
        first_line(span),
        f"this begins `{name}` again, which leads back here, for ever",
        label="closes the round",
        help="let one of the journeys say `reenter never`, or begin it by something that the customer does",
        related=(Related(f"`{name}` leads back here", first_line(first.journey.span)),),
    )
