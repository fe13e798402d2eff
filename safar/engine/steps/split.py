"""`split NAME { 50% coupon { }; 50% control { } }`: an arm by chance, the same for a customer every time."""

from __future__ import annotations

from fractions import Fraction

from safar.engine import moves
from safar.engine.expression import Node
from safar.engine.form import Form, Kind, body, maybe, needed
from safar.engine.model import Body, Step
from safar.engine.source import NOWHERE, Span
from safar.engine.steps.kind import Look, StepKind


class Arm(Node, frozen=True, kw_only=True):
    name: str
    name_span: Span = NOWHERE
    title: str = ""
    share: Fraction
    then: Body


class Split(Step, frozen=True, kw_only=True):
    title: str = ""
    arms: tuple[Arm, ...]


def lower(step: Split, out: moves.Lowering, here: int, then: int) -> None:
    arms = tuple(moves.Arm(arm.name, arm.share, out.body(arm.then, then)) for arm in step.arms)
    out.put(here, moves.Draw(step.name, arms))


ARM = Form(
    "arm",
    "",
    (
        needed("", Kind.PERCENT, "share", "share"),
        needed("", Kind.NAME, "name", "arm"),
        maybe("", Kind.TITLE, "title", "title"),
        body("steps"),
    ),
    ("arms",),
    plural="arms",
    listed=True,
)

KIND = StepKind(
    Split,
    Form(
        "split",
        "split",
        (
            needed("", Kind.NAME, "name"),
            maybe("", Kind.TITLE, "title", "title"),
            body("arms", "arms", must=True),
        ),
        ("steps", "stage"),
    ),
    lower,
    Look("chance", lambda step: step.title or step.name),
)
