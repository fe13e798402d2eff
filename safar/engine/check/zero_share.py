"""An arm that nobody takes, or a hold-out that takes nobody or all."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import HoldOut
from safar.engine.steps.split import Split

RULE = Rule("zero-share", "SF601")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for split in subject.all(Split):
        for arm in split.arms:
            if arm.share == 0:
                yield RULE.at(
                    arm.name_span,
                    f"nobody takes the arm `{arm.name}`",
                    label="a share of zero",
                    help="give it a share, or take it out",
                )
    for hold_out in subject.all(HoldOut):
        if hold_out.share in (0, 1):
            who = "nobody is" if hold_out.share == 0 else "everybody is"
            yield RULE.at(
                first_line(hold_out.span),
                f"{who} held out",
                label="no group to compare with",
                help="hold out a share such as `10%`, or take the line out",
            )
