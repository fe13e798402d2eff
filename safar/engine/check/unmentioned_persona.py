"""A persona of whom no map, condition or chance speaks."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Base, Literal
from safar.engine.model import MapLine
from safar.engine.names import fold

RULE = Rule("unmentioned-persona", "SF515", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.journeys or len(subject.personas) < 2:
        return
    named = {fold(name) for line in subject.all(MapLine) for name in line.personas}
    asked = (node.value for node in subject.all(Literal) if node.type.base is Base.PERSONA)
    named |= {fold(value) for value in asked if isinstance(value, str)}
    for persona in subject.vocabulary.personas.values():
        if fold(persona.name) not in named and not persona.draws and not persona.behaves:
            yield RULE.at(
                name_or_line(persona),
                f"no journey here treats or shows `{persona.name}` in its own way",
                label="never mentioned",
                help=f"end a map line in `for {persona.name}`, ask `persona == {persona.name}`, or take it out",
            )
