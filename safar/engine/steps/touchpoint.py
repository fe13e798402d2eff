"""`touchpoint NAME { }`: customer and shop meet."""

from __future__ import annotations

from safar.engine.form import NAMED, Form, Kind, body, maybe, needed
from safar.engine.model import Step, Touchpoint
from safar.engine.moves import Deliver, Lowering
from safar.engine.steps.kind import Look, StepKind


class Meet(Step, frozen=True, kw_only=True):
    """`declared` where the touchpoint stands elsewhere and is only met here."""

    touchpoint: Touchpoint
    declared: bool = False


def lower(step: Meet, out: Lowering, here: int, then: int) -> None:
    out.put(here, Deliver(step.touchpoint, then))


KIND = StepKind(
    Meet,
    Form(
        "touchpoint",
        "touchpoint",
        (
            needed("", Kind.NAME, "touchpoint"),
            maybe("", Kind.TITLE, "title", "title"),
            NAMED,
            body("touchpoint"),
        ),
        ("steps", "stage"),
    ),
    lower,
    Look("contact", lambda step: step.touchpoint.label),
)
