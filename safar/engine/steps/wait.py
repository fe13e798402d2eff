"""`wait 2d`: time passes."""

from __future__ import annotations

from safar.engine import spelling
from safar.engine.form import NAMED, Form, Kind, needed
from safar.engine.model import Step
from safar.engine.moves import After, Lowering
from safar.engine.moves import Wait as WaitMove
from safar.engine.steps.kind import Look, StepKind


class Wait(Step, frozen=True, kw_only=True):
    seconds: int


def lower(step: Wait, out: Lowering, here: int, then: int) -> None:
    out.put(here, WaitMove(After(step.seconds), then, then))


KIND = StepKind(
    Wait,
    Form("wait", "wait", (needed("", Kind.DURATION, "seconds"), NAMED), ("steps", "stage")),
    lower,
    Look("wait", lambda step: f"wait {spelling.duration(step.seconds)}"),
)
