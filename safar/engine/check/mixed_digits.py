"""Persian, Arabic and Latin digits in one number."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from safar.engine.check.subject import Subject, quoted
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.source import Span

RULE = Rule("mixed-digits", "SF552", Severity.WARNING)

_KINDS = {**{chr(0x30 + n): "Latin" for n in range(10)}}
_KINDS |= {chr(0x660 + n): "Arabic" for n in range(10)} | {chr(0x6F0 + n): "Persian" for n in range(10)}


def find(subject: Subject) -> Iterator[Diagnostic]:
    for span in quoted(subject):
        text = span.text
        if text.isascii():
            continue
        for offset, (before, after) in enumerate(itertools.pairwise(text)):
            kinds = _KINDS.get(before), _KINDS.get(after)
            if None not in kinds and kinds[0] != kinds[1]:
                yield RULE.at(
                    Span(span.source, span.start + offset, span.start + offset + 2),
                    f"{kinds[0]} and {kinds[1]} digits stand in one number",
                    label="two kinds of digits",
                    help="write the number with digits of one kind",
                )
                break
