"""Verdicts on rules for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from safar.engine.diagnostic import Diagnostic
from safar.engine.expression import Literal
from safar.engine.model import Project
from safar.engine.promises import Given, Scenario, Scripted
from safar.engine.prove.verdict import Counterexample, Outcome, Verdict
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.literals import utc, write
from safar.engine.simulate.traces import Tracer
from safar.renderers import findings, findings_json
from safar.renderers.escape import json_text
from safar.renderers.findings import Where
from safar.renderers.proofs_text import message

FORMAT_VERSION = 1


def proofs_json(
    verdicts: Sequence[tuple[Verdict, Where]], broken: Sequence[Diagnostic], saved: Mapping[int, str], seconds: float
) -> str:
    """A JSON document; `saved` are the files of counterexamples, by position, `broken` errors in files."""
    group = findings.Group(tuple(broken), findings.by_itself, findings.by_itself)
    document = {
        "format_version": FORMAT_VERSION,
        "rules": [_rule(one, where, saved.get(number)) for number, (one, where) in enumerate(verdicts)],
        "findings": findings_json.document([group], findings.Frame(files=0))["findings"],
        "summary": {
            **{outcome.value: sum(one.outcome is outcome for one, _ in verdicts) for outcome in Outcome},
            "seconds": round(seconds, 3),
        },
    }
    return json_text(document, indent=1) + "\n"


def _rule(one: Verdict, where: Where, saved: str | None) -> dict[str, Any]:
    span = one.rule.span
    line, column = span.source.position(span.start)
    return {
        "rule": one.rule.name,
        "title": one.rule.title or None,
        "journey": one.journey or None,
        "path": where(span.source.path),
        "start": {"line": line, "column": column},
        "verdict": one.outcome.value,
        "method": one.method.value if one.method is not None else None,
        "seconds": round(one.seconds, 6),
        "reason": message(one) if one.outcome is not Outcome.PROVED else None,
        "why": list(one.why),
        "transactional_left_out": one.left_out,
        "persona": one.persona or None,
        "counterexample": _example(one, one.counterexample) if one.counterexample is not None else None,
        "saved": saved,
    }


def _example(one: Verdict, example: Counterexample) -> dict[str, Any]:
    found = customer(one.project, example.scenario, example.story)
    return {"journey": example.scenario.journey, **found, "about": list(example.broken.about)}


def customer(project: Project, scenario: Scenario, story: Story) -> dict[str, Any]:
    """Who a replayed customer is, what comes to him, and his timeline."""
    tracer = Tracer(project)
    told = [json.loads(tracer.line(happening)) for happening in story.happenings]
    began = story.happenings[0].at if story.happenings else 0
    traits = {trait.attribute: _plain(trait.value) for trait in scenario.traits}
    persona = {"persona": scenario.persona} if scenario.persona else {}
    fields = ("at", "journey", "event", "payload")
    return {
        "customer": {**persona, **traits},
        "entries": [{field: line[field] for field in fields} for line in told if line["what"] == What.ENTERED.value],
        "events": [_event(line, began) for line in scenario.script if line.event],
        "changes": [_change(line, began) for line in scenario.script if line.change is not None],
        "arms": {take.split: take.arm for take in scenario.takes},
        "timeline": told,
    }


def _event(line: Scripted, began: int) -> dict[str, Any]:
    return {
        "at": utc(began + line.after),
        "event": line.event,
        "answers": line.answers,
        "payload": {given.field: _given(given) for given in line.payload},
    }


def _change(line: Scripted, began: int) -> dict[str, Any]:
    assert line.change is not None
    return {
        "at": utc(began + line.after),
        "attribute": line.change.attribute,
        "value": _plain(line.change.value),
    }


def _given(given: Given) -> Any:
    return _plain(given.value)


def _plain(value: object) -> Any:
    assert isinstance(value, Literal)
    return write(value.type, value.value)
