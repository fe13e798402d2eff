"""Marketing at the very instant at which a customer does something."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Send
from safar.engine.moves import Deliver

RULE = Rule("message-at-entry", "SF414", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        if not any(entry.event for entry in program.journey.entries):
            continue
        seen: set[int] = set()
        todo = [program.start]
        while todo:
            number = todo.pop()
            if number in seen:
                continue
            seen.add(number)
            place = program.places[number]
            move = place.move
            if isinstance(move, Deliver) and isinstance(move.touchpoint.contact, Send):
                if not move.touchpoint.transactional and place.step is not None:
                    yield RULE.at(
                        name_or_line(place.step),
                        f"`{move.touchpoint.name}` goes out at the instant of the entry",
                        label="no time to think",
                        help="put a wait before it, say it is `transactional`, or let it be",
                    )
                continue
            todo += [edge.end for edge in program.ways(number) if edge.high == 0]
