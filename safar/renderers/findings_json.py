"""Findings for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from safar.engine.diagnostic import Diagnostic, Fix, Severity
from safar.engine.source import Span
from safar.renderers.findings_summary import Where, counts

FORMAT_VERSION = 1


Group = tuple[Sequence[Diagnostic], Where]
"""Findings of one project, and how its paths are to be shown."""


def findings(groups: Sequence[Group], *, files: int, suppressed: int) -> str:
    """A JSON document; lines and columns from 1, columns in code points."""
    return json.dumps(document(groups, files=files, suppressed=suppressed), ensure_ascii=False, indent=1) + "\n"


def document(groups: Sequence[Group], *, files: int, suppressed: int) -> dict[str, Any]:
    """The document as data."""
    items = [item for group, _ in groups for item in group]
    found = counts(items)
    return {
        "format_version": FORMAT_VERSION,
        "findings": [_finding(item, where) for group, where in groups for item in group],
        "summary": {
            "files": files,
            "errors": found[Severity.ERROR],
            "warnings": found[Severity.WARNING],
            "infos": found[Severity.INFO],
            "suppressed": suppressed,
            "fixable": sum(item.fix is not None for item in items),
        },
    }


def _finding(item: Diagnostic, where: Where) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "path": where(item.span.source.path),
        **_ends(item.span),
        "label": item.label,
        "notes": list(item.notes),
        "help": item.help,
        "related": [{"message": r.message, "path": where(r.span.source.path), **_ends(r.span)} for r in item.related],
        "fix": _fix(item.fix) if item.fix else None,
    }


def _ends(span: Span) -> dict[str, Any]:
    return {"start": _position(span, span.start), "end": _position(span, span.end)}


def _position(span: Span, offset: int) -> dict[str, int]:
    line, column = span.source.position(offset)
    return {"line": line, "column": column}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"safe": fix.safe, "edits": [{**_ends(edit.span), "text": edit.text} for edit in fix.edits]}
