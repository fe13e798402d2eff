"""Branches that name every option but one, and nothing for that one."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.chains import chains, forgotten
from safar.engine.check.subject import Subject, first_line, places_of
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.program import Program
from safar.engine.steps.branch import If

RULE = Rule("forgotten-option", "SF333", Severity.WARNING)

_MOST_SHOWN = 3
"""Customers of one check who are made up and replayed, at some milliseconds each."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    shown = 0
    for chain in chains(subject):
        left = forgotten(chain, subject.personas)
        if left is None or shown == _MOST_SHOWN:
            continue
        shown += 1
        if any(_comes(subject, program, chain[-1]) for program in subject.clear):
            words = " ".join(left.item.span.text.split())
            yield RULE.at(
                first_line(chain[-1].span),
                f"customers whose `{words}` is `{left.option}` go on without anything: all other options are named",
                label=f"`{left.option}` is left out",
                help=f"add `otherwise if {words} == {left.option} {{ ... }}`, or an empty `otherwise`",
                related=tuple(Related("named here", step.condition.span) for step in chain[:-1]),
            )


def _comes(subject: Subject, program: Program, last: If) -> bool:
    """Whether a customer is found who passes the last of the branches, and none of them is true."""
    place = places_of(program).get(id(last))
    if place is None:
        return False
    from safar.engine.claims.telling import Telling
    from safar.engine.prove.conditions import Answer
    from safar.engine.prove.customer import customer
    from safar.engine.simulate.happening import What

    facts, node = subject.facts(program), program.places[place].node
    if not facts.told or next(facts.who(place, last.condition, Answer.NOT_YES), None) is None:
        return False

    def passes(telling: Telling) -> bool:
        branched = (one for one in telling.story.happenings if one.what is What.BRANCH)
        return any((one.step, one.detail) == (node, "false") for one in branched)

    return customer(program, place, ((last.condition, Answer.NOT_YES),), passes) is not None
