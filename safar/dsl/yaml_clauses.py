"""What stands in one clause of a YAML statement: the DSL's own text, read by the DSL's own grammar."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from collections.abc import Sequence as Several

import msgspec

from safar.dsl import text, tree
from safar.dsl.forms import FREE
from safar.dsl.limits import Limits
from safar.dsl.reading_rules import EMPTY_VALUE, WRONG_SHAPE, YAML_FEATURE
from safar.dsl.statements import not_chosen
from safar.dsl.syntax_rules import MISSING
from safar.dsl.yaml_cuts import comment_behind, cut_at_comment, mend_entries, mend_items, open_brackets
from safar.dsl.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, is_damaged, is_empty
from safar.dsl.yaml_scalars import placer
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.form import Clause, Form, Kind
from safar.engine.source import Source, Span

_YES = ("yes", "Yes", "true")

_SHOULD_BE = {
    Kind.NAME: "a name",
    Kind.NAMES: "names, `a, b` or a list",
    Kind.TITLE: "a text",
    Kind.TEXT: "a text",
    Kind.EXPRESSION: "an expression",
    Kind.PATTERN: "a pattern",
    Kind.DURATION: "a duration such as `3d`",
    Kind.PERCENT: "a percentage such as `40%`",
    Kind.PAYLOAD: "fields with their values",
}


class Reading:
    """One file while it is read."""

    def __init__(self, source: Source, limits: Limits, findings: Iterable[Diagnostic]) -> None:
        self.source = source
        self.limits = limits
        self.findings = list(findings)
        self.stop: tuple[Diagnostic, ...] = ()
        """That a limit was met: then this is all there is to tell of the file."""
        self._checks = text.checks(source, limits)
        self._texts: list[tuple[int, int]] = []

    def span(self, node: YamlNode) -> Span:
        return Span(self.source, node.start, node.end)

    @property
    def is_full(self) -> bool:
        """Whether there are more findings than will be told."""
        return len(self.findings) > 2 * self.limits.mistakes

    def report(self, *found: Diagnostic) -> None:
        if not self.is_full:
            self.findings.extend(found)

    def check(self, form: Form, statement: tree.Statement) -> None:
        """What is asked of a whole statement in either spelling: names that are free, sizes within the limits."""
        for clause in form.clauses:
            if clause.kind in (Kind.NAME, Kind.NAMES) and (form.id, clause.field) not in FREE:
                self._checks.reserved(statement.values.get(clause.field))
        if statement.span.end - statement.span.start > self.limits.expression_depth:
            self._checks.bounded(statement)
        self._checks.in_rounds(statement)
        if self._checks.findings:
            self.findings += self._checks.findings
            self._checks.findings = []

    def text(self, node: Scalar) -> Span:
        """Take note of a text that is for people, in which any mark may stand."""
        self._texts.append((node.start, node.end))
        return self.span(node)

    def finish(self, anchored: Several[Span] = ()) -> tuple[Diagnostic, ...]:
        """All findings in order, each once; of what has an anchor only that it has one."""
        text.find_direction_controls(self.source.text, sorted(self._texts), self._checks)
        found = [*self.findings, *self._checks.findings]
        once = {(finding.rule, finding.span.key): finding for finding in found}
        ordered = sorted(once.values(), key=lambda finding: finding.span.start)
        if not anchored:
            return tuple(ordered)
        starts = [span.start for span in anchored]
        before = [bisect.bisect_right(starts, one.span.start) - 1 for one in ordered]
        return tuple(
            one
            for one, at in zip(ordered, before, strict=True)
            if at < 0 or one.span.start >= anchored[at].end or one.rule == YAML_FEATURE.name
        )

    def entries(self, node: Mapping) -> Mapping:
        """The mapping with texts that a comma cut in two taken as one."""
        if not node.flow:
            return node
        entries, found = mend_entries(self.source, node.entries)
        self.report(*found)
        return msgspec.structs.replace(node, entries=entries)

    def items(self, node: Sequence) -> tuple[YamlNode, ...]:
        if not node.flow:
            return node.items
        items, found = mend_items(self.source, node.items)
        self.report(*found)
        return items


def wrong_shape(reading: Reading, node: YamlNode, key: str, wanted: str) -> None:
    """Report what stands under a key, unless that is done already."""
    if is_damaged(node):
        return
    if is_empty(node):
        reading.report(
            EMPTY_VALUE.at(
                Span(reading.source, node.start, node.start),
                f"nothing stands behind `{key}`",
                label=f"{wanted} is missing",
                help=f"write {wanted}, or take the line out",
            )
        )
        return
    found = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}[type(node)]
    end = node.end if isinstance(node, Scalar) else min(node.end, _end_of_line(reading.source, node.start))
    help = ""
    if isinstance(node, Mapping) and node.flow:
        help = "a text that begins with `{` must stand in quotation marks"
    elif isinstance(node, Sequence) and len(node.items) == 1 and isinstance(only := node.items[0], Scalar):
        help = f"write `{key}: {reading.source.text[only.start : only.end]}`"
    reading.report(
        WRONG_SHAPE.at(
            Span(reading.source, node.start, end),
            f"`{key}` takes {wanted}, and this is {found}",
            label=found,
            help=help,
        )
    )


def _end_of_line(source: Source, at: int) -> int:
    end = source.text.find("\n", at)
    return end if end >= 0 else len(source.text)


def value(reading: Reading, clause: Clause, key: str, node: YamlNode) -> tree.Value | None:
    """What stands in a clause, or None where it cannot be read, which is reported then."""
    if is_damaged(node):
        return None
    if clause.kind is Kind.FLAG:
        return _flag(reading, key, node)
    if clause.kind is Kind.NAMES and isinstance(node, Sequence):
        return _names(reading, clause, key, node)
    if clause.kind is Kind.PATH and isinstance(node, Sequence):
        return _path(reading, node)
    if clause.kind is Kind.PAYLOAD and isinstance(node, Mapping):
        return _payload(reading, node)
    verbatim = clause.kind in (Kind.TITLE, Kind.TEXT)
    if not isinstance(node, Scalar) or (is_empty(node) and not (verbatim and node.style)):
        wrong_shape(reading, node, key, _SHOULD_BE.get(clause.kind, "a value"))
        return None
    if key == "event" and node.text.startswith("customer."):
        message = "an attribute is no event; its date comes round each year"
        reading.report(WRONG_SHAPE.at(reading.span(node), message, help=f"write `each year on: {node.text[:60]}`"))
        return None
    if verbatim:
        return _verbatim(reading, clause, node)
    if clause.kind is Kind.WORD:
        return _word(reading, clause, key, node)
    return piece(reading, clause.kind, node)


def piece(reading: Reading, kind: Kind, node: Scalar) -> tree.Value | None:
    """One value in the DSL's own text."""
    if kind is Kind.NAME and node.text.isascii() and node.text.isidentifier() and len(node.text) <= reading.limits.name:
        return tree.Name(placer(reading.source, node)(0, len(node.text)), node.text)
    found, findings = text.read_piece(kind, node.text, placer(reading.source, node), reading.limits)
    _report(reading, node, findings)
    return found


