"""A low of the curve of feelings for which nobody sees a way out."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, on_the_map
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("low-without-opportunity", "SF511", Severity.WARNING, default=False)

_LOW = -2


def find(subject: Subject) -> Iterator[Diagnostic]:
    for part in on_the_map(subject):
        if any(line.word == "opportunity" for line in (*part.lines, *part.around)):
            continue
        for line in part.lines:
            if line.word == "feeling" and line.score is not None and line.score <= _LOW:
                yield RULE.at(
                    first_line(line.span),
                    "nothing is said to be possible against this low",
                    label="no `opportunity` beside it",
                    help='add a line such as `opportunity "Call back within an hour"`',
                )
