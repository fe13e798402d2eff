"""Two versions compared, for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from safar.engine.diff.change import Change, Experience, Promise, Side
from safar.engine.diff.diff import Difference
from safar.engine.expression import Literal
from safar.engine.prove.verdict import Verdict
from safar.engine.simulate.literals import write
from safar.engine.simulate.traces import Tracer
from safar.engine.source import Span
from safar.renderers.escape import json_text
from safar.renderers.proofs_text import message

FORMAT_VERSION = 1


def diff_json(
    difference: Difference, against: str, unread: Sequence[str], saved: Mapping[str, str], seconds: float
) -> str:
    """A JSON document; `saved` are the files of customers by journey, `against` what the old version is called,
    `unread` says what was not compared."""
    document = {
        "format_version": FORMAT_VERSION,
        "against": against,
        "changes": [_change(one) for one in difference.changes],
        "rules": [_promise(one) for one in difference.promises],
        "experiences": [_experience(one, saved.get(one.journey)) for one in difference.experiences],
        "not_compared": list(unread),
        "summary": {
            "weakened": len(difference.weakened),
            "no_longer_proved": len(difference.lost),
            "strengthened": len(difference.strengthened),
            "changed": len(difference.others),
            "seconds": round(seconds, 3),
        },
    }
    return json_text(document, indent=1) + "\n"


def _change(one: Change) -> dict[str, Any]:
    return {
        "effect": one.effect.value,
        "about": one.about.value,
        "kind": one.kind,
        "journey": one.journey or None,
        "subject": one.subject,
        "message": one.message,
        "old": _place(one.old),
        "new": _place(one.new),
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    if span is None or not span.source.path:
        return None
    line, column = span.source.position(span.start)
    return {"path": span.source.path, "line": line, "column": column}


def _promise(one: Promise) -> dict[str, Any]:
    return {
        "rule": one.name,
        "journey": one.journey or None,
        "old": one.old.outcome.value if one.old is not None else None,
        "new": one.new.outcome.value if one.new is not None else None,
        "lost": one.lost,
        "won": one.won,
        "reason": _reason(one.new),
    }


def _reason(verdict: Verdict | None) -> str | None:
    return message(verdict) or None if verdict is not None and verdict.outcome.value != "proved" else None


def _experience(one: Experience, saved: str | None) -> dict[str, Any]:
    return {
        "journey": one.journey,
        "notice": one.notice.value,
        "reason": one.reason or None,
        "tried": one.tried,
        "customer": _customer(one.new) if one.new is not None else None,
        "old": _side(one.old) if one.old is not None else None,
        "new": _side(one.new) if one.new is not None else None,
        "saved": saved,
    }


def _customer(side: Side) -> dict[str, Any]:
    persona = {"persona": side.scenario.persona} if side.scenario.persona else {}
    traits = {
        one.attribute: write(one.value.type, one.value.value)
        for one in side.scenario.traits
        if isinstance(one.value, Literal)
    }
    return {**persona, **traits}


def _side(side: Side) -> dict[str, Any]:
    tracer = Tracer(side.project)
    timeline = [json.loads(tracer.line(one)) for one in side.story.happenings]
    return {"first_difference": side.first or None, "timeline": timeline}
