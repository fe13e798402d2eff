"""`exit NAME ["why"]`: the run ends with an outcome."""

from __future__ import annotations

from safar.engine import moves
from safar.engine.form import Form, Kind, maybe, needed
from safar.engine.model import Step
from safar.engine.steps.kind import Look, StepKind


class Exit(Step, frozen=True, kw_only=True):
    outcome: str
    why: str = ""


def lower(step: Exit, out: moves.Lowering, here: int, then: int) -> None:
    out.put(here, moves.Exit(step.outcome, step.why))


KIND = StepKind(
    Exit,
    Form(
        "exit",
        "exit",
        (needed("", Kind.NAME, "outcome"), maybe("", Kind.TITLE, "why", "why")),
        ("steps", "stage"),
    ),
    lower,
    Look("end", lambda step: step.outcome),
)
