"""Arms of a split, or ways of a branch, that do the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Body, Step
from safar.engine.steps.branch import If
from safar.engine.steps.split import Arm, Split
from safar.engine.steps.wait_for import WaitFor

RULE = Rule("equal-arms", "SF306", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for split in subject.all(Split):
        yield from map(_alike, filter(_several, _groups(split)))
    for step in itertools.chain[Step](subject.all(If), subject.all(WaitFor)):
        assert isinstance(step, If | WaitFor)
        if step.then.steps and step.then == step.otherwise:
            yield RULE.at(
                first_line(step.span),
                "both ways of this do the same",
                label="nothing depends on it",
                help="let them differ, or write the steps once",
            )


def _groups(split: Split) -> list[list[Arm]]:
    """The arms, those together that do the same."""
    groups: dict[Body, list[Arm]] = {}
    for arm in split.arms:
        groups.setdefault(arm.then, []).append(arm)
    return list(groups.values())


def _several(arms: list[Arm]) -> bool:
    return len(arms) > 1


def _alike(arms: list[Arm]) -> Diagnostic:
    first, second = arms[:2]
    said = f"`{first.name}` and `{second.name}`"
    if len(arms) > 2:
        said = f"`{first.name}`, `{second.name}` and {len(arms) - 2} more"
    return RULE.at(
        second.name_span,
        f"the arms {said} do the same",
        label="nothing to compare",
        help="let them differ, or take one out and give its share to the other",
        related=(Related("the same as this", first.name_span),),
    )
