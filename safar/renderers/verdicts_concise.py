"""What did not pass, one a line: `path:line:column: severity[kind] message`."""

from __future__ import annotations

from collections.abc import Sequence

from safar.renderers import findings, findings_concise
from safar.renderers.coverage_text import coverage_text
from safar.renderers.verdicts import Frame, Group
from safar.renderers.verdicts import findings as found

FOR_PEOPLE = True


def as_findings(group: Group) -> findings.Group:
    """Errors of files, failures and undecided expectations."""
    items = (*group.broken, *(item for one in group.tested for item in found(one)))
    return findings.Group(items, group.path, group.shown)


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """One line for each expectation that is not met or undecided."""
    plain = findings.Frame(files=0, style=frame.style)
    text = findings_concise.findings([as_findings(group) for group in groups], plain)
    if frame.coverage:
        rows = coverage_text([(one, group.shown) for group in groups for one in group.coverage], frame.style)
        text += "".join(f"{row}\n" for row in rows)
    return text
