"""`.journey` text in, syntax tree out; also the DSL's own text out of the clauses of a YAML file."""

from __future__ import annotations

import bisect
import sys
from typing import Any

from safar.dsl import follow_ups, tree
from safar.dsl import syntax_rules as rules
from safar.dsl.brackets import without_opener
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.parser import LimitError, Parser
from safar.dsl.recover import Recovery
from safar.dsl.tokens import DIRECTION_CONTROLS, Token, tokens_of
from safar.dsl.transform import Transform, reductions
from safar.dsl.values import Place, Values
from safar.engine.diagnostic import Diagnostic, Edit, Fix
from safar.engine.form import Form, Kind
from safar.engine.source import Source, Span

Findings = tuple[Diagnostic, ...]

_TOKENS = 2
"""Words and marks of a file for each value that it may have."""


def read_text(source: Source, limits: Limits = DEFAULT_LIMITS) -> tuple[tree.File, Findings]:
    """The syntax tree of a file, and the mistakes in it; what has a mistake is left out or mended.

    >>> file, findings = read_text(Source("a.journey", 'team crm "CRM"'))
    >>> [statement.form for statement in file.statements], findings
    (['team'], ())
    """

    def place(start: int, end: int) -> Span:
        return Span(source, start, end)

    values = Transform(place, limits, _placeholder)
    text = source.text
    nothing = tree.File(place(0, len(text)), ())
    if len(text) > limits.file or (not text.isascii() and len(text.encode(errors="replace")) > limits.file):
        values.too_much(0, 1, f"the file has more than {limits.file:,} bytes", "file")
        return nothing, tuple(values.findings)
    tokens = tokens_of(text, most := _TOKENS * limits.nodes)
    if len(tokens) > most:
        values.too_much(*tokens[most][1:3], f"the file has more than {most:,} words and marks", "nodes")
        return nothing, tuple(values.findings)
    for at in without_opener(tokens, text):
        start = tokens[at - 1][1]
        end = tokens[at - 1][2]
        message = "`{` is missing at the end of this line"
        values.report(rules.UNMATCHED, start, end, message, label="what follows is indented", help="add `{`")
    found = _run(values, tokens, "file", Recovery(values, text, whole=True))
    file = found if isinstance(found, tree.File) else nothing
    find_direction_controls(text, [(one[1], one[2]) for one in tokens if one[0] in ("STRING", "CURLY", "OPEN")], values)
    findings = _in_order(values.findings)
    told = follow_ups.bounded(findings, limits, full=values.is_full)
    return (file, findings) if told is findings else (nothing, told)


def _in_order(findings: list[Diagnostic]) -> Findings:
    """By place, each once: a mended statement is read again, and what it says is found again."""
    found = {(finding.code, finding.span.start, finding.span.end): finding for finding in findings}
    return tuple(sorted(found.values(), key=lambda finding: finding.span.start))


def find_direction_controls(text: str, texts: list[tuple[int, int]], values: Values) -> None:
    """Find marks that change the direction of writing outside of texts: they can make a line look like another.

    `texts` are the stretches of quoted texts in order.
    """
    if text.isascii():
        return
    for found in DIRECTION_CONTROLS.finditer(text):
        at = found.start()
        if not _within(at, texts):
            message = (
                f"a mark that changes the direction of writing (U+{ord(found.group()[0]):04X}) stands outside of a text"
            )
            span = values.place(at, found.end())
            fix = Fix((Edit(span, ""),), safe=False)  # what the line then says was perhaps never seen
            values.findings.append(
                rules.DIRECTION.at(span, message, label="it cannot be seen", help="take it out", fix=fix)
            )


def _within(at: int, stretches: list[tuple[int, int]]) -> bool:
    before = bisect.bisect_right(stretches, (at, sys.maxsize)) - 1
    return before >= 0 and at < stretches[before][1]


def _placeholder(values: Values, text: str, start: int) -> tree.Expr | None:
    """The expression in a placeholder, which begins at an offset of the whole text."""
    tokens = [(kind, at + start, end + start, said) for kind, at, end, said in tokens_of(text)]
    assert isinstance(values, Transform)
    found: tree.Expr | None = Parser(tokens, reductions(), values, Recovery(values, text, start)).run("expression")
    return found


def checks(source: Source, limits: Limits) -> Transform:
    """What asks whether statements that were put together elsewhere are well formed; it collects the findings."""
    return Transform(lambda start, end: Span(source, start, end), limits, _placeholder)


def read_piece(
    kind: Kind, text: str, place: Place, limits: Limits = DEFAULT_LIMITS
) -> tuple[tree.Value | None, Findings]:
    """The value of one clause out of a YAML file; `place` maps offsets in `text` to spans of that file.

    Titles and texts stand there without quotes.
    """
    whole = place(0, len(text))
    if kind is Kind.TITLE:
        return tree.Text(whole, (text,) if text else ()), ()
    if kind is Kind.TEXT:
        text, place = _between_quotes(text, place)
    values = Transform(place, limits, _placeholder)
    if kind is Kind.TEXT:
        found: Any = tree.Text(whole, values.parts_of(text, 0))
        return found, tuple(values.findings)
    found = _run(values, _trimmed(tokens_of(text)), kind.value, Recovery(values, text))
    if isinstance(found, tuple) and not found:
        found = None
    return found, tuple(values.findings)


def _between_quotes(text: str, place: Place) -> tuple[str, Place]:
    """A text of a YAML file as it would stand between quotes: there, a backslash only guards a brace."""
    if "\\" not in text:
        return text, place
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        times = 2 if letter == "\\" and text[at + 1 : at + 2] not in ("{", "}") else 1
        letters.append(letter * times)
        origins += [at] * times
    origins.append(len(text))
    return "".join(letters), lambda start, end: place(origins[start], origins[end])


def read_line(
    form: Form, text: str, place: Place, limits: Limits = DEFAULT_LIMITS
) -> tuple[tree.Statement | None, Findings]:
    """The statement of a form whose first words are said already and whose rest is `text`."""
    values = Transform(place, limits, _placeholder)
    head: list[Token] = [("NAME", 0, 0, word) for word in form.words.split()]
    found = _run(values, head + _trimmed(tokens_of(text)), f"in_{form.blocks[0]}", Recovery(values, text))
    return found, tuple(values.findings)


def _run(values: Transform, tokens: list[Token], start: str, recovery: Recovery) -> Any:
    """The value of a start symbol; None where a limit stops the reading, or a piece makes no sense."""
    try:
        return Parser(tokens, reductions(), values, recovery).run(start)
    except LimitError as stop:
        if recovery.whole and stop.limit == "mistakes":
            values.is_full = True
            return None
        if recovery.whole:
            values.findings.clear()  # the text is not what it should be at all: that is the one thing to tell
        values.too_much(stop.token[1], stop.token[2], stop.message, stop.limit)
        return None


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Without the line ends behind a piece."""
    if len(tokens) > 1 and tokens[-2][0] == "END":
        del tokens[-2]
    return tokens
