"""Two ways of one wait for the same: the first takes all."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.expression import Alternative
from safar.engine.steps.wait_up_to import WaitUpTo

RULE = Rule("repeated-way", "SF304")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for step in subject.all(WaitUpTo):
        taken: list[Alternative] = []
        for way in step.ways:
            for one in filter(subject.sound, way.pattern.alternatives):
                first = next((other for other in taken if _covers(other, one)), None)
                if first is not None:
                    yield RULE.at(
                        one.span,
                        "the way before takes all of this",
                        label="never taken",
                        help="wait for something else, put it before, or take it out",
                        related=(Related("taken here", first.span),),
                    )
                taken.append(one)


def _covers(first: Alternative, one: Alternative) -> bool:
    """Whether what meets `one` meets `first`: the same, or the same without a condition."""
    if first == one:
        return True
    if first.form is None or one.form is None or first.condition is not None:
        return False
    same = (first.form.kind, first.form.name) == (one.form.kind, one.form.name)
    return same and first.form.where is None and first.form.answers in (None, one.form.answers)
