"""`set customer.x = e`: an attribute of the customer changes."""

from __future__ import annotations

from safar.engine.form import NAMED, Form, Kind, needed
from safar.engine.model import Assign, Step
from safar.engine.moves import Effect, Lowering, SetAttribute
from safar.engine.steps.kind import Look, StepKind


class SetStep(Step, frozen=True, kw_only=True):
    assign: Assign


def lower(step: SetStep, out: Lowering, here: int, then: int) -> None:
    out.put(here, Effect(SetAttribute(step.assign), then))


def label(step: SetStep) -> str:
    return f"{step.assign.attribute} = {step.assign.value.span.text}"


KIND = StepKind(
    SetStep,
    Form(
        "set",
        "set",
        (needed("", Kind.TARGET, "target"), needed("=", Kind.EXPRESSION, "value"), NAMED),
        ("steps", "stage"),
    ),
    lower,
    Look("effect", label),
)
