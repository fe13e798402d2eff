"""Two waits in a row that could be one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, first_line, places_of, rows
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Step
from safar.engine.steps.wait import Wait

RULE = Rule("adjacent-waits", "SF122", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        passed, places = program.passed(), places_of(program)
        for row in rows(program.journey):
            for first, second in itertools.pairwise(step for step in row if places[id(step)] in passed):
                if _plain(first) and _plain(second):
                    assert isinstance(first, Wait) and isinstance(second, Wait)
                    both = spelling.duration(first.seconds + second.seconds)
                    yield RULE.at(
                        first_line(second.span),
                        "this wait follows on another one",
                        label="nothing happens in between",
                        help=f"write `wait {both}`, or put the step between them that is missing",
                        related=(Related("the wait before", first_line(first.span)),),
                    )


def _plain(step: Step) -> bool:
    """A wait without a name of its own; one that takes no time is a mistake of another kind."""
    return isinstance(step, Wait) and not step.name and step.seconds > 0
