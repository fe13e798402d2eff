"""Drawn amounts as their possible values, each with its chance."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Iterator

from safar.engine.expression import Base, Expression, Type, Value
from safar.engine.model import AmountCase, Drawn
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.chance import Z90
from safar.engine.simulate.exact.crowds import Crowd, Crowds, Known, Opaque, Origin, Scene, Spread

MOST = 100_000
"""Values of one amount."""


def possible(
    crowds: Crowds, cases: Iterable[AmountCase], type: Type, crowd: Crowd, scene: Scene
) -> Iterator[tuple[float, Crowd, Origin | Spread]]:
    """What an amount by case may be, for each part of a crowd that its conditions tell apart."""
    todo = [(1.0, crowd)]
    for case in cases:
        left = []
        for share, part in todo:
            for inner, one, true in crowds.split(part, case.condition, scene):
                if true:
                    yield share * inner, one, _drawn(crowds, case.amount, type, one, scene)
                else:
                    left.append((share * inner, one))
        todo = left
    for share, part in todo:
        yield share, part, Known(None)


def _drawn(crowds: Crowds, drawn: Drawn, type: Type, crowd: Crowd, scene: Scene) -> Origin | Spread:
    if drawn.choices:
        values: dict[Value, float] = {}
        for node, share in drawn.choices:
            found, value = _fixed(crowds, node, crowd, scene)
            if not found:
                return Opaque("an amount is one of values that are drawn themselves")
            values[kept(value, type)] = values.get(kept(value, type), 0.0) + float(share)
        return tuple(values.items())
    assert drawn.value is not None
    if drawn.high is None:
        found, value = _fixed(crowds, drawn.value, crowd, scene)
        return Known(kept(value, type)) if found else crowds.amount(drawn.value, scene)
    (fixed, low), (also, high) = (_fixed(crowds, node, crowd, scene) for node in (drawn.value, drawn.high))
    if drawn.about:
        return _about(low, high, type.base) if fixed and also else Opaque(_OPEN)
    if not fixed or not also:
        return Opaque("an amount lies between values that are drawn themselves")
    if low is None or high is None:
        return Known(None)
    return _between(low, high, type.base)


_OPEN = "a condition on an amount with an open end (`about`)"


def _about(low: Value, high: Value, base: Base) -> Origin:
    """The mean of the log-normal law, cut down to whole units: on average by half of one, as the law is smooth."""
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low <= 0 or high <= 0:
        return Opaque(_OPEN)
    sigma = math.log(high / low) / Z90
    step = 0.0 if base in (Base.NUMBER, Base.PERCENT) else 100.0 if base is Base.MONEY else 1.0
    return Opaque(_OPEN, low * math.exp(sigma * sigma / 2) - step / 2)


def _fixed(crowds: Crowds, node: Expression, crowd: Crowd, scene: Scene) -> tuple[bool, Value]:
    """The value of an expression that is the same for the whole crowd."""
    return crowds.fixed(crowds.amount(node, scene), crowd, scene)


def _between(low: Value, high: Value, base: Base) -> Origin | Spread:
    """The values of `draw._between`, with their chances."""
    if isinstance(low, datetime.date) and isinstance(high, datetime.date):
        days = high.toordinal() - low.toordinal()
        return _evenly(days, lambda k: datetime.date.fromordinal(low.toordinal() + k))
    if not isinstance(low, int) or not isinstance(high, int) or base in (Base.NUMBER, Base.PERCENT):
        return Opaque("a condition on a number between two others", _middle(low, high))
    if base is Base.INTEGER:
        return _evenly(high - low + 1, lambda k: low + k)
    step = 100 if base is Base.MONEY else 1
    return _evenly((high - low) / step, lambda k: (low + k * step) // step * step)


def _middle(first: Value, last: Value) -> float | None:
    """The mean of what lies evenly between two numbers."""
    return (first + last) / 2 if isinstance(first, int | float) and isinstance(last, int | float) else None


def _evenly(count: float, value: Callable[[int], Value]) -> Origin | Spread:
    if count > MOST:
        mean = _middle(value(0), value(math.ceil(count) - 1))
        return Opaque("a condition on an amount of too many values", mean)
    if count < 1:
        return ((value(0), 1.0),)
    whole = math.ceil(count)
    weights = [1 / count] * whole
    weights[-1] = 1 - (whole - 1) / count
    return tuple((value(k), weight) for k, weight in enumerate(weights))
