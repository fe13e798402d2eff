"""A wait, a time-out or a rhythm of no length."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import Step
from safar.engine.steps.repeat import Repeat
from safar.engine.steps.wait import Wait
from safar.engine.steps.wait_for import WaitFor
from safar.engine.steps.wait_up_to import WaitUpTo

RULE = Rule("zero-wait", "SF108")


def _length(step: Step) -> int | None:
    match step:
        case Wait(seconds=seconds):
            return seconds
        case WaitFor(up_to=up_to) | WaitUpTo(up_to=up_to):
            return up_to
        case Repeat(every=every):
            return every
        case _:
            return None


def find(subject: Subject) -> Iterator[Diagnostic]:
    for step in subject.all(Step):
        if _length(step) == 0:
            yield RULE.at(
                first_line(step.span),
                "this takes no time",
                label="no time passes here",
                help="give a length such as `1h`, or take it out",
            )
    for journey in subject.journeys:
        if journey.horizon <= 0:
            yield RULE.at(first_line(journey.span), "the horizon of the journey is its entry", help="give it days")
