"""Findings as GitLab's code quality report: `artifacts: reports: codequality`.

Fields: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from safar.engine.diagnostic import Severity
from safar.engine.fingerprint import identities
from safar.renderers.escape import json_text
from safar.renderers.findings import Frame, Group
from safar.renderers.terminal import visible

FOR_PEOPLE = False
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """A JSON list; paths are relative to the working folder, fingerprints know no line numbers."""
    return json_text([entry for group in groups for entry in _entries(group)], indent=1) + "\n"


def _entries(group: Group) -> Iterator[dict[str, Any]]:
    for item, identity in identities(group.items, group.shown):
        source = item.span.source
        (line, column), (end_line, end_column) = source.position(item.span.start), source.position(item.span.end)
        said = f"{item.message}; {item.help}" if item.help else item.message
        yield {
            "description": visible(said),
            "check_name": item.rule,
            "fingerprint": identity.digest,
            "severity": _SEVERITIES[item.severity],
            "location": {
                "path": group.shown(source.path),
                "lines": {"begin": line},
                "positions": {
                    "begin": {"line": line, "column": column},
                    "end": {"line": end_line, "column": end_column},
                },
            },
        }
