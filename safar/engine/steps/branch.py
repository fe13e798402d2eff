"""`if C { } otherwise { }`: the first that is true."""

from __future__ import annotations

from safar.engine import moves
from safar.engine.expression import Expression
from safar.engine.form import NAMED, OTHERWISE, Form, Kind, body, needed
from safar.engine.model import Body, Step
from safar.engine.steps.kind import Look, StepKind


class If(Step, frozen=True, kw_only=True):
    """`otherwise if` is one `If` inside `otherwise`."""

    condition: Expression
    then: Body
    otherwise: Body


def lower(step: If, out: moves.Lowering, here: int, then: int) -> None:
    met = out.body(step.then, then)
    out.put(here, moves.Branch(step.condition, met, out.body(step.otherwise, then)))


KIND = StepKind(
    If,
    Form(
        "if",
        "if",
        (needed("", Kind.EXPRESSION, "condition"), NAMED, body("steps", must=True), OTHERWISE),
        ("steps", "stage"),
    ),
    lower,
    Look("choice", lambda step: f"{step.condition.span.text}?"),
)
