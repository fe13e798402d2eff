"""A change of the direction of writing that reaches out of its text."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, quoted
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.source import Span

RULE = Rule("unclosed-direction", "SF551", Severity.WARNING)

_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_OPENS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}


def find(subject: Subject) -> Iterator[Diagnostic]:
    for span in quoted(subject):
        offset = _unclosed(span.text)
        if offset is not None:
            mark = span.text[offset]
            yield RULE.at(
                Span(span.source, span.start + offset, span.start + offset + 1),
                f"a change of direction (U+{ord(mark):04X}) is not ended in this text",
                label="invisible mark",
                help="take it out, or put the mark that ends it behind the foreign words",
            )


def _unclosed(text: str) -> int | None:
    """Where the first mark stands that nothing ends, or that ends nothing."""
    open_marks: list[tuple[int, str]] = []
    for offset, letter in enumerate(text):
        if letter in _OPENS:
            open_marks.append((offset, _OPENS[letter]))
        elif letter in "\u202c\u2069":
            if not open_marks or open_marks[-1][1] != letter:
                return offset
            open_marks.pop()
    return open_marks[0][0] if open_marks else None
