"""An assumption that never comes true."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Node
from safar.engine.model import Behaviour, Response

RULE = Rule("zero-chance", "SF600", Severity.WARNING)


def _nothing(node: Node) -> str:
    """The event of an answer or behaviour whose chance is zero in every case."""
    match node:
        case Response(event=event, chance=cases) if not any(case.chance for case in cases):
            return event
        case Behaviour(event=event, rates=rates) if not any(case.rate for case in rates):
            return event
        case _:
            return ""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for node in subject.nodes:
        event = _nothing(node)
        if event:
            yield RULE.at(
                first_line(node.span),
                f"`{event}` never happens here",
                label="a chance of zero",
                help="give a chance above zero, or take the line out",
            )
