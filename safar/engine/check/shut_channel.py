"""A limit of no messages at all."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import Cap

RULE = Rule("shut-channel", "SF404")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for cap in subject.all(Cap):
        if cap.count <= 0 or cap.window == 0:
            yield RULE.at(
                first_line(cap.span),
                "this limit lets nothing through" if cap.count <= 0 else "a limit over no time never holds",
                label="at most none" if cap.count <= 0 else "no time",
                help="give a number and a time above zero, or take the channel out of the journey",
            )
