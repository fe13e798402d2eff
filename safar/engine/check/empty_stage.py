"""A stage in which nothing happens and of which the map says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("empty-stage", "SF102", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for stage in program.journey.stages:
            if not stage.steps and not stage.map_lines and subject.sound(stage):
                yield RULE.at(
                    name_or_line(stage),
                    f"the stage `{stage.name}` has no steps",
                    label="customers pass it without noticing",
                    help="add steps, or say with `doing` what customers do there by themselves",
                )
