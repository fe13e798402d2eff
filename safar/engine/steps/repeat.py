"""`repeat up to N times [every D] [until P] { }`: rounds at a rhythm."""

from __future__ import annotations

from safar.engine import moves, spelling
from safar.engine.expression import Pattern
from safar.engine.form import NAMED, Form, Kind, body, maybe, needed
from safar.engine.model import Body, Step
from safar.engine.steps.kind import Look, StepKind


class Repeat(Step, frozen=True, kw_only=True):
    times: int
    every: int | None = None
    until: Pattern | None = None
    then: Body


def lower(step: Repeat, out: moves.Lowering, here: int, then: int) -> None:
    loop, begin = out.loop(step.until, then, step.then, here)
    out.put(here, moves.Count(loop, step.times, step.every, begin, then))


def label(step: Repeat) -> str:
    words = f"up to {step.times} times"
    if step.every is not None:
        words += f", every {spelling.duration(step.every)}"
    return words + (f", until {spelling.pattern(step.until)}" if step.until is not None else "")


KIND = StepKind(
    Repeat,
    Form(
        "repeat",
        "repeat",
        (
            needed("up to", Kind.INTEGER, "times"),
            needed("times", Kind.FLAG, "times_word"),
            maybe("every", Kind.DURATION, "every"),
            maybe("until", Kind.PATTERN, "until"),
            NAMED,
            body("steps", must=True),
        ),
        ("steps", "stage"),
    ),
    lower,
    Look("loop", label),
)
