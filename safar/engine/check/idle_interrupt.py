"""An interrupt in a stage through which every run passes without a rest."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("idle-interrupt", "SF112", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        reached = program.passed()
        resting = {program.places[place].stage for place in reached if program.rests(place)}
        entered = {program.places[place].stage for place in reached}
        journey = program.journey
        scopes = [(stage.interrupts, stage.name in resting, stage.name in entered) for stage in journey.stages]
        for interrupts, rests, enters in ((journey.interrupts, bool(resting), bool(journey.stages)), *scopes):
            if enters and not rests:
                for interrupt in interrupts:
                    yield RULE.at(
                        first_line(interrupt.span),
                        f"nobody is here long enough to meet `{interrupt.form.name}`",
                        label="no time passes in this scope",
                        help="add a `wait`, or put the interrupt where customers wait",
                    )
