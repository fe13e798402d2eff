"""An `enter` line that one before it covers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Entry

RULE = Rule("repeated-entry", "SF124", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        for number, entry in enumerate(journey.entries):
            first = next((one for one in journey.entries[:number] if _covers(one, entry)), None)
            if first is not None and subject.sound(first) and subject.sound(entry):
                yield RULE.at(
                    first_line(entry.span),
                    "a line before lets in everybody whom this one would",
                    label="changes nothing",
                    help="take it out, or take out the one before that is wider",
                    related=(Related("lets them in already", first_line(first.span)),),
                )


def _covers(first: Entry, entry: Entry) -> bool:
    bare = [msgspec.structs.replace(one, condition=None) for one in (first, entry)]
    return bare[0] == bare[1] and first.condition in (None, entry.condition)
