"""An entry that nobody can pass, because its event has changed what it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine.check.constant_condition import is_constant
from safar.engine.check.reasons import because
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Entry

if TYPE_CHECKING:
    from safar.engine.prove.facts import Facts

RULE = Rule("closed-entry", "SF332")


def find(subject: Subject) -> Iterator[Diagnostic]:
    events = subject.vocabulary.events
    for program in subject.clear:
        for entry in program.journey.entries:
            sets = entry.event in events and events[entry.event].then_set
            if sets and entry.condition is not None and not is_constant(entry.condition, subject.personas):
                words = _closed(subject.facts(program), entry)
                if words is not None:
                    yield RULE.at(
                        entry.condition.span,
                        f"nobody enters here{because(words)} once `{entry.event}` has come",
                        label="never true",
                        help="ask for what holds after the event, or let a later step set it",
                        related=tuple(Related("the event sets this first", first_line(one.span)) for one in sets),
                    )


def _closed(facts: Facts, entry: Entry) -> str | None:
    """What everybody is like whom the event meets, if nobody passes; None if somebody does."""
    from safar.engine.prove.changes import Guard, forwards

    arc = next((arc for arc in facts.system.entries if arc.entry is entry), None) if facts.told else None
    if arc is None or forwards(arc.changes, facts.system.space.full):
        return None
    *changes, asked = arc.changes
    assert isinstance(asked, Guard)
    boxes = forwards(changes, facts.system.space.full)
    said = {" and ".join(facts.words(box, facts.barred(box, asked))) for box in boxes}
    return said.pop() if len(said) == 1 else ""
