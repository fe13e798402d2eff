"""Two branches of a chain that are true for one customer at once, so that their order decides."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from safar.engine.check.chains import chains
from safar.engine.check.subject import Subject, places_of
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Expression
from safar.engine.steps.branch import If

if TYPE_CHECKING:
    from safar.engine.claims.telling import Telling
    from safar.engine.prove.changes import Guard
    from safar.engine.prove.facts import Facts

RULE = Rule("overlapping-branches", "SF335", Severity.INFO, default=False)

_MOST_SHOWN = 10
"""Customers of one check who are made up and replayed, at some milliseconds each."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    rows = list(chains(subject))
    found = (
        overlap
        for program in (subject.clear if rows else ())
        for chain in rows
        if (place := places_of(program).get(id(chain[0]))) is not None
        if (overlap := _overlap(subject.facts(program), place, chain)) is not None
    )
    for one in itertools.islice(found, _MOST_SHOWN):
        if _is_lived(one):
            yield RULE.at(
                one.second.condition.span,
                f"whoever meets this and the way before it goes that way: {one.words}",
                label="overlaps",
                help="say what is to happen to them, as in `and not`, or let it be: the first that is true counts",
                related=(Related("goes this way", one.first.condition.span),),
            )


class _Overlap(msgspec.Struct, frozen=True):
    facts: Facts
    place: int
    first: If
    second: If
    words: str


def _overlap(facts: Facts, place: int, chain: Sequence[If]) -> _Overlap | None:
    """The first two that are true together, and neither of them of all for whom the other is."""
    for first, second in itertools.combinations(chain, 2):
        words = _both(facts, place, first.condition, second.condition)
        if words:
            return _Overlap(facts, place, first, second, words)
    return None


def _both(facts: Facts, place: int, first: Expression, second: Expression) -> str:
    """What customers are like for whom both are true; empty where nobody is, or one follows from the other."""
    from safar.engine.prove.conditions import Answer

    if not facts.exact:
        return ""
    system = facts.system
    if not all(system.conditions.is_exact(one, _stage(facts, place)) for one in (first, second)):
        return ""

    def guards(*answers: Answer) -> list[Guard]:
        asked = zip((first, second), answers, strict=True)
        return [system.guard(condition, answer, _stage(facts, place)) for condition, answer in asked]

    together = guards(Answer.YES, Answer.YES)
    boxes = _through(facts, place, together)
    apart = (guards(Answer.YES, Answer.NOT_YES), guards(Answer.NOT_YES, Answer.YES))
    if not boxes or not all(_through(facts, place, one) for one in apart):
        return ""
    fields = together[0].fields | together[1].fields
    return " and ".join(facts.words(boxes[0], (one for one in system.space.variables if one.field & fields)))


def _through(facts: Facts, place: int, guards: Sequence[Guard]) -> list[int]:
    from safar.engine.prove.changes import forwards

    return [box for group in facts.comes(place) for box in forwards(guards, group.box)]


def _stage(facts: Facts, place: int) -> str:
    return facts.system.program.places[place].stage


def _is_lived(one: _Overlap) -> bool:
    """Whether a customer is found who is both there, and goes the first way."""
    from safar.engine.prove.conditions import Answer
    from safar.engine.prove.customer import customer
    from safar.engine.simulate.happening import What

    program = one.facts.system.program
    node = program.places[places_of(program)[id(one.first)]].node

    def passes(telling: Telling) -> bool:
        branched = (each for each in telling.story.happenings if each.what is What.BRANCH)
        return any((each.step, each.detail) == (node, "true") for each in branched)

    asked = ((one.first.condition, Answer.YES), (one.second.condition, Answer.YES))
    return customer(program, one.place, asked, passes) is not None