def line(reading: Reading, form: Form, node: Scalar, skipped: int = 0) -> tree.Statement | None:
    """The rest of a statement in the DSL's own text, behind its first words, or `skipped` characters of it.

    What is missing on the line may stand under keys of its own, and is asked for later.
    """
    if '"' in node.text:
        reading.text(node)
    whole = placer(reading.source, node)

    def place(start: int, end: int) -> Span:
        return whole(start + skipped, end + skipped)

    found, findings = text.read_line(form, node.text[skipped:], place, reading.limits)
    _report(reading, node, tuple(f for f in findings if f.rule != MISSING.name))
    return found


def _report(reading: Reading, node: Scalar, findings: tuple[Diagnostic, ...]) -> None:
    """Findings in a text; where a comment took its end away, that is what is wrong with it."""
    comment = comment_behind(reading.source, node) if findings else None
    is_cut = comment is not None and (not comment.text[1:2].isspace() or open_brackets(node.text) > 0)
    if comment is not None and is_cut and any(f.severity is Severity.ERROR for f in findings):
        reading.report(cut_at_comment(reading.span(node), comment))
    else:
        reading.report(*findings)


def _verbatim(reading: Reading, clause: Clause, node: Scalar) -> tree.Value | None:
    comment = comment_behind(reading.source, node)
    if comment is not None and comment.text[1:2].isalnum():
        reading.report(cut_at_comment(reading.span(node), comment))
    span = reading.text(node)
    if clause.kind is Kind.TITLE:
        return tree.Text(span, (node.text,) if node.text else ())
    return piece(reading, Kind.TEXT, node)


def _flag(reading: Reading, key: str, node: YamlNode) -> tree.Flag | None:
    if is_empty(node) or (isinstance(node, Scalar) and node.text in _YES):
        return tree.Flag(reading.span(node))
    reading.report(
        WRONG_SHAPE.at(
            reading.span(node),
            f"`{key}` takes `yes` or nothing",
            help=f"where it is not so, leave `{key}` out",
        )
    )
    return None


def _word(reading: Reading, clause: Clause, key: str, node: Scalar) -> tree.Name | None:
    if node.text in clause.choices:
        return tree.Name(reading.span(node), node.text)
    reading.report(not_chosen(reading.span(node), node.text, clause))
    return None


def _names(reading: Reading, clause: Clause, key: str, node: Sequence) -> tuple[tree.Name, ...]:
    names: list[tree.Name] = []
    for item in reading.items(node):
        found = value(reading, msgspec.structs.replace(clause, kind=Kind.NAME), key, item)
        if isinstance(found, tree.Name):
            names.append(found)
    return tuple(names)


def _path(reading: Reading, node: Sequence) -> tree.Path:
    """`[thanks, ..., feedback]`."""
    stops: list[tree.Name] = []
    for item in reading.items(node):
        if not isinstance(item, Scalar):
            wrong_shape(reading, item, "path", "the names of touchpoints, or `...`")
            continue
        found = value(reading, Clause("", Kind.PATH, "path"), "path", item)
        if isinstance(found, tree.Path):
            stops += found.stops
    return tree.Path(reading.span(node), tuple(stops))


def _payload(reading: Reading, node: Mapping) -> tree.Payload:
    """`{total: 40 EUR to 120 EUR}`: names and amounts."""
    fields: list[tree.Filled] = []
    for entry in reading.entries(node).entries:
        name = piece(reading, Kind.NAME, entry.key)
        clause = Clause("", Kind.AMOUNT, "amount")
        amount = value(reading, clause, entry.key.text, entry.value)
        if isinstance(name, tree.Name) and isinstance(amount, tree.Amount):
            fields.append(tree.Filled(name.span, name, amount))
    return tree.Payload(reading.span(node), tuple(fields))
