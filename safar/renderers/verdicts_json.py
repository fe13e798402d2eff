"""Test results for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from safar.engine.simulate.traces import Tracer
from safar.engine.source import Span
from safar.engine.test.coverage import KINDS, Coverage
from safar.engine.test.results import Failure, Measured, Tested, Verdict
from safar.renderers import findings, findings_json
from safar.renderers.escape import json_text
from safar.renderers.findings import Where
from safar.renderers.verdicts import Frame, Group, all_tested

FORMAT_VERSION = 1
FOR_PEOPLE = False


def verdicts(groups: Sequence[Group], frame: Frame) -> str:
    """A JSON document; lines and columns from 1, columns in code points."""
    return json_text(document(groups, frame), indent=1) + "\n"


def document(groups: Sequence[Group], frame: Frame) -> dict[str, Any]:
    """The document as data."""
    tested = all_tested(groups)
    broken = [findings.Group(group.broken, group.path, group.shown) for group in groups]
    return {
        "format_version": FORMAT_VERSION,
        "tests": [_test(one, group.path) for group in groups for one in group.tested],
        "coverage": [_coverage(one, group.path) for group in groups for one in group.coverage]
        if frame.coverage
        else None,
        "findings": findings_json.document(broken, findings.Frame(files=0))["findings"],
        "summary": {
            **{verdict.value: sum(one.verdict is verdict for one in tested) for verdict in Verdict},
            "seconds": round(frame.seconds, 3),
        },
    }


def _test(one: Tested, where: Where) -> dict[str, Any]:
    tracer = Tracer(one.project)
    story = one.story.happenings if one.story is not None else None
    return {
        "kind": one.kind,
        "title": one.test.title,
        "journey": one.test.journey,
        **_place(one.test.span, where),
        "verdict": one.verdict.value,
        "seconds": round(one.seconds, 6),
        "failures": [_failure(failure, where) for failure in one.failures],
        "timeline": None if story is None else [json.loads(tracer.line(happening)) for happening in story],
        "customers": one.customers if one.kind == "forecast" else None,
        "measured": [_measured(measured, where) for measured in one.measured],
    }


def _failure(failure: Failure, where: Where) -> dict[str, Any]:
    return {
        "message": failure.message,
        **_place(failure.span, where),
        "notes": list(failure.notes),
        "help": failure.help,
        "about": list(failure.about),
    }


def _measured(one: Measured, where: Where) -> dict[str, Any]:
    return {
        "verdict": one.verdict,
        "message": one.text,
        **_place(one.span, where),
        "value": one.value,
        "wanted": one.wanted,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "needed": one.needed,
    }


def _coverage(one: Coverage, where: Where) -> dict[str, Any]:
    kinds = {kind: dict(zip(("passed", "of"), one.count(kind), strict=True)) for kind in KINDS}
    return {
        "journey": one.journey,
        **_place(one.span, where),
        "percent": round(one.percent, 2),
        "kinds": kinds,
        "uncovered": [
            {"kind": part.kind, "step": part.name, "way": part.way, **_place(part.span, where)}
            for part in one.parts
            if not part.covered
        ],
    }


def _place(span: Span, where: Where) -> dict[str, Any]:
    ends = [dict(zip(("line", "column"), span.source.position(at), strict=True)) for at in (span.start, span.end)]
    return {"path": where(span.source.path), "start": ends[0], "end": ends[1]}
