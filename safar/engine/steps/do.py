"""`do ACTION(key = value, ...)`: an action."""

from __future__ import annotations

from safar.engine.form import NAMED, Form, Kind, needed
from safar.engine.model import Do, Step
from safar.engine.moves import DoAction, Effect, Lowering
from safar.engine.steps.kind import Look, StepKind


class DoStep(Step, frozen=True, kw_only=True):
    call: Do


def lower(step: DoStep, out: Lowering, here: int, then: int) -> None:
    out.put(here, Effect(DoAction(step.call), then))


KIND = StepKind(
    DoStep,
    Form("do", "do", (needed("", Kind.CALL, "call"), NAMED), ("steps", "stage")),
    lower,
    Look("effect", lambda step: step.call.action),
)
