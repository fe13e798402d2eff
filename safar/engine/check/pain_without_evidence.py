"""A pain that somebody made up."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line, on_the_map
from safar.engine.diagnostic import Diagnostic, Rule, Severity

RULE = Rule("pain-without-evidence", "SF512", Severity.INFO, default=False)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for part in on_the_map(subject):
        if any(line.word == "evidence" for line in (*part.lines, *part.around)):
            continue
        for line in part.lines:
            if line.word == "pain":
                yield RULE.at(
                    first_line(line.span),
                    "nothing says how this pain is known",
                    label="no `evidence` beside it",
                    help='add a line such as `evidence "Survey, spring: 41% asked for it"`',
                )
