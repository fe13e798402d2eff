"""`start JOURNEY`: the customer also enters another journey."""

from __future__ import annotations

from safar.engine.form import NAMED, Form, Kind, needed
from safar.engine.model import Step
from safar.engine.moves import Effect, Lowering, StartJourney
from safar.engine.steps.kind import Look, StepKind


class Start(Step, frozen=True, kw_only=True):
    journey: str


def lower(step: Start, out: Lowering, here: int, then: int) -> None:
    out.put(here, Effect(StartJourney(step.journey), then))


KIND = StepKind(
    Start,
    Form("start", "start", (needed("", Kind.NAME, "journey"), NAMED), ("steps", "stage")),
    lower,
    Look("effect", lambda step: f"start {step.journey}"),
)
