"""Persian and Arabic forms of one letter in one text."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, quoted
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Rule, Severity
from safar.engine.source import Span

RULE = Rule("mixed-letters", "SF550", Severity.WARNING)

_FORMS = {"ي": "ی", "ى": "ی", "ك": "ک"}
"""Arabic letters with the Persian ones that look the same in most places of a word."""
_PERSIAN = frozenset("یکگچپژ")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for span in quoted(subject):
        text = span.text
        if not _PERSIAN.isdisjoint(text):
            for offset, letter in enumerate(text):
                if letter in _FORMS:
                    yield _finding(Span(span.source, span.start + offset, span.start + offset + 1), letter)
                    break


def _finding(span: Span, letter: str) -> Diagnostic:
    return RULE.at(
        span,
        f"an Arabic `{letter}` (U+{ord(letter):04X}) stands in a Persian text",
        label=f"Persian: `{_FORMS[letter]}`",
        help=f"write `{_FORMS[letter]}` (U+{ord(_FORMS[letter]):04X}); a search for one form does not find the other",
        fix=Fix((Edit(span, _FORMS[letter]),), safe=False),
    )
