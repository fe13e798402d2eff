"""Findings as JSON Lines: each finding as in `json`, one a line, and a last line with the counts."""

from __future__ import annotations

from collections.abc import Sequence

from safar.renderers.escape import json_text
from safar.renderers.findings import Frame, Group
from safar.renderers.findings_json import FORMAT_VERSION, document

FOR_PEOPLE = False


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """Lines with `"finding"` or, the last one, `"summary"`, each with the version of the format."""
    whole = document(groups, frame)
    lines = [{"format_version": FORMAT_VERSION, "finding": one} for one in whole["findings"]]
    lines.append({"format_version": FORMAT_VERSION, "summary": whole["summary"]})
    return "".join(f"{json_text(line)}\n" for line in lines)
