"""Goals that are reached, by whole batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate.columns.batch import Batch
from safar.engine.simulate.columns.cells import NOBODY, numbers, part, pick
from safar.engine.simulate.columns.column import full
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.marks import Marked, Point
from safar.engine.simulate.columns.stamps import instant

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.listening import Listening, Origin


class GoalPlan(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`number` is its place among the goals.  `reached` marks it, `revenue` its value."""

    name: str
    number: int
    within: int
    value: Expr | None
    currency: str
    first: bool
    reached: tuple[Point, ...]
    revenue: tuple[Point, ...]


Wanted = tuple["GoalPlan", "Listening"]


def reach(chunk: Chunk, goals: tuple[Wanted, ...], look: Look, origin: Origin, *, held_out: bool = False) -> None:
    """Goals of all runs to which this happens just now.  An event's revenue counts once, however many it reaches."""
    chunk.occasion += 1
    for goal, listening in goals:
        met: Any = listening.matches(look, origin)
        met = met & _within(chunk, look.batch, goal.within)
        if not isinstance(met, np.ndarray):
            if met:
                reached(chunk, goal, look, held_out=held_out)
        elif met.any():
            reached(chunk, goal, look if met.all() else look.some(np.flatnonzero(met)), held_out=held_out)


def _within(chunk: Chunk, batch: Batch, seconds: int) -> Any:
    """Whether it is no longer since the entry."""
    began = chunk.began.load(batch.rows)
    if not isinstance(began, np.ndarray) and instant(batch.latest) - began <= seconds:
        return True
    return instant(batch.now) - began <= seconds


def reached(chunk: Chunk, goal: GoalPlan, look: Look, *, held_out: bool = False, exits: bool = False) -> None:
    """The goal is reached by these runs; `exits`: by an exit, which is no event."""
    first = _first(chunk, goal, look.batch)
    if chunk.recorder is not None:
        chunk.recorder.goal(goal, look, first.rows, (held_out, exits))
    if held_out:
        if first.n:
            chunk.tally.numbers[("held_out_goal", goal.name)] += first.n
        return
    if first.n:
        _count(chunk, goal, first)
    if goal.value is not None:
        if goal.first and first.n < look.n:
            look = look.some(np.flatnonzero(np.isin(numbers(look.batch.rows, chunk.n), numbers(first.rows, chunk.n))))
        if look.n:
            _value(chunk, goal, look, exits)


def _first(chunk: Chunk, goal: GoalPlan, batch: Batch) -> Batch:
    """The runs that had not reached it before."""
    flag = chunk.reached[goal.number]
    before = flag.load(batch.rows)
    if isinstance(before, np.ndarray):
        batch = batch.some(np.flatnonzero(~before))
    elif before:
        batch = batch.some(NOBODY)
    if batch.n:
        flag.store(batch.rows, True)
    return batch


def _count(chunk: Chunk, goal: GoalPlan, batch: Batch) -> None:
    tally, plan, rows = chunk.tally, chunk.plan, batch.rows
    at = Marked(rows, batch.n, batch.now)
    tally.numbers[("goal", goal.name)] += batch.n
    tally.time(goal.name, at.offset(chunk), batch.n)
    if plan.persona_names:
        tally.group(("persona_goal",), plan.persona_names, chunk.personas.load(rows), batch.n, (goal.name,))
    for split, arms in zip(plan.splits, chunk.arms, strict=True):
        tally.group(("arm_goal", split.name), split.arms, arms.load(rows), batch.n, (goal.name,))
    for point in goal.reached:
        point.mark(chunk, at)


def _value(chunk: Chunk, goal: GoalPlan, look: Look, exits: bool) -> None:
    assert goal.value is not None
    values, known = goal.value(look)
    rows, n, now = look.batch.rows, look.n, look.batch.now
    if known is not True:
        values, known = full((values, known), n)  # type: ignore[arg-type]
        index = np.flatnonzero(known)
        rows, n, now, values = pick(rows, index), len(index), part(now, index), values.take(index)
    if not n:
        return
    at = Marked(rows, n, now, (values, goal.currency))
    chunk.tally.numbers[("goal_value", goal.name, goal.currency)] += at.total()
    if not exits and chunk.plan.shares_revenue:
        paid_for = chunk.paid_for
        left = np.flatnonzero(np.broadcast_to(np.not_equal(paid_for.load(rows), chunk.occasion), n))
        at = at.some(left)
        paid_for.store(at.rows, chunk.occasion)
    if at.n:
        if not exits and chunk.traffic is not None:
            chunk.traffic.paid.add(at)
        chunk.tally.numbers[("revenue", goal.currency)] += at.total()
        chunk.amount(("revenue", goal.currency), at.rows, at.units)
        for point in goal.revenue:
            point.mark(chunk, at)
