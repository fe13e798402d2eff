"""`task TEAM "what"`: work for people."""

from __future__ import annotations

from safar.engine.form import NAMED, Form, Kind, needed
from safar.engine.model import Step
from safar.engine.moves import Effect, GiveTask, Lowering
from safar.engine.steps.kind import Look, StepKind


class Task(Step, frozen=True, kw_only=True):
    team: str
    what: str


def lower(step: Task, out: Lowering, here: int, then: int) -> None:
    out.put(here, Effect(GiveTask(step.team, step.what), then))


KIND = StepKind(
    Task,
    Form(
        "task",
        "task",
        (needed("", Kind.NAME, "team"), needed("", Kind.TITLE, "what", "what"), NAMED),
        ("steps", "stage"),
    ),
    lower,
    Look("effect", lambda step: f"{step.team}: {step.what}"),
)
