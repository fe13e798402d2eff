"""A journey that gives itself the consent of the customer."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, happenings
from safar.engine.check.unrevocable_consent import attributes
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Literal
from safar.engine.model import Body, Channel, Step
from safar.engine.names import fold
from safar.engine.steps.branch import If
from safar.engine.steps.repeat import Repeat
from safar.engine.steps.set import SetStep
from safar.engine.steps.split import Split
from safar.engine.steps.wait_for import WaitFor

RULE = Rule("self-given-consent", "SF410", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    consents = {
        fold(part.name): channel
        for channel in subject.vocabulary.channels.values()
        if channel.consent is not None
        for part in attributes(channel.consent)
    }
    for journey in subject.journeys if consents else ():
        for stage in journey.stages:
            yield from _look(stage.steps, consents)


def _look(steps: tuple[Step, ...], consents: dict[str, Channel]) -> Iterator[Diagnostic]:
    for step in steps:
        if isinstance(step, SetStep):
            channel = consents.get(fold(step.assign.attribute))
            if channel is not None and isinstance(step.assign.value, Literal) and step.assign.value.value is True:
                yield _finding(step, channel)
        for body in _unasked(step):
            yield from _look(body.steps, consents)


def _unasked(step: Step) -> Iterator[Body]:
    """The bodies inside a step that are not entered because the customer has just done something."""
    match step:
        case If():
            yield from (step.otherwise,) if any(happenings(step.condition)) else (step.then, step.otherwise)
        case WaitFor():
            yield step.otherwise
        case Repeat():
            yield step.then
        case Split():
            yield from (arm.then for arm in step.arms)


def _finding(step: SetStep, channel: Channel) -> Diagnostic:
    return RULE.at(
        first_line(step.span),
        f"the journey itself gives the consent for `{channel.name}`",
        label="the customer has done nothing",
        help="let an event set it: `event subscribed { then set customer.ATTRIBUTE = yes }`",
        related=(Related("the consent of this channel", first_line(channel.span)),),
    )
