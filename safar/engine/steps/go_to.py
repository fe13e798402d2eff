"""`go to NAME`: on at a stage or a named step."""

from __future__ import annotations

from safar.engine import moves
from safar.engine.form import Form, Kind, needed
from safar.engine.model import Step
from safar.engine.source import NOWHERE, Span
from safar.engine.steps.kind import Look, StepKind


class GoTo(Step, frozen=True, kw_only=True):
    target: str
    target_span: Span = NOWHERE


def lower(step: GoTo, out: moves.Lowering, here: int, then: int) -> None:
    out.put(here, moves.Jump(out.target(step.target)))


KIND = StepKind(
    GoTo,
    Form("go_to", "go to", (needed("", Kind.NAME, "target"),), ("steps", "stage")),
    lower,
    Look("jump", lambda step: f"go to {step.target}"),
)
