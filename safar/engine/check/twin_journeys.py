"""Two journeys that do the same to the same customers."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Journey

RULE = Rule("twin-journeys", "SF121", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    seen: list[Journey] = []
    for journey in subject.journeys:
        if not journey.stages or not journey.entries or not subject.sound(journey):
            continue
        twin = next((one for one in seen if (one.entries, one.stages) == (journey.entries, journey.stages)), None)
        if twin is None:
            seen.append(journey)
            continue
        yield RULE.at(
            name_or_line(journey),
            f"`{journey.name}` does the same as `{twin.name}`, to the same customers",
            label="a twin",
            help="take one of them out, or let them differ",
            related=(Related("the same as this", name_or_line(twin)),),
        )
