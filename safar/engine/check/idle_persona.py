"""A persona that nothing tells apart from the others."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Base, Literal
from safar.engine.model import MapLine
from safar.engine.names import fold

RULE = Rule("idle-persona", "SF500", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.journeys:
        return
    named = {name for line in subject.all(MapLine) for name in line.personas}
    named |= {
        node.value for node in subject.all(Literal) if node.type.base is Base.PERSONA and isinstance(node.value, str)
    }
    spoken = {fold(name) for name in named}
    for persona in subject.vocabulary.personas.values():
        own = persona.map_lines or persona.draws or persona.behaves or persona.arrive
        if not own and subject.sound(persona) and fold(persona.name) not in spoken:
            yield RULE.at(
                name_or_line(persona),
                f"nothing tells the persona `{persona.name}` from the others",
                label="a share and no more",
                help="say who they are (`story`, `pain`, `set customer...`), or ask for them in a condition",
            )
