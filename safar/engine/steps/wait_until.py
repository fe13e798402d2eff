"""`wait until ...`: to a time of day, a weekday, or so long before or after a date or an event."""

from __future__ import annotations

from safar.engine.form import NAMED, OTHERWISE, Form, Kind, needed
from safar.engine.model import Body, Step
from safar.engine.moves import Deadline, Lowering
from safar.engine.moves import Wait as WaitMove
from safar.engine.steps.kind import Look, StepKind


class WaitUntil(Step, frozen=True, kw_only=True):
    """`words` is the moment as written, for labels."""

    deadline: Deadline
    words: str
    otherwise: Body | None = None


def lower(step: WaitUntil, out: Lowering, here: int, then: int) -> None:
    passed = then if step.otherwise is None else out.body(step.otherwise, then)
    out.put(here, WaitMove(step.deadline, then, passed))


KIND = StepKind(
    WaitUntil,
    Form("wait_until", "wait until", (needed("", Kind.MOMENT, "moment"), NAMED, OTHERWISE), ("steps", "stage")),
    lower,
    Look("wait", lambda step: f"wait until {step.words}"),
)
