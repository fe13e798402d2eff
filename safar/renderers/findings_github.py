"""Findings as annotations of GitHub Actions, then all of them as text.

GitHub shows 10 errors and 10 warnings of one step and drops the rest without a word (actions/toolkit#734): the first
ones are taken, errors before warnings, and how many are left is said.  The text stands between a pair of commands
that switch commands off, so that nothing in it is taken for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from safar.engine.diagnostic import Diagnostic, Severity
from safar.renderers import findings_concise
from safar.renderers.escape import command_data, command_property
from safar.renderers.findings import Frame, Group, Where, counted, summary
from safar.renderers.terminal import Style

FOR_PEOPLE = False
MOST = 10
"""Annotations of each kind in one step."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """Workflow commands, errors first; then one line for each finding, and the counts."""
    plain = Frame(files=frame.files, suppressed=frame.suppressed, known=frame.known, style=Style(), width=frame.width)
    lines, left = _annotations(groups)
    text = findings_concise.findings(groups, plain) + summary(groups, plain) + "\n"
    if left:
        text += f"{counted(left, 'finding')} above without an annotation: GitHub shows {MOST} of each kind\n"
    token = _token(text)
    return "".join(f"{line}\n" for line in lines) + f"::stop-commands::{token}\n{text}::{token}::\n"


def _annotations(groups: Sequence[Group]) -> tuple[list[str], int]:
    """The commands, and how many findings have none."""
    lines, left = [], 0
    for severity in Severity:
        own = [(item, group.shown) for group in groups for item in group.items if item.severity is severity]
        lines += [_command(item, shown) for item, shown in own[:MOST]]
        left += len(own[MOST:])
    return lines, left


def _command(item: Diagnostic, shown: Where) -> str:
    said = "\n".join(filter(None, (item.message, *item.notes, item.help)))
    source = item.span.source
    facts = {"title": f"{item.rule} ({item.code})"}
    if source.path:
        (line, column), (end_line, end_column) = source.position(item.span.start), source.position(item.span.end)
        facts = {"file": shown(source.path), "line": str(line), "endLine": str(end_line), **facts}
        if line == end_line:  # columns of several lines are refused
            facts |= {"col": str(column), "endColumn": str(max(end_column, column + 1))}
    properties = ",".join(f"{name}={command_property(value)}" for name, value in facts.items())
    return f"::{_COMMANDS[item.severity]} {properties}::{command_data(said)}"


def _token(text: str) -> str:
    """A word that ends the text, and that no text can hold, since it is made from the whole of it."""
    import hashlib

    return "safar-" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
