"""Findings for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safar.engine.diagnostic import Diagnostic, Fix, Related, Severity
from safar.engine.source import Span
from safar.renderers.escape import json_text
from safar.renderers.findings import Frame, Group, Where, counts

FORMAT_VERSION = 1


FOR_PEOPLE = False


def findings(groups: Sequence[Group], frame: Frame) -> str:
    """A JSON document; lines and columns from 1, columns in code points."""
    return json_text(document(groups, frame), indent=1) + "\n"


def document(groups: Sequence[Group], frame: Frame) -> dict[str, Any]:
    """The document as data."""
    items = [item for group in groups for item in group.items]
    found = counts(items)
    return {
        "format_version": FORMAT_VERSION,
        "findings": [_finding(item, group.path) for group in groups for item in group.items],
        "summary": {
            "files": frame.files,
            "errors": found[Severity.ERROR],
            "warnings": found[Severity.WARNING],
            "infos": found[Severity.INFO],
            "suppressed": frame.suppressed,
            "known": frame.known,
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
        "related": [_related(one, where) for one in item.related],
        "way": [_related(one, where) for one in item.way],
        "fix": _fix(item.fix) if item.fix else None,
    }


def _related(one: Related, where: Where) -> dict[str, Any]:
    return {"message": one.message, "path": where(one.span.source.path), **_ends(one.span)}


def _ends(span: Span) -> dict[str, Any]:
    return {"start": _position(span, span.start), "end": _position(span, span.end)}


def _position(span: Span, offset: int) -> dict[str, int]:
    line, column = span.source.position(offset)
    return {"line": line, "column": column}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"safe": fix.safe, "edits": [{**_ends(edit.span), "text": edit.text} for edit in fix.edits]}
