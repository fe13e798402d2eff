"""`wait for P up to D { } otherwise { }`: until something happens, or the time is up."""

from __future__ import annotations

from safar.engine import spelling
from safar.engine.expression import Pattern
from safar.engine.form import NAMED, OTHERWISE, Form, Kind, body, needed
from safar.engine.model import Body, Step
from safar.engine.moves import After, Lowering, Way
from safar.engine.moves import Wait as WaitMove
from safar.engine.steps.kind import Look, StepKind


class WaitFor(Step, frozen=True, kw_only=True):
    pattern: Pattern
    up_to: int
    then: Body
    otherwise: Body


def lower(step: WaitFor, out: Lowering, here: int, then: int) -> None:
    met = out.body(step.then, then)
    late = out.body(step.otherwise, then)
    out.put(here, WaitMove(After(step.up_to), late, late, (Way(step.pattern, met),)))


def label(step: WaitFor) -> str:
    return f"wait for {spelling.pattern(step.pattern)}, up to {spelling.duration(step.up_to)}"


KIND = StepKind(
    WaitFor,
    Form(
        "wait_for",
        "wait for",
        (
            needed("", Kind.PATTERN, "pattern"),
            needed("up to", Kind.DURATION, "up_to"),
            NAMED,
            body("steps"),
            OTHERWISE,
        ),
        ("steps", "stage"),
    ),
    lower,
    Look("wait", label),
)
