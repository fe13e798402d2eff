"""`wait up to D { for P { }; for Q { } otherwise { } }`: the first of several."""

from __future__ import annotations

from safar.engine import moves, spelling
from safar.engine.expression import Node, Pattern
from safar.engine.form import NAMED, OTHERWISE, Form, Kind, body, needed
from safar.engine.model import Body, Step
from safar.engine.steps.kind import Look, StepKind


class Way(Node, frozen=True, kw_only=True):
    pattern: Pattern
    then: Body


class WaitUpTo(Step, frozen=True, kw_only=True):
    up_to: int
    ways: tuple[Way, ...]
    otherwise: Body


def lower(step: WaitUpTo, out: moves.Lowering, here: int, then: int) -> None:
    ways = tuple(moves.Way(way.pattern, out.body(way.then, then)) for way in step.ways)
    late = out.body(step.otherwise, then)
    out.put(here, moves.Wait(moves.After(step.up_to), late, late, ways))


WAY = Form(
    "way",
    "for",
    (needed("", Kind.PATTERN, "pattern", "pattern"), body("steps"), OTHERWISE),
    ("ways",),
    plural="for",
    listed=True,
)
"""A way of the wait; the last one may carry the wait's `otherwise`, since it may follow its `}`."""

OTHERWISE_WAY = Form("otherwise_way", "otherwise", (body("steps"),), ("ways",), many=False)
"""`otherwise { }` on a line of its own among the ways."""

KIND = StepKind(
    WaitUpTo,
    Form(
        "wait_up_to",
        "wait up to",
        (needed("", Kind.DURATION, "up_to"), NAMED, body("ways", "ways", must=True)),
        ("steps", "stage"),
    ),
    lower,
    Look("wait", lambda step: f"wait up to {spelling.duration(step.up_to)}"),
)
