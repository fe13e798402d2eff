"""Test results as annotations of GitHub Actions, then as text; see `findings_github`."""

from __future__ import annotations

from collections.abc import Sequence

from safar.renderers import findings, findings_github
from safar.renderers.verdicts import Frame, Group, all_tested, summary
from safar.renderers.verdicts_concise import as_findings

FOR_PEOPLE = False


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """Workflow commands for what did not pass, and the counts."""
    files = {one.test.span.source.path for one in all_tested(groups)}
    plain = findings.Frame(files=len(files), width=frame.width)
    plain_frame = Frame(seconds=frame.seconds)
    return (
        findings_github.findings([as_findings(group) for group in groups], plain) + f"{summary(groups, plain_frame)}\n"
    )
