"""A time before the next entry that is always over when a run ends."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.elapsed import soonest
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.moves import Exit

RULE = Rule("idle-reentry", "SF118", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        journey = program.journey
        reenter = journey.reenter
        if reenter is None or reenter.how != "after" or journey.hold_out is not None:
            continue
        ends = [at for place, at in soonest(program).items() if isinstance(program.places[place].move, Exit)]
        shortest = min((*ends, journey.horizon))
        if 0 < reenter.after <= shortest:
            yield RULE.at(
                first_line(reenter.span),
                f"every run lasts {spelling.duration(shortest)} or longer, so this time is always over",
                label="never refuses anybody",
                help="say `reenter always`, or give a longer time",
            )
